// The map that moves: MapLibre, fetched only for wide windows when the page is quiet, or when the reader asks.
// The drawing that the server made stays until the map is there, and for good where it cannot run.

const REACH = 4; // pixels around a click in which a dot is meant
const MOST = 6; // names in one popup
const LETTERS = 13; // pixels; the names of towns
const ROOM = 4; // pixels between a name and the edge of the map, or another name
let library; // one copy for all lists of this page
let ground;
let live; // { map, element }

export function startMap() {
  const figure = document.getElementById("map");
  if (!figure || figure.dataset.started) return;
  figure.dataset.started = "1";
  if (live) return void move(figure);
  const button = figure.querySelector(".map-move");
  button.hidden = false;
  button.addEventListener("click", () => open(figure, true));
  const saving = navigator.connection?.saveData;
  if (!saving && window.matchMedia("(min-width: 70.01rem)").matches) {
    const idle = window.requestIdleCallback ?? ((f) => setTimeout(f, 300));
    idle(() => open(figure, false), { timeout: 400 });
  }
}

async function open(figure, focus) {
  try {
    library ??= await import(figure.dataset.script);
    library.setWorkerUrl(new URL(figure.dataset.worker, window.location.href).href);
    ground ??= await (await fetch(figure.dataset.ground)).json();
    const current = document.getElementById("map");
    if (!live) await draw(current);
    if (focus) live.map.getCanvas().focus();
  } catch (error) {
    live = undefined;
    figure.querySelector(".map-say").append(" The map that moves cannot run in this browser; the drawing and the list have the same.");
    figure.querySelector(".map-move").hidden = true;
  }
}

function colours() {
  const probe = document.createElement("i");
  document.body.append(probe);
  const found = {};
  for (const name of ["paper", "land", "area-a", "area-b", "teal", "accent", "ink", "ink-2", "on-fill"]) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

function style(c) {
  const area = (kind, colour) => ({ id: kind, type: "fill", source: "ground", filter: ["==", ["get", "kind"], kind], paint: { "fill-color": colour } });
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: ground },
      circle: { type: "geojson", tolerance: 0, data: { type: "FeatureCollection", features: [] } },
      towns: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      hits: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": c.paper } },
      area("land", c.land), area("area-a", c["area-a"]), area("area-b", c["area-b"]),
      { id: "edges", type: "line", source: "ground", filter: ["in", ["get", "kind"], ["literal", ["area-a", "area-b"]]], paint: { "line-color": c.paper, "line-width": 1.2 } },
      { id: "circle", type: "line", source: "circle", paint: { "line-color": c.accent, "line-width": 1.8 } },
      { id: "hits", type: "circle", source: "hits", paint: { "circle-color": c.teal, "circle-opacity": 0.85, "circle-radius": ["interpolate", ["linear"], ["zoom"], 6, 1.9, 9, 4.2, 12, 6], "circle-stroke-color": c.paper, "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 0, 10, 1.2] } },
      { id: "towns", type: "symbol", source: "towns", layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": LETTERS, "text-anchor": ["get", "anchor"], "text-offset": ["match", ["get", "anchor"], "left", ["literal", [0.5, 0]], "right", ["literal", [-0.5, 0]], "bottom", ["literal", [0, -0.5]], ["literal", [0, 0.5]]], "text-allow-overlap": true }, paint: { "text-color": c.ink, "text-halo-color": c["area-b"], "text-halo-width": 1.8 } },
      { id: "here", type: "circle", source: "hits", filter: ["==", ["get", "uid"], ""], paint: { "circle-color": c.accent, "circle-radius": 8, "circle-stroke-color": c.paper, "circle-stroke-width": 2 } },
    ],
  };
}

async function draw(figure) {
  const element = figure.querySelector(".map-live");
  const still = figure.querySelector(".map-still");
  element.style.height = `${Math.max(300, still.clientHeight)}px`;
  element.classList.add("is-coming"); // laid out, not seen: the drawing stays until the map is whole
  element.hidden = false;
  const box = bounds(ground.features.filter((f) => f.properties.kind.startsWith("area")));
  const map = new library.Map({
    container: element, style: style(colours()), bounds: box, fitBoundsOptions: { padding: 8 }, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, maxZoom: 16, minZoom: 4, fadeDuration: 0, cooperativeGestures: false, renderWorldCopies: false,
  });
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", "Map of the organisations found. Arrow keys move it, plus and minus zoom. The list beside it has the same.");
  live = { map, element };
  tools(element, map);
  await new Promise((done, fail) => {
    map.once("load", done);
    map.once("error", (e) => (e.error && !map.loaded() ? fail(e.error) : undefined));
  });
  listen(map);
  figure.querySelector(".map-move").hidden = true;
  await fill(figure);
  await new Promise((done) => map.once("idle", done));
  element.classList.remove("is-coming");
  still.hidden = true;
  figure.dataset.live = "1";
  for (const media of [matchMedia("(prefers-color-scheme: dark)")]) media.addEventListener("change", () => repaint(map));
}

function repaint(map) {
  for (const layer of style(colours()).layers) for (const [name, value] of Object.entries(layer.paint)) map.setPaintProperty(layer.id, name, value);
}

function tools(element, map) {
  const bar = document.createElement("div");
  bar.className = "map-tools";
  for (const [text, label, act] of [["+", "Zoom in", () => map.zoomIn()], ["−", "Zoom out", () => map.zoomOut()]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    bar.append(button);
  }
  element.append(bar);
}

let filled = 0;
async function fill(figure) {
  const mine = ++filled;
  const answer = await fetch(figure.dataset.points);
  const hits = collection(await answer.json());
  if (mine !== filled) return; // a later list was asked for while this one was on its way
  live.map.getSource("hits").setData(hits);
  const drawn = circle(figure.dataset.circle);
  live.map.getSource("circle").setData({ type: "FeatureCollection", features: drawn });
  const shown = drawn.length ? drawn : hits.features;
  if (shown.length && new URL(figure.dataset.points, window.location.href).search.length > 1) {
    live.map.fitBounds(bounds(shown), { padding: drawn.length ? 12 : 40, maxZoom: 13, animate: false });
  }
}

// The points come short: twelve letters of each uid, the longitude, and how much farther north than the one before.
function collection({ kind, per_degree, uids, at }) {
  let north = 0;
  const features = Array.from({ length: at.length / 2 }, (_, i) => {
    const uid = kind + uids.slice(12 * i, 12 * i + 12).match(/.{4}/g).join("-");
    north += at[2 * i + 1];
    return { type: "Feature", properties: { uid }, geometry: { type: "Point", coordinates: [at[2 * i] / per_degree, north / per_degree] } };
  });
  return { type: "FeatureCollection", features };
}

// The circle that was asked about: "longitude latitude kilometres".
function circle(text) {
  if (!text) return [];
  const [x, y, km] = text.split(" ").map(Number);
  const ring = Array.from({ length: 73 }, (_, i) => {
    const turn = (i / 72) * 2 * Math.PI;
    return [x + (km / 111.32 / Math.cos((y * Math.PI) / 180)) * Math.cos(turn), y + (km / 111.32) * Math.sin(turn)];
  });
  return [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ring } }];
}

function bounds(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (c) => {
    if (typeof c[0] !== "number") return c.forEach(add);
    box[0] = Math.min(box[0], c[0]); box[1] = Math.min(box[1], c[1]); box[2] = Math.max(box[2], c[0]); box[3] = Math.max(box[3], c[1]);
  };
  features.forEach((f) => add(f.geometry.coordinates));
  return box;
}

// A new list: the same map moves over to it, so that nothing is loaded twice.
async function move(figure) {
  const fresh = figure.querySelector(".map-live");
  fresh.replaceWith(live.element);
  figure.querySelector(".map-still").hidden = true;
  live.map.resize();
  await fill(figure);
  figure.dataset.live = "1";
}

// Where names may stand, each with all of it within the frame and clear of the others; one that fits nowhere is left out.
// (The library would cut a name in two at the edge.) `towns` have `name`, `x` and `y`, those that matter first; `wide`
// measures a name; `taken` are boxes to keep clear of: left, top, right, bottom, in pixels.
export function place(towns, wide, width, height, taken) {
  const found = [];
  const boxes = [...taken];
  const [high, off] = [LETTERS + 2 * ROOM, LETTERS / 2 - ROOM];
  for (const town of towns) {
    const { x, y } = town;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const long = wide(town.name) + 2 * ROOM;
    const corners = { left: [x + off, y - high / 2], right: [x - off - long, y - high / 2], bottom: [x - long / 2, y - off - high], top: [x - long / 2, y + off] };
    for (const [anchor, [left, top]] of Object.entries(corners)) {
      const box = [left, top, left + long, top + high];
      if (left < 0 || top < 0 || box[2] > width || box[3] > height) continue;
      if (boxes.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) continue;
      boxes.push(box);
      found.push({ ...town, anchor, box });
      break;
    }
  }
  return found;
}

function label(map) {
  const frame = map.getContainer();
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${LETTERS}px sans-serif`;
  const bar = frame.querySelector(".map-tools");
  const towns = ground.features.filter((f) => f.properties.kind === "town").sort((a, b) => a.properties.minor - b.properties.minor)
    .map(({ properties: { name }, geometry }) => ({ name, geometry, ...map.project(geometry.coordinates) }));
  const tools = [bar.offsetLeft, bar.offsetTop, bar.offsetLeft + bar.offsetWidth, bar.offsetTop + bar.offsetHeight];
  const placed = place(towns, (name) => pen.measureText(name).width, frame.clientWidth, frame.clientHeight, [tools]);
  const features = placed.map(({ name, anchor, geometry }) => ({ type: "Feature", properties: { name, anchor }, geometry }));
  map.getSource("towns").setData({ type: "FeatureCollection", features });
}

function listen(map) {
  label(map);
  map.on("moveend", () => label(map));
  map.on("resize", () => label(map));
  map.on("idle", () => document.getElementById("map")?.dispatchEvent(new Event("map-idle")));
  map.on("click", (event) => {
    const { x, y } = event.point;
    const around = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    const found = new Map(map.queryRenderedFeatures(around, { layers: ["hits"] }).map((f) => [f.properties.uid, f]));
    if (!found.size) return;
    const [first] = found.values();
    new library.Popup({ closeButton: false, offset: 10 }).setLngLat(first.geometry.coordinates).setDOMContent(names([...found.keys()])).addTo(map);
    here(first.properties.uid, true);
  });
  map.on("mouseenter", "hits", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "hits", () => { map.getCanvas().style.cursor = ""; });
  const follow = (event) => here(event.target.closest?.("#results tr[data-uid]")?.dataset.uid ?? "", false);
  document.addEventListener("pointerover", follow);
  document.addEventListener("focusin", follow);
}

// Organisations at a place: several may share a building.
function names(uids) {
  const list = document.createElement("ul");
  const links = new Map(uids.slice(0, MOST).map((uid) => [uid, document.createElement("a")]));
  for (const [uid, link] of links) {
    link.href = `/organisations/${encodeURIComponent(uid)}`;
    link.textContent = uid; // until its name is there
    entry(list).append(link);
  }
  if (uids.length > MOST) entry(list).textContent = `and ${uids.length - MOST} more here: zoom in`;
  const asked = new URLSearchParams([...links.keys()].map((uid) => ["uid", uid]));
  fetch(`${document.getElementById("map").dataset.names}?${asked}`).then((answer) => answer.json()).then((known) => {
    for (const [uid, link] of links) link.textContent = known[uid] ?? uid;
  }).catch(() => undefined); // the links work without
  return list;
}

function entry(list) {
  return list.appendChild(document.createElement("li"));
}

let shown = "";
function here(uid, scroll) {
  if (uid === shown) return;
  shown = uid;
  live.map.setFilter("here", ["==", ["get", "uid"], uid]);
  for (const row of document.querySelectorAll("tr.is-here")) row.classList.remove("is-here");
  if (!scroll) return;
  const row = document.querySelector(`tr[data-uid="${CSS.escape(uid)}"]`);
  row?.classList.add("is-here");
  row?.scrollIntoView({ block: "nearest" });
}
