// Base maps from rows of data: tiles of others, and the own map. What lay there before goes only when the new one's first tile has come;
// a dead server changes nothing.
/* global L */
import { el, icon } from "./create.js";
import { ownMap } from "./own_map.js";

const MOST_FAILURES = 8;
const PATIENCE = 15000;

/**
 * Choice of base map on `map`. `rows`: [{slug, url, wms, attribution, attribution_url, max_zoom, aerial, silent}]; `wms`: layers of a WMS,
 * else ""; the own map has `tiles` and `painter`, a photo from the air `there` and `back`, the words of its button. `silent`: the sentence
 * for `say` where nothing of what somebody chose comes; `say("")` takes it away. A map without a line for it has one laid over it.
 */
export class BaseMaps {
  constructor(map, box, rows, say = saidOver(box)) {
    this.map = map;
    this.box = box;
    this.rows = rows;
    this.say = say;
    map.on("dragstart", () => say("")); // read by then
    this.shown = null; // {row, layer, credit}: what can be seen
    this.coming = null; // {row, layer}: what was chosen and has no tile yet
    this.#offerPhoto();
  }

  /** Shows the row called `slug`; an empty slug is the own ground alone. Remembered in this browser once it can be seen. */
  choose(slug) {
    this.say("");
    this.#drop();
    const row = this.rows.find((each) => each.slug === slug);
    if (row && row.slug !== this.shown?.row.slug) {
      this.#bring(row, () => keep(slug), () => this.say(row.silent));
    } else {
      keep(slug);
      if (!row) this.#show(null);
    }
    this.#tell();
  }

  /** The choice kept in this browser, else the first row that comes. */
  start() {
    const kept = kept_slug();
    const known = this.rows.filter((each) => each.slug === kept);
    const others = this.rows.filter((each, at) => each.slug !== kept && (!each.aerial || at === 0));
    this.#first(kept === "" ? [] : [...known, ...others], kept);
    this.#tell();
  }

  #first([row, ...others], kept) {
    if (!row) return;
    this.#bring(row, () => {}, () => {
      if (row.slug === kept) {
        keep(null);
        this.say(row.silent);
      }
      this.#first(others, kept);
    });
  }

  get slug() {
    return (this.coming || this.shown)?.row.slug || "";
  }

  /** `came()` when it can be seen, `fell()` where nothing of it comes. */
  async #bring(row, came, fell) {
    const coming = { row, layer: null, came, fell };
    this.coming = coming;
    try {
      coming.layer = row.tiles ? await ownMap(this.map, row) : raster(row, { className: "base-tiles" });
    } catch {
      this.#fail(coming);
      return;
    }
    if (this.coming !== coming) return;
    // A server that only fails is left alone: what was there is still there.
    awaitTiles(coming.layer, () => this.#come(coming), () => this.#fail(coming), row.tiles ? 0 : PATIENCE);
    coming.layer.addTo(this.map);
  }

  #show(next) {
    this.coming = null;
    if (this.shown) {
      this.shown.layer.remove();
      this.shown.credit.remove();
    }
    this.shown = next;
    this.box.classList.toggle("has-tiles", Boolean(next && !next.row.tiles));
    this.box.classList.toggle("has-own-map", Boolean(next?.row.tiles));
    this.box.classList.toggle("has-photo", Boolean(next?.row.aerial));
    if (next) next.credit = credit(next.row).addTo(this.map);
    this.#tell();
  }

  #come(coming) {
    if (this.coming !== coming) return;
    this.#show(coming);
    coming.came();
  }

  #fail(coming) {
    if (this.coming !== coming) return;
    this.#drop();
    coming.fell();
    this.#tell();
  }

  #drop() {
    const { coming } = this;
    this.coming = null;
    coming?.layer?.remove();
  }

  /** One button between the first photo from the air and the map that was there before; none where there is no photo. */
  #offerPhoto() {
    const photo = this.rows.find((each) => each.aerial);
    if (!photo) return;
    this.button = el("button", { type: "button", class: "btn float photo-switch" });
    this.button.addEventListener("click", () => this.choose(this.#is_photo() ? this.#map_slug() : photo.slug));
    const control = L.control({ position: "topleft" });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(this.button);
      return this.button;
    };
    control.addTo(this.map);
    this.words = photo;
  }

  #is_photo() {
    return this.rows.some((each) => each.aerial && each.slug === this.slug);
  }

  #map_slug() {
    const map = this.rows.find((each) => !each.aerial && each.slug === this.last) || this.rows.find((each) => !each.aerial);
    return this.last === "" || !map ? "" : map.slug;
  }

  /** The button and the choices of the page say what is chosen now. */
  #tell() {
    if (!this.#is_photo()) this.last = this.slug;
    if (this.button) this.button.textContent = this.#is_photo() ? this.words.back : this.words.there;
    for (const choice of this.box.parentElement.querySelectorAll("input[name=base], input[name^=base-]")) choice.checked = choice.value === this.slug;
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

/** Tells once what becomes of `layer`, not yet on a map: `came()` with its first tile, or `fell()` where none comes, at the latest after
 * `patience` milliseconds (0: no limit). */
export function awaitTiles(layer, came, fell, patience = PATIENCE) {
  let failed = 0;
  let waiting = 0;
  let told = false;
  const tell = (what) => {
    clearTimeout(waiting);
    if (told) return;
    told = true;
    what();
  };
  layer.on("loading", () => {
    clearTimeout(waiting);
    if (patience && !told) waiting = setTimeout(tell, patience, fell);
  });
  layer.on("tileload", () => tell(came));
  layer.on("tileerror", () => {
    failed += 1;
    if (failed >= MOST_FAILURES) tell(fell);
  });
  layer.on("load", () => {
    clearTimeout(waiting);
    if (failed) setTimeout(tell, 0, fell); // a small map has fewer tiles; Leaflet still has to do with the layer when it tells this
  });
  layer.on("remove", () => tell(() => {}));
}

/** Says a sentence over the map in `box`. */
function saidOver(box) {
  const note = el("p", { class: "map-note", role: "status", hidden: "" });
  const say = (sentence) => {
    note.textContent = sentence;
    note.hidden = !sentence;
  };
  box.append(note);
  return say;
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

/** null: nothing any more. */
function keep(slug) {
  try {
    if (slug === null) localStorage.removeItem("base-map");
    else localStorage.setItem("base-map", slug);
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
