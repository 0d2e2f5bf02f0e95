// Opens the evidence of a value beside its mark: as a native popover, in place in a list of facts, or fetched.
// Escape closes it and the focus goes back to the mark, for which the browser's own popover rules do most.

const REMOTE = "remote-evidence";
const openers = new WeakMap(); // the mark that opened each panel

function mark(element, open) {
  if (open) element.setAttribute("aria-expanded", "true");
  else element.removeAttribute("aria-expanded");
}

function showPopover(panel, from) {
  openers.set(panel, from);
  from.focus(); // so that the browser gives the focus back here, also where a click does not focus a link
  panel.showPopover({ source: from });
  mark(from, true);
  panel.scrollTop = 0;
  panel.focus({ preventScroll: true });
}

function toggleInline(panel, from, open) {
  openers.set(panel, from);
  panel.classList.toggle("is-open", open);
  mark(from, open);
  if (open) {
    panel.focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  } else from.focus();
}

async function fetchPanel(from) {
  const panel = document.getElementById(REMOTE);
  const answer = await fetch(from.href, { headers: { "X-Fragment": "panel" } });
  if (!answer.ok) throw new Error(String(answer.status));
  panel.innerHTML = await answer.text();
  return panel;
}

// In a list of facts the panel that was fetched opens in place, below its fact, and stays there for the next time.
async function fetchInto(from, fact) {
  const panel = await fetchPanel(from);
  const place = document.createElement("dd");
  place.className = "inset";
  const own = document.createElement("div");
  own.className = "panel";
  own.tabIndex = -1;
  own.setAttribute("role", "group");
  own.append(...panel.childNodes);
  const title = own.querySelector(".panel-title");
  if (title?.id) own.setAttribute("aria-labelledby", title.id);
  place.append(own);
  fact.append(place);
  return own;
}

function markOf(panel) {
  return openers.get(panel) ?? document.getElementById(`m-${panel.id}`);
}

function onMark(event, from) {
  if (from.hasAttribute("data-remote")) {
    event.preventDefault();
    const fact = from.closest(".facts > div");
    if (fact) {
      const there = fact.querySelector(":scope > .inset > .panel");
      if (there) toggleInline(there, from, !there.classList.contains("is-open"));
      else fetchInto(from, fact).then((panel) => toggleInline(panel, from, true), () => window.location.assign(from.href));
      return;
    }
    fetchPanel(from).then((panel) => showPopover(panel, from), () => window.location.assign(from.href));
    return;
  }
  const panel = from.hash && document.getElementById(from.hash.slice(1));
  if (!panel) return;
  if (panel.popover) {
    if (typeof panel.showPopover !== "function") return;
    event.preventDefault();
    if (panel.matches(":popover-open")) panel.hidePopover();
    else showPopover(panel, from);
  } else if (panel.closest(".inset")) {
    event.preventDefault();
    toggleInline(panel, from, !panel.classList.contains("is-open"));
  }
}

function onClose(event, link) {
  const panel = link.closest(".panel");
  event.preventDefault();
  if (panel.popover) panel.hidePopover();
  else toggleInline(panel, markOf(panel), false);
}

export function startEvidence(root) {
  root.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const close = event.target.closest("[data-close]");
    if (close) return onClose(event, close);
    const from = event.target.closest("a.ev");
    if (from) onMark(event, from);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const panel = event.target.closest?.(".inset .panel.is-open");
    if (panel) toggleInline(panel, markOf(panel), false);
  });
  root.addEventListener("beforetoggle", (event) => {
    const from = openers.get(event.target);
    if (from && event.newState === "closed") mark(from, false);
  }, true);
  openAddressed(root);
}

// An address that names a panel: a permanent link, or a page that was opened before the script was there.
function openAddressed(root) {
  const id = window.location.hash.slice(1);
  const panel = id.startsWith("e-") && root.getElementById(id);
  if (!panel) return;
  const from = markOf(panel);
  if (!from) return;
  from.scrollIntoView({ block: "center" });
  if (panel.popover) showPopover(panel, from);
  else toggleInline(panel, from, true);
}
