// Makes every map of the site: one place for limits, keyboard, motion, and the classes that tell the style sheet how far away we are.
/* global L */

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
const LEAST = 11;
const FAR = 11.75;
const MID = 15;

/** A Leaflet map in `box`, framed by `bounds` (west, south, east, north); `options` go to Leaflet. */
export function createMap(box, bounds, options = {}) {
  const frame = L.latLngBounds([bounds[1], bounds[0]], [bounds[3], bounds[2]]);
  const map = L.map(box, {
    zoomControl: false,
    attributionControl: false,
    maxBounds: frame.pad(1.5),
    maxBoundsViscosity: 0.6,
    minZoom: 9,
    maxZoom: 19,
    zoomSnap: 0.5,
    zoomDelta: 1,
    wheelPxPerZoomLevel: 90,
    inertia: !STILL.matches,
    zoomAnimation: !STILL.matches,
    fadeAnimation: !STILL.matches,
    markerZoomAnimation: !STILL.matches,
    ...options,
  });
  const tellZoom = () => {
    box.classList.toggle("zoom-least", map.getZoom() < LEAST);
    box.classList.toggle("zoom-far", map.getZoom() < FAR);
    box.classList.toggle("zoom-mid", map.getZoom() < MID);
  };
  map.on("zoomend", tellZoom);
  map.whenReady(tellZoom);
  tellTheme(box);
  moveFromSigns(map, box);
  return map;
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS = { "+": 1, "=": 1, "-": -1, _: -1 };
const PAN_PX = 80;

// Leaflet's keys work while the map itself is in focus; here also while a sign or shape on it is, which stays where it is seen.
function moveFromSigns(map, box) {
  box.addEventListener("keydown", (event) => {
    const held = event.target.closest(".sign, .cluster, .zone");
    if (!held || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = ARROWS[event.key];
    const step = STEPS[event.key];
    if (!way && !step) return;
    event.preventDefault();
    if (way) {
      map.panBy([way[0] * PAN_PX, way[1] * PAN_PX], { animate: !STILL.matches });
      return;
    }
    const from = box.getBoundingClientRect();
    const at = held.getBoundingClientRect();
    map.setZoomAround(L.point(at.x + at.width / 2 - from.x, at.bottom - from.y), map.getZoom() + step, { animate: !STILL.matches });
  });
}

/** Fits `bounds` (west, south, east, north) into the part of the map that nothing covers; `room`: what is covered above and below. */
export function showBounds(map, bounds, room = { above: 0, below: 0 }, animate = false) {
  map.fitBounds(
    [
      [bounds[1], bounds[0]],
      [bounds[3], bounds[2]],
    ],
    { paddingTopLeft: [12, 12 + room.above], paddingBottomRight: [12, 12 + room.below], animate: animate && !STILL.matches },
  );
}

/** „340 m“, „1.2 km“ with the sign of `words`: a browser's own number formats cost an old phone 70 ms the first time. */
export function distance(metres, words) {
  const near = metres < 950;
  const value = near ? Math.round(metres / 10) * 10 || Math.round(metres) : Math.round(metres / 100) / 10;
  return (near ? words.metres : words.kilometres).replace("{n}", String(value).replace(".", words.point));
}

/** Lets the browser draw and answer touches before the next piece of work. */
export function breathe() {
  return new Promise((done) => setTimeout(done));
}

/** Whether movement is unwelcome. */
export function still() {
  return STILL.matches;
}

// Raster tiles have no dark edition: the sheet inverts them when the page's ground is dark.
function tellTheme(box) {
  const tell = () => {
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
    box.classList.toggle("is-dark", dark);
  };
  tell();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => requestAnimationFrame(tell));
}

/** An element with attributes and children; text stays text. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** The same in SVG. */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** An icon of the sprite as an element. */
export function icon(sprite, id, css = "ic") {
  return svg("svg", { class: css, width: 20, height: 20, "aria-hidden": "true" }, svg("use", { href: `${sprite}#${id}` }));
}
