// Layers of features that are switched on over a map: drawn from vector tiles in the colours of the theme; a click shows what a feature says.
/* global L, protomapsL */
import { el } from "./create.js";
import { loadPainter } from "./ground_tiles.js";
import { showPictures } from "./pictures.js";

export const TOKENS = { green: "--urban", blue: "--economy", red: "--health", brown: "--culture", violet: "--taxes", teal: "--sport", pink: "--social", grey: "--other" };
const POINT = 1;
const LINE = 2;
const POLYGON = 3;
const LAST_ZOOM = 18;
/** Pixels of a tile within which a click means a point or a line. */
const NEAR = 10;

let spoken = 0;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(TOKENS[name] || "--other").trim();

export class FeatureLayers {
  /** `painter`: address of the library; `rows`: see layers.on_map.drawn; `failed(why, slug)` is told where a layer cannot be drawn, `why` its own
   * sentence or nothing. On `map`, clicks that somebody before has `taken` open nothing, and `options.popup` goes to each popup. */
  constructor(map, painter, rows, failed) {
    this.map = map;
    this.painter = painter;
    this.rows = new Map(rows.map((row) => [row.slug, row]));
    this.failed = failed;
    this.shown = new Map();
    map.createPane("pictures").style.zIndex = 305;
    map.createPane("features").style.zIndex = 310;
    map.on("click", (event) => event.taken || this.open(event.latlng));
    map.on("zoomend", () => this.#tellOutside());
    map.getContainer().addEventListener("keydown", (event) => {
      // What lies in the middle of the map, for those who move it by keys.
      if (event.key === "Enter" && event.target === map.getContainer()) this.open(map.getCenter(), true);
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
      this.#key(row, false);
      this.map.closePopup();
      return;
    }
    this.#key(row, true);
    if (row.pictures) {
      this.shown.set(slug, showPictures(this.map, row, () => this.#fell(row)));
      return;
    }
    this.shown.set(slug, null);
    try {
      await loadPainter(this.painter);
    } catch {
      this.shown.delete(slug);
      this.failed("", slug);
      return;
    }
    if (this.shown.has(slug)) this.shown.set(slug, drawn(row).addTo(this.map));
  }

  /** Another server sends nothing: said, and the layer is off again, so that it can be tried once more. */
  #fell(row) {
    this.shown.delete(row.slug);
    this.#key(row, false);
    for (const box of this.boxes || []) if (box.value === row.slug) box.checked = false;
    this.failed(row.silent, row.slug);
    this.#tellOutside();
    this.told?.();
  }

  /** The key of another server's layer is a picture of that server: asked for with the layer and never before. */
  #key(row, wanted) {
    const box = (this.boxes || []).find((each) => each.value === row.slug);
    const place = row.legend && box?.closest("fieldset").querySelector(`[data-legend="${row.slug}"]`);
    if (!place) return;
    place.querySelector("img")?.remove();
    if (!wanted) return;
    const picture = el("img", { src: row.legend, alt: place.textContent, class: "layer-picture", referrerpolicy: "strict-origin-when-cross-origin" });
    picture.addEventListener("error", () => picture.remove()); // the address beside it is left
    place.prepend(picture);
  }

  /** The boxes of a panel switch layers on and off; `told()` after each. */
  wire(boxes, told) {
    this.boxes = boxes;
    this.told = told;
    for (const box of boxes) {
      box.addEventListener("change", async () => {
        await this.show(box.value, box.checked);
        box.checked = this.shown.has(box.value);
        this.#tellOutside();
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
    this.#tellOutside();
  }

  /** "far" or "close" where the layer is not drawn so far away, or so near, else ""; the tiles of a half zoom are those of the next. */
  #outside(row) {
    const zoom = Math.round(this.map.getZoom());
    if (zoom < row.from_zoom) return "far";
    return zoom > row.to_zoom ? "close" : "";
  }

  /** The panel says of which layers nothing is seen here, and from where it is. */
  #tellOutside() {
    for (const box of this.boxes || []) {
      const row = this.rows.get(box.value);
      const where = row && box.checked ? this.#outside(row) : "";
      for (const words of box.closest("label")?.querySelectorAll("[data-outside]") || []) words.hidden = words.dataset.outside !== where;
    }
  }

  /** Says what of the layers lies there, `byKeys` to who listens too; false where nothing does. */
  open(at, byKeys = false) {
    const found = [];
    for (const [slug, layer] of this.shown) {
      if (!layer?.queryTileFeaturesDebug) continue;
      const row = this.rows.get(slug);
      if (this.#outside(row)) continue;
      for (const hits of layer.queryTileFeaturesDebug(at.lng, at.lat, NEAR).values()) found.push(...hits.map((hit) => ({ row, feature: hit.feature })));
    }
    found.sort((a, b) => a.feature.geomType - b.feature.geomType);
    if (!found.length) return false;
    const words = said(found[0]);
    const popup = L.popup({ minWidth: 160, maxWidth: 280, maxHeight: 240, ...this.map.options.popup }).setLatLng(at).setContent(words).openOn(this.map);
    this.#asDialog(popup, words, found[0].row.close);
    if (byKeys) words.focus({ preventScroll: true });
    return true;
  }

  /** Named by its words, which are read when it takes the focus; Escape and its button give that back to the map. */
  #asDialog(popup, words, close) {
    const node = popup.getElement();
    const back = () => this.map.getContainer().focus({ preventScroll: true });
    words.id = `layer-said-${(spoken += 1)}`;
    words.tabIndex = -1;
    node.setAttribute("role", "dialog");
    node.setAttribute("aria-labelledby", words.id);
    const button = node.querySelector(".leaflet-popup-close-button");
    button.setAttribute("aria-label", close);
    button.addEventListener("click", back);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      back();
      this.map.closePopup(popup);
    });
  }
}

function drawn(row) {
  const rules = row.colours.flatMap((name, look) => {
    const shade = colour(name);
    const of = (kind, symbolizer) => ({ dataLayer: row.slug, minzoom: row.from_zoom, maxzoom: row.to_zoom, filter: (_zoom, feature) => feature.props.look === look && feature.geomType === kind, symbolizer });
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
  if (row.told && props.told) {
    const words = props.told === 1 ? row.told.one : row.told.many.replace("{n}", props.told);
    box.append(el("p", {}, el("a", { href: row.told.url.replace("SLUG", encodeURIComponent(props.slug)) }, words)));
  }
  return box;
}
