// Raster base maps from rows of data. One lies over the ground only after its first tile has come; a dead server changes nothing.
/* global L */

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
    const how = { maxNativeZoom: row.max_zoom, maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin", className: "base-tiles" };
    const layer = row.wms ? L.tileLayer.wms(row.url, { ...how, layers: row.wms, format: "image/png", version: "1.3.0" }) : L.tileLayer(row.url, how);
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

function credit(row) {
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
