// Things that stand on the map and can be chosen while reporting: lamp posts, streets, parks. Near enough they are drawn; a tap takes one.
// The list of what is near says the same to those who use no map.
/* global L, protomapsL */
import { loadPainter } from "./map/ground_tiles.js";
import { TOKENS } from "./map/features.js";

/** From this zoom on single things can be told apart, and hit. */
const NEAR = 16;
const HIT = 12; // pixels of a tile
const POINT = 1;
const LINE = 2;
const AREA = 3;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** `data`: {painter, layers (see layers.on_map.drawn), reported: words}; `take(hit)` gets {lon, lat, exact, words, name, object} as of a place found by name. */
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
      const all = [];
      for (const [row, layer] of shown) {
        if (map.getZoom() < NEAR) return false;
        for (const hits of layer.queryTileFeaturesDebug(at.lng, at.lat, HIT).values()) all.push(...hits.map((one) => [row, one.feature]));
      }
      if (!all.length) return false;
      all.sort(([, one], [, other]) => one.geomType - other.geomType); // a post in a park is meant, not the park
      take(found(...all[0], at));
      return true;
    },
  };

  function found(row, feature, at) {
    const words = String(feature.props[`label:${document.documentElement.lang}`] || feature.props.label || "");
    const name = [row.name, words].filter(Boolean).join(" ");
    return { lon: feature.props.lon ?? at.lng, lat: feature.props.lat ?? at.lat, exact: true, words: name, object: `${row.slug}.${feature.props.slug}`, name: feature.props.marked ? `${name} · ${data.reported}` : name };
  }
}

function drawn(row) {
  const of = (kind, fits, symbolizer) => ({ dataLayer: row.slug, filter: (_zoom, feature) => feature.geomType === kind && fits(feature.props), symbolizer });
  const ways = (fits, shade, edge, fill) => [
    of(AREA, fits, new protomapsL.PolygonSymbolizer({ fill: shade, opacity: 0.2, stroke: shade, width: 2 })),
    of(LINE, fits, new protomapsL.LineSymbolizer({ color: shade, width: 4 })),
    of(POINT, fits, new protomapsL.CircleSymbolizer({ fill, radius: 7, stroke: edge, width: 3 })),
  ];
  const ground = token("--ground");
  const rules = row.colours.flatMap((name, look) => ways((props) => props.look === look, token(TOKENS[name]), ground, token(TOKENS[name])));
  const marked = ways((props) => props.marked === true, token("--late"), token("--late"), ground);
  return protomapsL.leafletLayer({ url: row.tiles, maxDataZoom: 18, pane: "objects", attribution: "", backgroundColor: "transparent", labelRules: [], paintRules: [...rules, ...marked] });
}

/** The list „Things near here“ in `root` (reports/_objects.html); `take(hit)` when one of it is chosen: {lon, lat, words, object}, or null for none. */
export class NearObjects {
  constructor(root, take) {
    this.root = root;
    root.addEventListener("change", (event) => {
      const { value, dataset } = event.target;
      take(value ? { lon: Number(dataset.lon), lat: Number(dataset.lat), words: dataset.words, object: value } : null);
    });
  }

  get picked() {
    return this.root.querySelector("input[name=object]:checked, input[name=object][type=hidden]")?.value || "";
  }

  /** Taken on the map, or by nobody (""): the list of the new place comes in its stead. */
  pick(address) {
    const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "object", value: address });
    this.root.replaceChildren(...(address ? [kept] : []));
  }

  async show(lon, lat) {
    const address = new URL(this.root.dataset.objects, window.location.href);
    for (const [name, value] of Object.entries({ lon, lat, object: this.picked })) address.searchParams.set(name, value);
    this.asked?.abort();
    this.asked = new AbortController();
    const html = await fetch(address, { signal: this.asked.signal }).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
    if (html !== null) this.root.innerHTML = html;
  }
}
