// The planners' page with scripts: the answer on a map, its rows and shapes lit together, drawing, copying.
/* global L */
import { boxOf } from "../map/address.js";
import { createMap, showBounds, still } from "../map/create.js";
import { FeatureLayers } from "../map/features.js";
import { drawGround, loadGround } from "../map/ground.js";
import { placeNames } from "../map/names.js";
import { Note } from "../map/note.js";
import { Pins } from "../map/pins.js";
import { BaseMaps } from "../map/tiles.js";
import { wireArea } from "./area.js";
import { wireCopy } from "./copy.js";
import { AnswerShapes } from "./shapes.js";

const setup = JSON.parse(document.getElementById("plan-setup").textContent);
const box = document.getElementById("map");
const frame = document.getElementById("plan-map");
const panel = document.getElementById("layers-panel");
const note = new Note(document.getElementById("map-note"), panel);
const lit = document.getElementById("plan-lit");
const { words } = setup;
const WIDE = window.matchMedia("(min-width: 62em)");

document.querySelector(".plan-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
const map = createMap(box, setup.bounds);
const bases = new BaseMaps(map, box, setup.base_maps, (sentence) => say(sentence, "base"));
place();
const shapes = setup.shapes.length ? new AnswerShapes(map, setup.shapes, { light, go, takes }, "map-note") : null;
const pins = new Pins(map, setup.sprite, words, { pick: () => false, light: () => {}, open });
if (setup.within) L.polygon(setup.within[0].map(([lon, lat]) => [lat, lon]), { className: "a-within", interactive: false }).addTo(map);
wireArea(map, frame, document.querySelector("[data-draw]"), words); // its clicks are taken before the layers' turn
const features = setup.layers ? new FeatureLayers(map, setup.painter, setup.layers, (why, slug) => say(why || words.failed, slug)) : null;
features?.wire([...document.querySelectorAll("#layers-panel input[name=features]")], () => {});
features?.follow((new URLSearchParams(window.location.search).get("layers") || "").split(","));
let asked = null;

/** Where the map looks: as it was left on this entry of the history, else the drawn area, the shapes, the whole. */
function place() {
  const kept = viewOf(window.location.hash);
  const positions = setup.within ? setup.within[0] : setup.shapes.flatMap((shape) => flat(shape.geometry));
  const asked_box = boxOf(new URLSearchParams(window.location.search));
  if (kept) map.setView([kept.lat, kept.lon], kept.zoom, { animate: false });
  else if (asked_box) showBounds(map, asked_box);
  else if (positions.length) showAnswer(boundsOf(positions));
  else showBounds(map, setup.bounds);
}

/** A part of the municipality is kept clear of the buttons that stand over the map's upper edge on a large screen. */
function showAnswer(bounds) {
  const part = bounds[3] - bounds[1] < 0.8 * (setup.bounds[3] - setup.bounds[1]);
  showBounds(map, bounds, { above: part && WIDE.matches ? 48 : 0, below: 0 });
}

function boundsOf(positions) {
  const lons = positions.map(([lon]) => lon);
  const lats = positions.map(([, lat]) => lat);
  return [lons.reduce((a, b) => Math.min(a, b)), lats.reduce((a, b) => Math.min(a, b)), lons.reduce((a, b) => Math.max(a, b)), lats.reduce((a, b) => Math.max(a, b))];
}

function flat(geometry) {
  if (geometry.geometries) return geometry.geometries.flatMap(flat);
  const walk = (value) => (typeof value[0] === "number" ? [value] : value.flatMap(walk));
  return walk(geometry.coordinates);
}

function viewOf(hash) {
  const parts = (hash.match(/^#map=([-\d.]+),([-\d.]+),([\d.]+)$/) || []).slice(1).map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? { lon: parts[0], lat: parts[1], zoom: parts[2] } : null;
}

/** The answer comes first: its question is folded, unless this person left one open in this tab on a large screen. */
function foldQuestion() {
  const question = document.querySelector("[data-question]");
  if ("answered" in question.dataset && !(WIDE.matches && window.sessionStorage.getItem("question") === "open")) question.open = false;
  delete question.dataset.answered;
  question.addEventListener("toggle", () => window.sessionStorage.setItem("question", question.open ? "open" : ""));
}

/** Lights a row and its shape up, and only them. */
function light(row) {
  shapes?.light(row);
  const shape = setup.shapes.find((each) => each.row === row);
  lit.textContent = shape ? shape.name : "";
  lit.hidden = !shape;
  for (const line of document.querySelectorAll("tr[data-row]")) line.classList.toggle("is-on", row !== null && line.dataset.row === String(row));
}

/** From a shape to its row. */
function go(row) {
  const line = document.getElementById(`row-${row}`);
  light(row);
  if (!line) return;
  line.scrollIntoView({ block: "center", behavior: still() ? "auto" : "smooth" });
  (line.querySelector("[data-show]") || line.querySelector("a"))?.focus({ preventScroll: true });
}

/** Layers lie under the answer, and were switched on to be asked: what they say comes before the shape that covers it. */
function takes(at) {
  return Boolean(features?.open(at));
}

function open(group) {
  const [west, south, east, north] = group.box;
  if (map.getZoom() >= map.getMaxZoom() || (west === east && south === north)) map.setView([group.lat, group.lon], map.getMaxZoom(), { animate: !still() });
  else map.fitBounds([[south, west], [north, east]], { padding: [60, 60], maxZoom: 18, animate: !still() });
}

/** The reports of the question in this view; a later question overtakes an earlier one. */
async function load() {
  asked?.abort();
  if (!document.getElementById("show-reports").checked) {
    pins.show([], []);
    return;
  }
  asked = new AbortController();
  const { signal } = asked;
  const b = map.getBounds();
  const view = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(5)).join(",");
  try {
    const answer = await fetch(`${setup.features}&view=${view}&zoom=${Math.floor(map.getZoom() * 2) / 2}`, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    if (signal.aborted) return;
    pins.show(found.pins, found.clusters);
    if (map.getPane("groundNames")) placeNames(map);
    say("");
  } catch (error) {
    if (error.name !== "AbortError") say(words.failed);
  }
}

function say(sentence, who) {
  note.say(sentence, who);
}

function wireTools() {
  const toggle = document.getElementById("layers-toggle");
  const show = (wanted) => {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
  };
  document.getElementById("zoom-in").addEventListener("click", () => map.zoomIn());
  document.getElementById("zoom-out").addEventListener("click", () => map.zoomOut());
  document.getElementById("whole").addEventListener("click", () => showBounds(map, setup.bounds, undefined, true));
  toggle.addEventListener("click", () => show(panel.hidden));
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    show(false);
    toggle.focus();
  });
  panel.addEventListener("change", (event) => {
    if (event.target.name === "base") bases.choose(event.target.value);
    if (event.target.id === "show-shapes") shapes?.show(event.target.checked);
    if (event.target.id === "show-reports") load();
  });
  for (const choice of panel.querySelectorAll("input[name=base]")) choice.checked = choice.value === bases.slug;
}

for (const [name, lit] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
  document.querySelector("[data-table]")?.addEventListener(name, (event) => {
    const line = event.target.closest("tr[data-row]");
    if (line) light(lit ? Number(line.dataset.row) : null);
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  frame.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
  shapes?.find(Number(button.dataset.show));
});
foldQuestion();
document.getElementById("errors")?.focus();

async function start() {
  if (!setup.shapes.length) document.getElementById("show-reports").checked = true;
  bases.start();
  wireTools();
  wireCopy(words);
  map.on("moveend", () => {
    const c = map.getCenter();
    window.history.replaceState(window.history.state, "", `#map=${c.lng.toFixed(5)},${c.lat.toFixed(5)},${map.getZoom()}`);
    load();
  });
  await load();
  await loadGround(setup.ground).then((ground) => drawGround(map, ground, setup.sprite)).catch(() => say(words.failed));
  box.dataset.ready = "true";
}

start();
