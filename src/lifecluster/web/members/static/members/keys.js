// Keys of the desk's decisions: one letter each, never while somebody types, and they can be turned off (WCAG 2.1.4).
const KEPT = "members-keys";
const line = document.querySelector("[data-keys]");
const button = line?.querySelector("button");
let on = localStorage.getItem(KEPT) !== "off";

function show() {
  button.setAttribute("aria-pressed", String(on));
  button.textContent = on ? "Keys are on" : "Keys are off";
}

if (line) {
  line.hidden = false;
  show();
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEPT, on ? "on" : "off");
    show();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=hidden]), textarea, select, [contenteditable]");
    if (!on || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const accept = document.querySelector('form[data-key="a"]');
    const act = {
      a: () => accept.requestSubmit(),
      e: () => accept.querySelector("input:not([type=hidden]), textarea, select")?.focus(),
      r: () => document.querySelector('form[data-key="r"] [name=why]').focus(),
      n: () => document.querySelector('a[data-key="n"]')?.click(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
