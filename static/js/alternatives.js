// Alternatives on maps that move together: one beside the other, or two under one slider. Without scripts their pictures stand there.
/* global L */
import { createMap, el } from "./map/create.js";
import { drawGround, loadGround } from "./map/ground.js";
import { BaseMaps } from "./map/tiles.js";

const STEP = 5; // per cent of the width at one press of a key on the slider
const MOST = 8; // maps side by side; further ones keep their pictures until somebody lays them under the slider
const NARROW = window.matchMedia("(max-width: 43.75em)");

/** Maps of which each follows the one that is moved. */
class Together {
  constructor(bounds) {
    this.bounds = bounds;
    this.maps = [];
    this.led = false;
  }

  add(map) {
    this.#led(() => (this.maps.length ? this.#align(map) : map.fitBounds(this.bounds, { maxZoom: 16, animate: false })));
    this.view = [map.getCenter(), map.getZoom()];
    this.maps.push(map);
    map.on("move", () => this.led || this.#follow(map));
  }

  /** A map that was hidden, or lies in a frame of another size now. */
  fit(map) {
    this.#led(() => {
      map.invalidateSize({ animate: false });
      this.#align(map);
    });
  }

  /** Acts on one that is seen; the others follow. */
  lead(act) {
    const seen = this.maps.find((map) => map.getContainer().offsetWidth);
    if (seen) act(seen);
  }

  all() {
    this.lead((map) => map.fitBounds(this.bounds, { maxZoom: 16, animate: false }));
  }

  #align(map) {
    map.setView(...this.view, { animate: false });
  }

  #follow(leader) {
    this.view = [leader.getCenter(), leader.getZoom()];
    this.#led(() => this.maps.forEach((map) => map !== leader && map.getContainer().offsetWidth && this.#align(map)));
  }

  #led(act) {
    this.led = true;
    act();
    this.led = false;
  }
}

/** A place on the shape itself for its letter: the corner in the middle of a line, the middle of an area, a point. */
function onIt(shape) {
  const [part] = shape.getLayers();
  if (part.getLayers) return onIt(part);
  if (part.getLatLng) return part.getLatLng();
  if (part instanceof L.Polygon) return part.getBounds().getCenter();
  const corners = part.getLatLngs().flat();
  return corners[Math.floor(corners.length / 2)];
}

/** One alternative: its figure, and its map once that is seen. */
class Sheet {
  constructor(figure, features, data) {
    this.figure = figure;
    this.features = features;
    this.data = data;
    this.box = figure.querySelector(".frame");
  }

  show(together) {
    if (this.map) {
      together.fit(this.map);
      return;
    }
    this.box.replaceChildren();
    this.box.classList.add("mapbox");
    this.box.setAttribute("role", "region");
    this.box.setAttribute("aria-label", this.figure.dataset.label);
    // Maps that animated a step each for itself would not stay in step.
    this.map = createMap(this.box, this.data.bounds, { zoomAnimation: false, markerZoomAnimation: false, fadeAnimation: false });
    together.add(this.map);
    new BaseMaps(this.map, this.box, this.data.base_maps).start();
    this.#draw();
    loadGround(this.data.ground).then((ground) => {
      drawGround(this.map, ground, this.data.sprite);
      this.box.dataset.ready = "true";
    }).catch(() => {});
  }

  #draw() {
    const shape = L.geoJSON(this.features, {
      interactive: false,
      style: ({ geometry }) => ({ className: `shape ${this.figure.dataset.tone}${geometry.type.includes("Polygon") ? " area" : ""}` }),
      pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 7, interactive: false, className: `shape spot ${this.figure.dataset.tone}` }),
    }).addTo(this.map);
    const at = onIt(shape);
    const html = el("b", { class: `alternatives-letter ${this.figure.dataset.tone}` }, this.features[0].properties.letter);
    L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "", html, iconSize: [0, 0] }) }).addTo(this.map);
  }
}

class Comparing {
  constructor(root, data, features) {
    this.root = root;
    this.stage = root.querySelector(".alternatives-pictures");
    this.pair = root.querySelector("[data-pair]");
    this.slider = root.querySelector("[data-slider]");
    this.handle = root.querySelector("[data-handle]");
    this.together = new Together(L.geoJSON(features).getBounds().pad(0.15));
    this.sheets = new Map();
    for (const figure of root.querySelectorAll("figure[data-ref]")) {
      const its = features.filter((each) => each.properties.ref === figure.dataset.ref);
      if (its.length) this.sheets.set(figure.dataset.ref, new Sheet(figure, its, data));
    }
    this.seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) this.#come(this.sheets.get(target.dataset.ref));
    }, { rootMargin: "200px" });
    this.#choices();
    this.#tools();
    this.#slide();
    this.turn(NARROW.matches && this.sheets.size > 1 ? "swipe" : "beside");
    for (const sheet of this.sheets.values()) this.seen.observe(sheet.figure);
    root.querySelector("[data-tools]").hidden = false;
  }

  #come(sheet) {
    if (sheet.map || this.way === "swipe" || this.together.maps.length < MOST) sheet.show(this.together);
  }

  /** Two of them to lay over each other; where there is one alone, nothing slides. */
  #choices() {
    this.pair.querySelectorAll("select").forEach((select, index) => {
      select.selectedIndex = Math.min(index, select.options.length - 1);
    });
    this.root.querySelector('button[data-way="swipe"]').hidden = this.sheets.size < 2;
  }

  #tools() {
    this.root.querySelector("[data-tools]").addEventListener("click", (event) => {
      const { way, act } = event.target.closest("button")?.dataset || {};
      if (way) this.turn(way, true);
      else if (act === "in") this.together.lead((map) => map.zoomIn());
      else if (act === "out") this.together.lead((map) => map.zoomOut());
      else if (act === "all") this.together.all();
    });
    for (const select of this.pair.querySelectorAll("select")) select.addEventListener("change", () => this.#choose(select));
  }

  /** Side by side, or two under the slider; `asked`: somebody looks at them now, else their maps come when they are seen. */
  turn(way, asked = false) {
    this.way = way;
    this.root.dataset.way = way;
    this.pair.hidden = way !== "swipe";
    for (const button of this.root.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", String(button.dataset.way === way));
    this.#lay(asked);
    if (asked) this.together.all(); // the frame has another shape now
  }

  /** The same alternative on both sides shows nothing: the other side takes what this one had. */
  #choose(select) {
    const [left, right] = this.pair.querySelectorAll("select");
    const other = select === left ? right : left;
    if (other.value === select.value) other.value = select.dataset.had;
    this.#lay(true);
  }

  #lay(asked) {
    const [left, right] = this.pair.querySelectorAll("select");
    for (const select of [left, right]) select.dataset.had = select.value;
    const shown = this.way === "swipe" ? [left.value, right.value] : [...this.sheets.keys()];
    for (const [ref, sheet] of this.sheets) {
      sheet.figure.hidden = !shown.includes(ref);
      sheet.figure.classList.toggle("is-left", this.way === "swipe" && ref === left.value);
      if (!sheet.figure.hidden && sheet.map) sheet.show(this.together);
      else if (!sheet.figure.hidden && asked) this.#come(sheet);
    }
    this.#tell();
  }

  #slide() {
    this.slider.step = STEP;
    this.slider.addEventListener("input", () => this.#tell());
    const move = (event) => {
      const { left, width } = this.stage.getBoundingClientRect();
      this.slider.value = Math.round(((event.clientX - left) / width) * 100);
      this.#tell(((event.clientX - left) / width) * 100);
    };
    this.handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.handle.setPointerCapture(event.pointerId);
      this.handle.addEventListener("pointermove", move);
    });
    for (const end of ["pointerup", "pointercancel"]) this.handle.addEventListener(end, () => this.handle.removeEventListener("pointermove", move));
  }

  #tell(exact = Number(this.slider.value)) {
    const at = Math.max(0, Math.min(100, exact));
    this.stage.style.setProperty("--at", `${at}%`);
    const [left, right] = [...this.pair.querySelectorAll("select")].map((select) => select.selectedOptions[0]?.dataset.letter || "");
    const said = this.slider.dataset.said.replace("{left}", left).replace("{right}", right).replace("{n}", String(Math.round(at)));
    this.slider.setAttribute("aria-valuetext", said);
  }
}

const root = document.querySelector("[data-alternatives]");
const source = document.getElementById("map-data");
const features = document.getElementById("alternatives-data");
if (root && source && features) {
  new Comparing(root, JSON.parse(source.textContent), JSON.parse(features.textContent).features);
}
