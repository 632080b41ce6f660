// Layers of features that are switched on over a map: drawn from vector tiles in the colours of the theme; a click shows what a feature says.
/* global L, protomapsL */
import { el } from "./create.js";
import { loadPainter } from "./ground_tiles.js";

export const TOKENS = { green: "--urban", blue: "--economy", red: "--health", brown: "--culture", violet: "--taxes", teal: "--sport", pink: "--social", grey: "--other" };
const POINT = 1;
const LINE = 2;
const POLYGON = 3;
const LAST_ZOOM = 18;
/** Pixels of a tile within which a click means a point or a line. */
const NEAR = 10;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(TOKENS[name] || "--other").trim();

export class FeatureLayers {
  /** `painter`: address of the library; `rows`: see layers.on_map.drawn; `failed()` is told where tiles cannot be drawn. */
  constructor(map, painter, rows, failed) {
    this.map = map;
    this.painter = painter;
    this.rows = new Map(rows.map((row) => [row.slug, row]));
    this.failed = failed;
    this.shown = new Map();
    map.createPane("features").style.zIndex = 310;
    map.on("click", (event) => this.#clicked(event.latlng));
    map.getContainer().addEventListener("keydown", (event) => {
      // What lies in the middle of the map, for those who move it by keys.
      if (event.key === "Enter" && event.target === map.getContainer()) this.#clicked(map.getCenter());
    });
  }

  get keys() {
    return [...this.shown.keys()];
  }

  /** Shows the layer, or takes it away. */
  async show(slug, wanted) {
    const row = this.rows.get(slug);
    if (!row || wanted === this.shown.has(slug)) return;
    if (!wanted) {
      this.shown.get(slug)?.remove();
      this.shown.delete(slug);
      this.map.closePopup();
      return;
    }
    this.shown.set(slug, null);
    try {
      await loadPainter(this.painter);
    } catch {
      this.shown.delete(slug);
      this.failed();
      return;
    }
    if (this.shown.has(slug)) this.shown.set(slug, drawn(row).addTo(this.map));
  }

  /** The boxes of a panel switch layers on and off; `told()` after each. */
  wire(boxes, told) {
    this.boxes = boxes;
    for (const box of boxes) {
      box.addEventListener("change", async () => {
        await this.show(box.value, box.checked);
        box.checked = this.shown.has(box.value);
        told();
      });
    }
  }

  /** Switches on exactly the layers that are named. */
  async follow(named) {
    for (const box of this.boxes || []) {
      box.checked = named.includes(box.value);
      await this.show(box.value, box.checked);
    }
  }

  #clicked(at) {
    const found = [];
    for (const [slug, layer] of this.shown) {
      if (!layer) continue;
      const row = this.rows.get(slug);
      if (this.map.getZoom() < row.from_zoom) continue;
      for (const hits of layer.queryTileFeaturesDebug(at.lng, at.lat, NEAR).values()) found.push(...hits.map((hit) => ({ row, feature: hit.feature })));
    }
    found.sort((a, b) => a.feature.geomType - b.feature.geomType);
    if (found.length) L.popup({ minWidth: 160, maxWidth: 280, maxHeight: 240 }).setLatLng(at).setContent(said(found[0])).openOn(this.map);
  }
}

function drawn(row) {
  const rules = row.colours.flatMap((name, look) => {
    const shade = colour(name);
    const of = (kind, symbolizer) => ({ dataLayer: row.slug, minzoom: row.from_zoom, filter: (_zoom, feature) => feature.props.look === look && feature.geomType === kind, symbolizer });
    return [
      of(POLYGON, new protomapsL.PolygonSymbolizer({ fill: shade, opacity: 0.3, stroke: shade, width: 1.5 })),
      of(LINE, new protomapsL.LineSymbolizer({ color: shade, width: 3 })),
      of(POINT, new protomapsL.CircleSymbolizer({ fill: shade, radius: 5, stroke: colourOf("--ground"), width: 1.5 })),
    ];
  });
  return protomapsL.leafletLayer({ url: row.tiles, maxDataZoom: LAST_ZOOM, pane: "features", attribution: "", backgroundColor: "transparent", labelRules: [], paintRules: rules });
}

function colourOf(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

// Text nodes alone: what a file says is never HTML.
function said({ row, feature }) {
  const { props } = feature;
  const box = el("div", { class: "layer-said" });
  box.append(el("b", {}, String(props[`label:${document.documentElement.lang}`] || props.label || row.name)));
  const list = el("dl", {});
  for (const [name, called] of row.popup) {
    if (props[called] === undefined) continue;
    const line = el("div", {});
    line.append(el("dt", {}, name), el("dd", {}, String(props[called])));
    list.append(line);
  }
  if (list.childElementCount) box.append(list);
  return box;
}
