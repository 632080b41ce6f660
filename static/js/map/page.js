// The map page: one question to the server answers pins, shapes, list, counts and legend together.
/* global L */
import { boxOf, memory, push, query, remember, replace, setView, viewOf } from "./address.js";
import { breathe, createMap, showBounds, still } from "./create.js";
import { drawGround, loadGround } from "./ground.js";
import { Here } from "./here.js";
import { wireLegend } from "./legend.js";
import { List } from "./list.js";
import { locate, showMe } from "./locate.js";
import { placeNames } from "./names.js";
import { Note } from "./note.js";
import { Picked } from "./picked.js";
import { Pins } from "./pins.js";
import { Shapes } from "./projects.js";
import { wireSearch } from "./search.js";
import { narrow, Sheet } from "./sheet.js";
import { BaseMaps } from "./tiles.js";
import { wireTools } from "./tools.js";
import { Zones } from "./zones.js";

const box = document.getElementById("map");
const side = document.getElementById("side");
const setup = JSON.parse(document.getElementById("map-setup").textContent);
const { words, sprite } = setup;
const panel = document.getElementById("layers-panel");
const note = new Note(document.getElementById("map-note"), panel);

let params = query();
let asked = null;
let quiet = false;
let features = null;

const map = createMap(box, setup.bounds);
const grip = side.querySelector(".sheet-grip");
const sheet = new Sheet(side, grip, () => remember({ sheet: sheet.step }));
const list = new List(side, { light: (ref) => lightUp(ref, false) });
const pins = new Pins(map, sprite, words, { pick, light: (ref) => lightUp(ref, !narrow()), open });
const shapes = new Shapes(map, (ref) => lightUp(ref, !narrow()));
const bases = new BaseMaps(map, box, setup.base_maps, (sentence) => say(sentence, "base"));
const picked = new Picked(side, setup.card, words, (ref) => (ref ? step(ref) : unpick()));
const zones = setup.areas
  ? new Zones(map, setup, panel, document.getElementById("area-card"), { params: () => params, only: filter, switched, opened: () => tools.fold(), failed: () => say(words.failed, "areas") })
  : null;
const here = new Here(side, setup.here, { closed: () => window.history.back(), failed: () => say(words.failed) });

function lightUp(ref, reveal) {
  list.light(ref || pins.picked, reveal);
  pins.light(ref || pins.picked);
  shapes.light(ref || pins.picked);
}

/** A sign was activated. Returns true where the link is not to be followed yet. */
function pick(pin, byKeyboard) {
  if (byKeyboard || pins.picked === pin.ref || !setup.card) {
    leave(pin.ref, true);
    return false;
  }
  pins.pick(pin.ref);
  list.light(pin.ref, !narrow());
  remember({ picked: pin.ref });
  if (narrow()) {
    picked.show(pin.ref);
    keepInSight(pin);
  }
  return true;
}

/** The next or previous sign of the list, from the card. */
function step(by) {
  const all = [...pins.pins.values()];
  const at = all.findIndex((pin) => pin.ref === pins.picked);
  const next = all[(at + (by === "next" ? 1 : -1) + all.length) % all.length];
  if (next) {
    pins.picked = null;
    pick(next, false);
  }
}

function unpick() {
  const last = pins.picked;
  pins.pick(null);
  list.light(null);
  picked.hide();
  remember({ picked: null });
  if (last) pins.focus(last);
}

function keepInSight(pin) {
  requestAnimationFrame(() => {
    quiet = true;
    map.panInside([pin.lat, pin.lon], { paddingTopLeft: [60, 150], paddingBottomRight: [60, sheet.room + 40], animate: !still() });
    setTimeout(() => (quiet = false), 400);
  });
}

/** A group was activated: nearer to it, or its list where nothing can be parted. */
function open(group) {
  const most = map.getMaxZoom();
  if (group.here && (group.coincide || map.getZoom() >= most)) {
    openHere(group);
    return;
  }
  const [west, south, east, north] = group.box;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const room = { paddingTopLeft: [60, 120], paddingBottomRight: [60, 60 + sheet.room] };
  // Where only sums are known, the box is one of cells' middles: not too near at once.
  const nearest = group.here ? most : Math.min(most, map.getZoom() + 3);
  if (map.getBoundsZoom(bounds, false, L.point(120, 180 + sheet.room)) <= map.getZoom()) {
    map.setView([group.lat, group.lon], Math.min(most, map.getZoom() + 1), { animate: !still() });
  } else map.fitBounds(bounds, { ...room, maxZoom: nearest, animate: !still() });
}

async function openHere(group) {
  if (!(await here.show(group.here, params))) return;
  const before = { cluster: [group.lat, group.lon], focus: null };
  if (memory().here) replace(params, { ...memory(), here: group.here });
  else {
    remember(before);
    push(params, { here: group.here, sheet: 2 });
  }
  if (narrow()) sheet.set(2);
}

/** Asks the server for what the address now says and shows it; a later question overtakes an earlier one. */
async function load() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const wanted = new URLSearchParams(params);
  wanted.set("zoom", String(Math.floor(map.getZoom() * 2) / 2));
  wanted.delete("at");
  wanted.delete("layers");
  try {
    const answer = await fetch(`${setup.features}?${wanted}`, { signal, cache: "no-cache", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (signal.aborted) return;
    pins.show(found.pins, found.clusters);
    shapes.show(found.shapes);
    if (map.getPane("groundNames")) placeNames(map);
    await breathe();
    if (signal.aborted) return;
    list.show(found.parts);
    lightUp(pins.picked, false);
    zones?.mark();
    say("");
    document.dispatchEvent(new CustomEvent("map:shown"));
  } catch (error) {
    if (error.name !== "AbortError") say(words.failed);
  }
}

function say(sentence, who) {
  note.say(sentence, who);
}

/** A filter was chosen: `next` becomes the query; the view and the layers that are switched on stay. */
function filter(next) {
  const layers = params.get("layers");
  params = next;
  if (layers) params.set("layers", layers);
  setView(params, map);
  push(params, { scroll: 0, sheet: sheet.step });
  list.scroll = 0;
  here.hide();
  zones?.again();
  return load();
}

/** Layers of features, where there are some; those that the address names are shown. */
async function wireFeatures() {
  if (!setup.layers) return;
  const { FeatureLayers } = await import("./features.js");
  features = new FeatureLayers(map, setup.painter, setup.layers, (why, slug) => say(why || words.failed, slug));
  features.wire([...document.querySelectorAll("#layers-panel input[name=features]")], switched);
  await features.follow((params.get("layers") || "").split(","));
}

/** Layers were switched on or off: the address says which. */
function switched() {
  const keys = [...(zones?.keys || []), ...(features?.keys || [])];
  if (keys.length) params.set("layers", keys.join(","));
  else params.delete("layers");
  replace(params, memory());
}

function moved() {
  if (quiet) return;
  if (tools.following) search_here();
  else tools.offer(true);
}

function search_here() {
  tools.offer(false);
  setView(params, map);
  replace(params, { ...memory() });
  load();
}

/** The page is left by a row of the list, or by a sign: the focus comes back to where it was. */
function leave(ref, bySign = false) {
  remember({ scroll: list.scroll, focus: ref, bySign });
}

const tools = wireTools(map, box, bases, words, {
  again: search_here,
  whole: () => showBounds(map, setup.bounds, sheet.covered, true),
  locate: () =>
    locate(
      (place) => {
        showMe(map, place, words.here);
        map.setView([place.lat, place.lon], 16, { animate: !still() });
      },
      () => say(words.no_position),
    ),
});
wireLegend(side, () => params, filter);
wireSearch(document.querySelector(".map-search form"), setup, words, {
  filter: (next) => filter(next),
  params: () => params,
  go: (bounds) => {
    quiet = true;
    showBounds(map, bounds, sheet.covered, false);
    quiet = false;
  },
});

function place(from) {
  const view = viewOf(from);
  const wanted = boxOf(from);
  if (view) map.setView([view.lat, view.lon], view.zoom, { animate: false });
  else showBounds(map, wanted || setup.bounds, sheet.covered);
}

window.addEventListener("popstate", async () => {
  params = query();
  quiet = true;
  place(params);
  quiet = false;
  picked.hide();
  here.hide();
  if (narrow()) sheet.set(memory().sheet ?? sheet.first);
  zones?.follow();
  features?.follow((params.get("layers") || "").split(","));
  zones?.again();
  await load();
  await restore();
});

/** Puts scroll, focus and the picked sign back to what this entry of the history remembers. */
async function restore() {
  const old = memory();
  if (old.here) await here.show(old.here, params);
  if (old.picked) {
    pins.pick(old.picked);
    if (narrow() && setup.card) picked.show(old.picked);
  }
  if (old.scroll) {
    sheet.read(); // each row as high as it was
    list.scroll = old.scroll;
  }
  if (old.focus) (old.bySign && pins.focus(old.focus)) || list.focus(old.focus) || pins.focus(old.focus);
  else if (old.cluster && !old.here) {
    pins.focusNear(old.cluster);
    remember({ cluster: null });
  }
}

// Followed as an address they would be a step of the history, which asks the server anew.
for (const link of document.querySelectorAll("[data-skip]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector(link.dataset.skip).focus();
  });
}
document.querySelector(".messages-close")?.addEventListener("click", (event) => {
  event.preventDefault();
  event.currentTarget.parentElement.remove();
  box.focus({ preventScroll: true });
});
side.addEventListener("click", (event) => {
  const row = event.target.closest("a[data-ref]");
  if (row) leave(row.dataset.ref);
});
window.addEventListener("pagehide", () => remember({ scroll: list.scroll }));
map.on("click", () => pins.picked && unpick());

async function start() {
  const old = memory();
  const ground = loadGround(setup.ground);
  await breathe();
  if (narrow()) {
    sheet.set(old.sheet ?? sheet.first);
  }
  place(params);
  await breathe();
  bases.start();
  tools.ready();
  if (!params.has("bbox")) setView(params, map);
  const drawn = ground.then((found) => drawGround(map, found, sprite));
  const areas = Promise.all([zones?.follow(), wireFeatures()]);
  await load();
  await restore();
  replace(params, memory());
  map.on("moveend", moved);
  await drawn.catch(() => say(words.failed));
  await areas;
  box.dataset.ready = "true";
}

start();
