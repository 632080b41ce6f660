// The municipality's own base map, from one file of vector tiles that was written of OpenStreetMap: painted in the theme's own colours.
/* global L, protomapsL */
import { loadPainter } from "./ground_tiles.js";

/** Farther out the file has no tiles: the ground shows through. */
const FIRST = 9;
const WIDTHS = { main: 1.5, secondary: 1.1, street: 0.8, service: 0.45 };

let colours = {};
const dark = window.matchMedia("(prefers-color-scheme: dark)");

/** The theme's colour of that name, read once per theme. */
function colour(name) {
  colours[name] ||= getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return colours[name];
}

const kind = (...kinds) => (_zoom, thing) => kinds.includes(thing.props.kind);

function area(dataLayer, name, opacity, filter) {
  return { dataLayer, filter, symbolizer: new protomapsL.PolygonSymbolizer({ fill: () => colour(name), opacity }) };
}

function line(dataLayer, name, width, filter, more = {}) {
  return { dataLayer, filter, symbolizer: new protomapsL.LineSymbolizer({ color: () => colour(name), width, lineCap: "round", lineJoin: "round", ...more }) };
}

/** Pixels of a road at a zoom, its edge not counted. */
const wide = (of) => (zoom) => Math.max(0.7, WIDTHS[of] * Math.max(1, 1.45 ** (zoom - 12)));

function paintRules() {
  const roads = Object.keys(WIDTHS).reverse(); // the big ones above the small
  return [
    area("land", "map-town", 0.55, kind("built")),
    area("land", "map-town", 0.9, kind("works")),
    area("land", "map-wood", 0.6, kind("green")),
    area("land", "map-wood", 1, kind("wood")),
    area("water", "map-water", 1),
    line("waterways", "map-water", (zoom) => Math.max(1, (zoom - 9) * 0.5), kind("stream")),
    line("waterways", "map-water", (zoom) => Math.max(1.5, zoom - 9), kind("river")),
    { dataLayer: "buildings", symbolizer: new protomapsL.PolygonSymbolizer({ fill: () => colour("map-town-line"), opacity: 0.75 }) },
    line("roads", "map-town-line", 1, kind("path"), { dash: [4, 3] }),
    ...roads.map((each) => line("roads", "map-town-line", (zoom) => wide(each)(zoom) + 1.6, kind(each))),
    ...roads.map((each) => line("roads", "map-road", wide(each), kind(each))),
    line("roads", "map-label", 1, kind("rail"), { dash: [7, 3] }),
    line("boundaries", "map-border", 1, undefined, { dash: [6, 4], opacity: 0.6 }),
  ];
}

function labelRules(language) {
  const written = { labelProps: [`name_${language}`, "name_bg", "name_en"], stroke: () => colour("map-halo"), width: 3 };
  const family = getComputedStyle(document.body).fontFamily;
  const text = (size, name, more = {}) => ({ ...written, font: `${size}px ${family}`, fill: () => colour(name), ...more });
  const along = (dataLayer, minzoom, kinds, how) => ({ dataLayer, minzoom, filter: kind(...kinds), symbolizer: new protomapsL.LineLabelSymbolizer(how) });
  // Towns and villages are written by the ground, as text that can be read aloud.
  const parts = kind("hamlet", "suburb", "quarter", "neighbourhood", "isolated_dwelling", "locality");
  return [
    { dataLayer: "places", minzoom: 14, filter: parts, symbolizer: new protomapsL.CenteredTextSymbolizer(text(13, "map-place")) },
    along("roads", 14, ["main", "secondary"], text(13, "map-place")),
    along("roads", 16, ["street", "service"], text(12, "map-place")),
    along("waterways", 13, ["river"], text(12, "map-water-label")),
    { dataLayer: "water", minzoom: 14, symbolizer: new protomapsL.CenteredTextSymbolizer(text(12, "map-water-label")) },
  ];
}

/** The map of `row` {tiles, painter, max_zoom} as a layer for `map`, or an error where its file does not come; it is opaque and lies between the ground and what stands on it. */
export async function ownMap(map, row) {
  const there = await fetch(row.tiles, { headers: { Range: "bytes=0-6" } }); // else the painter would cover the ground with nothing
  if (!there.ok) throw new Error(`own map: ${there.status}`);
  await loadPainter(row.painter);
  const pane = map.getPane("ownMap") || map.createPane("ownMap");
  pane.style.zIndex = 170;
  pane.style.pointerEvents = "none";
  const layer = protomapsL.leafletLayer({
    url: row.tiles,
    maxDataZoom: row.max_zoom,
    minZoom: FIRST,
    pane: "ownMap",
    attribution: "",
    backgroundColor: colour("map-cell"),
    paintRules: paintRules(),
    labelRules: labelRules(document.documentElement.lang),
  });
  const recolour = () =>
    requestAnimationFrame(() => {
      colours = {};
      layer.backgroundColor = colour("map-cell");
      layer.clearLayout();
      layer.rerenderTiles();
    });
  layer.on("add", () => dark.addEventListener("change", recolour));
  layer.on("remove", () => dark.removeEventListener("change", recolour));
  return layer;
}
