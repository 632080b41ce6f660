// Raster base maps from rows of data. One lies over the ground only after its first tile has come; a dead server changes nothing.
/* global L */
import { el, icon } from "./create.js";

const MOST_FAILURES = 8;

/** Choice of base map on `map`. `rows`: [{slug, url, wms, attribution, attribution_url, max_zoom}]; `wms`: layers of a WMS, else "". */
export class BaseMaps {
  constructor(map, box, rows) {
    this.map = map;
    this.box = box;
    this.rows = rows;
    this.layer = null;
    this.credit = null;
  }

  /** Shows the row called `slug`; an empty slug is the own ground alone. Remembers the choice in this browser. */
  choose(slug, remember = true) {
    if (this.layer) this.layer.remove();
    if (this.credit) this.credit.remove();
    this.layer = this.credit = null;
    this.box.classList.remove("has-tiles");
    if (remember) keep(slug);
    const row = this.rows.find((each) => each.slug === slug);
    if (!row) return;
    const layer = raster(row, { className: "base-tiles" });
    // A tile server that only fails is left alone: the ground is there.
    let failed = 0;
    layer.on("tileerror", () => {
      failed += 1;
      if (failed >= MOST_FAILURES && !this.credit) layer.remove();
    });
    layer.on("tileload", () => {
      if (this.layer !== layer || this.credit) return;
      this.box.classList.add("has-tiles");
      this.credit = credit(row).addTo(this.map);
    });
    this.chosen = row.slug;
    this.layer = layer.addTo(this.map);
  }

  /** The choice kept in this browser, else the first row. */
  start() {
    const kept = kept_slug();
    this.choose(kept === null ? (this.rows[0] || { slug: "" }).slug : kept, false);
  }

  get slug() {
    return this.layer ? this.chosen : "";
  }
}

let opened = 0;

/** Puts a button into `tools` that opens the choice of layers after `frame`. Nothing is asked of anybody before it is pressed.
 * `data`: of `map-data`; `bases`: the map's BaseMaps; `load()`: imports small_layers.js, which needs this file itself. */
export function offerLayers(map, bases, data, tools, frame, load) {
  const below = el("div", { class: "layers-below", id: `layers-below-${(opened += 1)}`, hidden: "" });
  const button = el("button", { type: "button", class: "iconbtn", "aria-expanded": "false", "aria-controls": below.id, "aria-label": data.words.layers }, icon(data.sprite, "i-layers"));
  tools.append(button);
  frame.after(below);
  button.addEventListener("click", async () => {
    below.hidden = !below.hidden;
    button.setAttribute("aria-expanded", String(!below.hidden));
    if (below.hidden || below.querySelector("input")) return;
    const { fill } = await load().catch(() => ({ fill: () => below.replaceChildren(data.words.failed) }));
    await fill(below, map, bases, data);
  });
}

/** Pictures of another server, not yet on a map; `how`: further options, `wms`: of a WMS alone. */
export function raster(row, how, wms = {}) {
  const options = { maxNativeZoom: row.max_zoom, maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin", ...how };
  return row.wms ? L.tileLayer.wms(row.url, { ...options, layers: row.wms, format: "image/png", version: "1.3.0", ...wms }) : L.tileLayer(row.url, options);
}

/** Whose pictures they are, as a control of the map. */
export function credit(row) {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-control-attribution");
    if (row.attribution_url) {
      const link = document.createElement("a");
      link.href = row.attribution_url;
      link.rel = "noopener";
      link.textContent = row.attribution;
      box.append(link);
    } else {
      box.textContent = row.attribution;
    }
    return box;
  };
  return control;
}

function keep(slug) {
  try {
    localStorage.setItem("base-map", slug);
  } catch {
    // A browser that keeps nothing still shows the map.
  }
}

function kept_slug() {
  try {
    return localStorage.getItem("base-map");
  } catch {
    return null;
  }
}
