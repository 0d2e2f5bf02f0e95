// The list in step with its address and its map. Without this file the list works by plain links and a form.
import { startMap } from "./map.js";

const RESULTS = "results";

// Links that change the list fetch only the list; the address changes with it, and the focus stays where one was.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(`#${RESULTS} a[data-part], #${RESULTS} .paging a`);
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link.href, link.closest(".paging") ? "list" : describe(link));
});
window.addEventListener("popstate", () => show(window.location.href, null, false));
document.addEventListener("htmx:after:swap", () => afterSwap(null));

function describe(link) {
  const section = link.closest("section");
  return section ? { section: section.getAttribute("aria-labelledby"), label: link.querySelector(".f-label")?.lastChild?.textContent } : "list";
}

let asked = 0;
async function show(url, focus, push = true) {
  const mine = ++asked;
  const results = document.getElementById(RESULTS);
  const open = results.querySelector("#facets:popover-open") !== null;
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (mine !== asked) return;
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const fresh = holder.content.getElementById(RESULTS);
    const kept = fresh.querySelector("#kept");
    kept.removeAttribute("hx-swap-oob");
    document.querySelector("#finder #kept").replaceWith(kept);
    results.replaceWith(fresh);
    if (push) history.pushState({}, "", url);
    fields(new URL(url, window.location.href).searchParams);
    if (open) document.getElementById("facets").showPopover();
    afterSwap(focus);
  } catch {
    window.location.assign(url);
  }
}

function fields(params) {
  const form = document.getElementById("finder");
  for (const [name, usual] of [["q", ""], ["near", ""], ["within", "25"], ["definition", ""]]) {
    const field = form.elements[name];
    if (document.activeElement === field) continue;
    field.value = params.get(name) ?? usual;
    if (name === "within" && field.selectedIndex < 0) field.value = usual;
  }
}

function afterSwap(focus) {
  if (focus === "list") {
    const first = document.querySelector(".hits-sentence");
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "nearest" });
  } else if (focus) {
    const section = document.querySelector(`section[aria-labelledby="${CSS.escape(focus.section)}"]`);
    const again = [...(section?.querySelectorAll("a") ?? [])].find((a) => a.querySelector(".f-label")?.lastChild?.textContent === focus.label);
    (again ?? document.querySelector(".hits-sentence"))?.focus({ preventScroll: true });
  }
  startMap();
}

startMap();
