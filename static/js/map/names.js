// Names on the ground keep clear of signs and of each other: the smaller one steps aside, or goes. Close up, where no name is in
// sight, the settlement around the middle is named in the corner.
import { el } from "./create.js";

const ORDER = ["size-4", "size-3", "size-2", "size-1", "landmark", "beyond"];
const AWAY = 90;
const TOWN_AWAY = 150;
const NEAR = 14;
const COVERS = ".side, .bar-top, .float, .leaflet-control-scale, .messages > .note";
const TEXT = 17;

/** Places all names of `map` anew: after a zoom, and when its signs have changed. */
export function placeNames(map) {
  const frame = map.getContainer().getBoundingClientRect();
  const names = [...map.getPane("groundNames").querySelectorAll(".g-label")];
  names.sort((a, b) => rank(a) - rank(b));
  for (const name of names) {
    name.classList.remove("is-crowded");
    for (const way of ["--dx", "--dy"]) name.style.removeProperty(way);
  }
  const signs = [...map.getPane("markerPane").querySelectorAll(".cluster, .sign > svg"), ...document.querySelectorAll(COVERS)].map(boxOf);
  const scale = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / TEXT); // larger letters step farther
  const boxes = names.map((name) => boxOf(name.querySelector("span")));
  const taken = [...signs];
  for (const [index, name] of names.entries()) {
    const box = boxes[index];
    if (!box.width) continue;
    const found = ways(name, box, scale).find((way) => clear(moved(box, way), taken) && !cut(moved(box, way), frame));
    if (!found && (map.getZoom() >= NEAR || !name.matches(".size-4"))) {
      name.classList.add("is-crowded");
      continue;
    }
    const [dx, dy] = found || [0, 0];
    name.style.setProperty("--dx", `${dx}px`);
    name.style.setProperty("--dy", `${dy}px`);
    taken.push(moved(box, [dx, dy]));
  }
  map.fire("names");
}

/** Names in the corner the settlement that the map's middle belongs to, when the map is near and shows no name of a settlement. */
export function nameMiddle(map, townAt) {
  const corner = el("p", { class: "g-here", "aria-hidden": "true" });
  map.getContainer().append(corner);
  const tell = () => {
    const frame = map.getContainer().getBoundingClientRect();
    const seen = [...map.getPane("groundNames").querySelectorAll(".g-name:not(.is-crowded) span")].some((span) => within(boxOf(span), frame));
    const town = map.getZoom() < NEAR || seen ? null : townAt(map.getCenter());
    corner.textContent = town ? town.name : "";
  };
  map.on("moveend names", tell);
  tell();
}

function rank(name) {
  return ORDER.findIndex((css) => name.classList.contains(css));
}

// A settlement's name may step around its point, the town's farther than a village's; the others stand only where they belong.
function ways(name, box, scale) {
  if (!name.matches(".below")) return [[0, 0]];
  const above = -box.height - 44 * scale;
  const found = [];
  for (const dy of [...[0, 16, 32, 52, 76].map((step) => step * scale), above, above - 20 * scale, above - 44 * scale, above / 2]) {
    for (const part of [0, 0.3, -0.3, 0.55, -0.55, 0.8, -0.8]) found.push([part * box.width, dy]);
  }
  const far = (name.matches(".size-4") ? TOWN_AWAY : AWAY) * scale;
  return found.filter(([dx, dy]) => Math.hypot(dx, dy) <= far).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
}

function boxOf(node) {
  const { left, top, width, height } = node.getBoundingClientRect();
  return { left, top, width, height };
}

function moved(box, [dx, dy]) {
  return { ...box, left: box.left + dx, top: box.top + dy };
}

function clear(box, taken) {
  return !taken.some(
    (other) => box.left < other.left + other.width && other.left < box.left + box.width && box.top < other.top + other.height && other.top < box.top + box.height,
  );
}

/** Whether the frame's edge runs through it. */
function cut(box, frame) {
  return !within(box, frame) && !clear(box, [frame]);
}

function within(box, frame) {
  return box.left >= frame.left && box.top >= frame.top && box.left + box.width <= frame.right && box.top + box.height <= frame.bottom;
}
