// The own ground, under everything and good enough alone: outline, mask around it, settlement cells, settlements sized by
// their people, landmarks and the neighbours' names. Shapes are SVG with classes, so that a theme recolours them.
/* global L */
import { icon, el } from "./create.js";
import { drawShapes } from "./ground_tiles.js";
import { nameMiddle, placeNames } from "./names.js";

/** From this zoom on roads and rivers are drawn: farther out their lines are too thin, and a first visit is spared library and tiles. */
const NEAR = 13;
const SIZES = [300, 1500, 10000];

/** Reads the ground once per page; the same promise for every map on it. */
const loads = new Map();
export function loadGround(address) {
  if (!loads.has(address)) {
    loads.set(
      address,
      fetch(address, { headers: { Accept: "application/json" } }).then((answer) => {
        if (!answer.ok) throw new Error(`ground: ${answer.status}`);
        return answer.json();
      }),
    );
  }
  return loads.get(address);
}

/** Draws `ground` on `map`. `sprite`: address of the signs; `turned`: when roads may be asked for. Returns the layers, ready to be removed. */
export function drawGround(map, ground, sprite, turned = Promise.resolve()) {
  const pane = map.createPane("ground");
  pane.style.zIndex = 150;
  map.createPane("groundPaper").style.zIndex = 160;
  const above = map.createPane("groundEdge");
  above.style.zIndex = 250;
  const names = map.createPane("groundNames");
  names.style.zIndex = 450;
  names.style.pointerEvents = "none";
  const renderer = L.svg({ pane: "ground", padding: 0.5 });
  const edge = L.svg({ pane: "groundEdge", padding: 0.5 });
  const layers = L.layerGroup();

  for (const [index, cell] of ground.cells.entries()) {
    L.geoJSON(cell.geometry, { renderer, pane: "ground", interactive: false, style: { className: `g-cell tint-${index % 3}`, weight: 1 } }).addTo(layers);
  }
  for (const town of ground.settlements) {
    L.circle([town.lat, town.lon], { radius: townRadius(town.people), renderer, pane: "ground", interactive: false, className: "g-town", weight: 1.5 }).addTo(layers);
  }
  const rings = outerRings(ground.outline);
  L.polygon([[[85, -180], [85, 180], [-85, 180], [-85, -180]], ...rings], { renderer: edge, pane: "groundEdge", interactive: false, className: "g-mask", weight: 0, stroke: false }).addTo(layers);
  for (const ring of rings) {
    L.polygon(ring, { renderer: edge, pane: "groundEdge", interactive: false, className: "g-edge-soft", weight: 9, fill: false }).addTo(layers);
    L.polygon(ring, { renderer: edge, pane: "groundEdge", interactive: false, className: "g-edge", weight: 2, fill: false }).addTo(layers);
  }
  for (const town of ground.settlements) label(town.lat, town.lon, `g-label g-name below size-${rank(town.people)}`, town.name).addTo(layers);
  for (const mark of ground.landmarks) label(mark.lat, mark.lon, "g-label landmark", mark.name, icon(sprite, `l-${mark.icon || "place"}`, "ic")).addTo(layers);
  for (const next of ground.neighbours) label(next.lat, next.lon, "g-label beyond", next.name).addTo(layers);
  layers.addLayer(new Paper({ pane: "groundPaper", minZoom: 14, keepBuffer: 1, updateWhenZooming: false }));
  layers.addTo(map);
  const roads = () => drawShapes(map, ground.tiles, ground.painter).catch(() => null); // the rest stands without them
  if (ground.tiles) turned.then(() => whenNear(map, roads));
  map.on("zoomend", () => placeNames(map));
  placeNames(map);
  nameMiddle(map, (at) => nearestTown(ground, at.lng, at.lat));
  return layers;
}

// Close up the cells are wide and empty: a fine grid lets one see how far the map moves.
const Paper = L.GridLayer.extend({
  createTile() {
    return el("div", { class: "g-paper" });
  },
});

/** Whether a point lies in the municipality: even-odd over the rings of its outline. */
export function inside(ground, lon, lat) {
  let within = false;
  for (const ring of outerRings(ground.outline)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [y1, x1] = ring[i];
      const [y2, x2] = ring[j];
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) within = !within;
    }
  }
  return within;
}

/** The point of the outline that is nearest to (lon, lat), as {lat, lon, metres}; flat arithmetic, right to a per cent here. */
export function nearestBorder(ground, lon, lat) {
  const k = Math.cos((lat * Math.PI) / 180);
  let best = null;
  for (const ring of outerRings(ground.outline)) {
    for (let i = 0; i < ring.length - 1; i++) {
      const [ay, ax] = ring[i];
      const [by, bx] = ring[i + 1];
      const dx = (bx - ax) * k;
      const dy = by - ay;
      const t = Math.max(0, Math.min(1, (((lon - ax) * k * dx + (lat - ay) * dy) / (dx * dx + dy * dy)) || 0));
      const px = ax + (bx - ax) * t;
      const py = ay + dy * t;
      const d = Math.hypot((lon - px) * k, lat - py) * 111195;
      if (best === null || d < best.metres) best = { lat: py, lon: px, metres: d };
    }
  }
  return best;
}

/** The settlement on whose land a point lies, else the one whose point is nearest. */
export function homeTown(ground, lon, lat) {
  const cell = ground.cells.find((each) => inside({ outline: each.geometry }, lon, lat));
  return ground.settlements.find((town) => town.slug === cell?.slug) || nearestTown(ground, lon, lat);
}

/** The named thing of the ground that is nearest within `most` metres: {name, metres}; or null. */
export function nearestNamed(things, lon, lat, most) {
  const k = Math.cos((lat * Math.PI) / 180);
  let best = null;
  for (const each of things) {
    const metres = Math.hypot((lon - each.lon) * k, lat - each.lat) * 111195;
    if (metres <= most && (best === null || metres < best.metres)) best = { name: each.name, metres };
  }
  return best;
}

/** Name of the settlement whose point is nearest. */
export function nearestTown(ground, lon, lat) {
  const k = Math.cos((lat * Math.PI) / 180);
  let best = null;
  for (const town of ground.settlements) {
    const d = Math.hypot((lon - town.lon) * k, lat - town.lat);
    if (best === null || d < best.d) best = { d, town };
  }
  return best && best.town;
}

// Area grows with people (participation/effects.py counts by the same circle): a village of 300 about 250 m, a town of 20,000 about 1.4 km.
function townRadius(people) {
  return 150 + 9 * Math.sqrt(people || 100);
}

function rank(people) {
  return 1 + SIZES.filter((least) => people >= least).length;
}

function outerRings(outline) {
  const parts = outline.type === "Polygon" ? [outline.coordinates] : outline.coordinates;
  return parts.map((part) => part[0].map(([lon, lat]) => [lat, lon]));
}

function label(lat, lon, css, words, sign) {
  const node = el("span", {}, words);
  const box = el("div", {}, ...(sign ? [sign, node] : [node]));
  return L.marker([lat, lon], {
    pane: "groundNames",
    interactive: false,
    keyboard: false,
    icon: L.divIcon({ className: css, html: box, iconSize: [0, 0] }),
  });
}

/** Does `act` once, as soon as the map is near enough. */
function whenNear(map, act) {
  const look = () => {
    if (!(map.getZoom() >= NEAR)) return; // none yet before the first view
    map.off("zoomend", look);
    act();
  };
  map.on("zoomend", look);
  look();
}
