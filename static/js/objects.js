// Things that stand on the map and can be chosen while reporting: lamp posts, containers. Near enough they are drawn; a tap takes one.
/* global L, protomapsL */
import { loadPainter } from "./map/ground_tiles.js";
import { TOKENS } from "./map/features.js";

/** From this zoom on single things can be told apart, and hit. */
const NEAR = 16;
const HIT = 12; // pixels of a tile

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `data`: {painter, layers (see layers.on_map.drawn), reported: words}; `take(hit)` gets {lon, lat, exact, words, name} as of a place found by name. */
export function wireObjects(map, data, take) {
  const shown = new Map();
  map.createPane("objects").style.zIndex = 350;

  async function follow() {
    if (map.getZoom() < NEAR || shown.size) return;
    await loadPainter(data.painter);
    for (const row of data.layers) if (!shown.has(row)) shown.set(row, drawn(row).addTo(map));
  }

  map.on("zoomend moveend", follow);
  follow();
  return {
    /** Takes the thing under a click; false where there is none. */
    hit(at) {
      for (const [row, layer] of shown) {
        if (map.getZoom() < NEAR) return false;
        for (const hits of layer.queryTileFeaturesDebug(at.lng, at.lat, HIT).values()) {
          const point = hits.find((one) => one.feature.geomType === 1);
          if (point) return take(found(row, point.feature, at)) || true;
        }
      }
      return false;
    },
  };

  function found(row, feature, at) {
    const words = String(feature.props[`label:${document.documentElement.lang}`] || feature.props.label || "");
    const name = [row.name, words].filter(Boolean).join(" ");
    return { lon: feature.props.lon ?? at.lng, lat: feature.props.lat ?? at.lat, exact: true, words: name, name: feature.props.marked ? `${name} · ${data.reported}` : name };
  }
}

function drawn(row) {
  const own = (look) => (_zoom, feature) => feature.props.look === look && feature.geomType === 1;
  const rules = row.colours.map((name, look) => ({ dataLayer: row.slug, filter: own(look), symbolizer: new protomapsL.CircleSymbolizer({ fill: token(TOKENS[name]), radius: 7, stroke: token("--ground"), width: 2 }) }));
  const marked = { dataLayer: row.slug, filter: (_zoom, feature) => feature.props.marked === true, symbolizer: new protomapsL.CircleSymbolizer({ fill: token("--ground"), radius: 7, stroke: token("--late"), width: 3 }) };
  return protomapsL.leafletLayer({ url: row.tiles, maxDataZoom: 18, pane: "objects", attribution: "", backgroundColor: "transparent", labelRules: [], paintRules: [...rules, marked] });
}
