// Judging by keys without waiting: the next pair is fetched while this one is read, and shown at once; the judgement is
// sent meanwhile, one after the other. What the server refuses brings its pair back with the reason. Without this
// module everything works by forms and links.

const KEYS = "link-review-keys";
const pages = new Map(); // address -> the page, fetched ahead
let sending = Promise.resolve(); // judgements are sent in the order in which they were made
let waits = 0; // judgements on their way

const here = () => document.querySelector(".review");
const keysOn = () => localStorage.getItem(KEYS) !== "off";

function say(text) {
  let place = document.getElementById("links-said");
  if (!place) {
    place = document.createElement("p");
    place.id = "links-said";
    place.className = "vh";
    place.setAttribute("role", "status");
    document.getElementById("main").append(place);
  }
  place.textContent = text;
}

async function read(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { page, url: answer.url, status: answer.status };
}

function ahead(url) {
  if (!url) return null;
  if (!pages.has(url)) {
    const coming = fetch(url, { headers: { Accept: "text/html" } }).then(read);
    coming.catch(() => pages.delete(url));
    pages.set(url, coming);
  }
  return pages.get(url);
}

// The page's own part: lines of work, list and pair; and the panels of its evidence, which stand at its end.
function show(found, { push = true } = {}) {
  const desk = found.page.querySelector(".desk");
  if (!desk) return location.assign(found.url);
  document.querySelector(".desk").replaceWith(document.importNode(desk, true));
  for (const old of document.querySelectorAll("body > .panel:not(#remote-evidence)")) old.remove();
  for (const panel of found.page.querySelectorAll("body > .panel:not(#remote-evidence)")) document.body.append(document.importNode(panel, true));
  document.title = found.page.title;
  if (push) history.pushState({}, "", found.url);
  window.scrollTo(0, 0);
  (document.getElementById("problems") ?? document.getElementById("review-h"))?.focus({ preventScroll: true });
  prepare();
  return undefined;
}

// What changed around the pair that is shown by now: how many wait, the list at the side, what can be undone.
function refresh(found) {
  for (const part of [".desk-side", "#links-last"]) {
    const fresh = found.page.querySelector(part);
    const old = document.querySelector(part);
    if (fresh && old) old.replaceWith(document.importNode(fresh, true));
  }
  const review = found.page.querySelector(".review");
  if (review && here()) Object.assign(here().dataset, review.dataset); // at the end of the queue: where it goes on
}

async function go(url, push = true) {
  if (!url) return;
  try {
    const found = await ahead(url);
    pages.delete(url);
    show(found, { push });
  } catch {
    location.assign(url);
  }
}

function judge(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button.name) body.set(button.name, button.value);
  const next = here()?.dataset.next;
  const undoing = button.dataset.key === "z";
  const word = button.firstChild.textContent.trim();
  waits += 1;
  sending = sending.then(() => send(form.action, body, undoing, word)).catch(() => failed(form, body));
  if (!undoing && next) go(next);
}

async function send(action, body, undoing, word) {
  const found = await read(await fetch(action, { method: "POST", body, headers: { Accept: "text/html" } }));
  waits -= 1;
  if (undoing || found.status >= 400) pages.clear(); // what was fetched before does not know of it
  if (found.status >= 400 || undoing) show(found);
  else if (new URL(found.url).pathname === location.pathname) refresh(found);
  else if (!here() || waits === 0) refresh(found);
  if (found.status < 400) say(undoing ? "Taken back" : `Written down: ${word}`);
  if (!found.page.querySelector(".review") && waits === 0 && found.status < 400) show(found);
  prepare();
}

function failed(form, body) {
  waits -= 1;
  say("The judgement could not be sent. It is tried again with the whole page.");
  for (const [name, value] of body) {
    if (form.elements[name]?.type === "hidden") continue;
    const field = document.createElement("input");
    [field.type, field.name, field.value] = ["hidden", name, value];
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

function prepare() {
  ahead(here()?.dataset.next);
  const on = document.getElementById("keys-switch");
  if (on) {
    on.hidden = false;
    on.textContent = keysOn() ? "Turn the keys off" : "Turn the keys on";
  }
}

function key(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
  if (event.target.closest?.("input:not([type=hidden]), textarea, select, [contenteditable]")) return;
  if (event.key === "?") {
    document.getElementById("all-keys")?.togglePopover();
    event.preventDefault();
    return;
  }
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button || event.repeat || document.querySelector(".panel:popover-open")) return;
  event.preventDefault();
  if (button.tagName === "A") go(button.href);
  else judge(button.form, button);
}

document.addEventListener("keydown", key);
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.key) return;
  event.preventDefault();
  judge(event.target, button);
});
document.addEventListener("click", (event) => {
  if (event.target.id === "keys-switch") {
    localStorage.setItem(KEYS, keysOn() ? "off" : "on");
    prepare();
    return;
  }
  const link = event.target.closest?.("a[data-key]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.href);
});
window.addEventListener("popstate", () => {
  if (here() || document.getElementById("review-h")) go(location.href, false);
});
prepare();
