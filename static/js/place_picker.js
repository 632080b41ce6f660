// Choosing a place: on a phone the map moves under a fixed sign, elsewhere a pin is dragged, clicked or moved with arrow keys.
// Writes the form's hidden inputs; the server checks the same again and has the last word.
/* global L */
import { wireFinding } from "./find_place.js";
import { createMap, distance, el, svg } from "./map/create.js";
import { Drawing } from "./map/draw.js";
import { drawGround, inside, loadGround, nearestBorder, nearestNamed } from "./map/ground.js";
import { locate, showMe } from "./map/locate.js";
import { BaseMaps, offerLayers } from "./map/tiles.js";
import { keptPlace } from "./photo_place.js";

const STEP = 4;
const STOOD = 3; // pixels
const COARSE = 500;
const ANYWHERE = 1e7;
const SPOKEN_WAIT = 350;
const WAIT = 450;
const REST = 700;

/** The words for a place come with the first place: a first visit that chooses none yet is spared them. */
const spoken = () => import("./spoken_place.js");

class Picker {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.words = { ...data.words, beside: root.dataset.beside, ways: root.dataset.ways.split("|") };
    this.lon = document.getElementById(root.dataset.lon);
    this.lat = document.getElementById(root.dataset.lat);
    this.shape = document.getElementById(root.dataset.shape);
    this.say_box = root.querySelector("[role=status]");
    this.box = root.querySelector(".mapbox");
    for (const sign of ["keydown", "pointerdown"]) this.box.addEventListener(sign, () => (this.by_keys = sign === "keydown"), { capture: true });
    this.touch = window.matchMedia("(max-width: 43.75em), (pointer: coarse)").matches;
    this.#fold();
    // What layers say of a thing stands above the pin; on a phone it must not move the map, which would choose another place.
    this.map = createMap(this.box, data.bounds, { minZoom: 10, popup: this.touch ? { autoPan: false } : { offset: [0, -44], autoPanPaddingTopLeft: [12, 84] } });
    this.#bound();
    this.#frame();
    const bases = new BaseMaps(this.map, this.box, data.base_maps);
    bases.start();
    offerLayers(this.map, bases, data, root.querySelector(".place-tools"), root, () => import("./map/small_layers.js"));
    this.#tools();
    if (this.touch) this.#crosshair();
    else this.#pin();
    this.say(this.lon.value ? this.words.chosen : this.touch ? this.words.choose : this.words.choose_desk, "");
    this.ground = loadGround(data.ground).then((ground) => {
      drawGround(this.map, ground, data.sprite, this.#turned());
      if (!this.lon.value && !this.within && ground.settlements.length && !this.#asked_place()) {
        const [town] = ground.settlements;
        this.#quietly(() => this.map.setView([town.lat, town.lon], 14, { animate: false }));
        this.marker?.setLatLng(this.map.getCenter());
      }
      if (this.lon.value) this.#tell(Number(this.lon.value), Number(this.lat.value));
      this.box.dataset.ready = "true";
      return ground;
    });
    const pickable = document.getElementById("pickable");
    if (pickable) import("./objects.js").then((module) => this.#things(module, JSON.parse(pickable.textContent)));
    const finding = document.querySelector("[data-find-place]");
    if (finding) {
      this.finding = wireFinding(finding, (hit) => this.#named(hit));
      this.was = finding.dataset.was;
    }
    this.#offerPhotoPlace();
    window.addEventListener("place:given", (event) => this.#found(event.detail));
    const tools = root.parentElement.querySelector("[data-draw-tools]");
    this.root.closest("form")?.addEventListener("submit", (event) => this.#guard(event));
    if (tools && this.shape) this.drawing = new Drawing(this.map, tools, this.shape, this.words, this.touch);
  }

  /** When somebody turns to the map, or it is moved to a place: whoever goes by name or by the lists is spared roads and their drawing. */
  #turned() {
    if (this.lon.value || this.#asked_place()) return Promise.resolve();
    return new Promise((done) => {
      for (const sign of ["pointerenter", "focusin"]) this.box.addEventListener(sign, done, { once: true });
      let rest = 0; // not while a slow phone still draws what was moved
      this.map.on("moveend", () => {
        if (this.quiet) return;
        clearTimeout(rest);
        rest = setTimeout(done, REST);
      });
    });
  }

  /** The way without a map stands open for those without scripts; beside the map it is folded until it is used. */
  #fold() {
    const words = this.root.closest("form")?.querySelector("[data-without-map]");
    const select = words?.querySelector("select");
    if (select && !select.value && select.getAttribute("aria-invalid") !== "true") words.open = false;
    this.#streets(words, select);
  }

  /** The streets of a settlement come when it is chosen; those of one that the tab alone had kept, at once. */
  #streets(words, select) {
    const streets = words?.querySelector("[data-streets]");
    if (!streets) return;
    const show = () => import("./streets.js").then(({ showStreets }) => showStreets(streets, select.value));
    select.addEventListener("change", show);
    if (select.value && streets.querySelector("select").length < 2) show();
  }

  /** The settlement of the list, with its streets. */
  #settle(slug) {
    const { settlement } = this.root.closest("form").elements;
    if (!settlement || settlement.value === slug) return;
    settlement.value = slug;
    settlement.dispatchEvent(new Event("change"));
  }

  /** What stands there and can be picked: on the map, and in the list of what is near. */
  #things({ wireObjects, NearObjects }, pickable) {
    this.objects = wireObjects(this.map, pickable, (hit) => this.#named(hit));
    const list = this.root.closest("form")?.querySelector("[data-objects]");
    if (list) this.things = new NearObjects(list, (hit) => this.#chosen(hit));
  }

  /** Chosen in the list: the sign stands at it, and the list stays as it is. */
  #chosen(hit) {
    if (!hit) return this.#unsay();
    this.#words(hit.words);
    this.#quietly(() => this.map.setView([hit.lat, hit.lon], Math.max(17, this.map.getZoom()), { animate: false }));
    this.marker?.setLatLng([hit.lat, hit.lon]);
    return this.choose(hit.lon, hit.lat, hit.words, true);
  }

  /** The words of a thing go with it. */
  #unsay() {
    const { place } = this.root.closest("form").elements;
    if (place && place.value === this.named) place.value = "";
  }

  /** It is about no thing any more. */
  #letGo() {
    if (!this.things?.picked) return;
    this.things.pick("");
    this.#unsay();
  }

  /** Into the place in words, unless somebody has typed there. What moves leaves the words of where it was. */
  #words(words) {
    const { place } = this.root.closest("form").elements;
    if (place && ["", this.named, this.was].includes(place.value)) place.value = words;
    this.named = words;
  }

  /** No place yet, or one outside: said here, where it is mended, before the form goes. Words for the place, or a drawing, stand for it; some need none. */
  #guard(event) {
    const { settlement, whole } = event.target.elements;
    if (event.submitter?.value === "search" || event.target.querySelector("#found input:checked")?.value) return;
    if (!settlement || settlement.value || whole?.checked || this.shape?.value) return;
    if (this.lon.value ? !this.outside : "optional" in this.root.dataset) return;
    event.preventDefault();
    if (!this.lon.value) this.say(this.words.not_chosen, this.touch ? this.words.choose : this.words.choose_desk, true);
    this.root.scrollIntoView({ block: "center" });
    (this.marker?.getElement() || this.box).focus();
  }

  #asked_place() {
    const parts = (new URLSearchParams(window.location.search).get("at") || "").split(",").map(Number);
    return parts.length >= 2 && parts.every(Number.isFinite) ? parts : null;
  }

  /** The border in which the place must lie: on the map from the start. */
  #bound() {
    const { within } = this.root.dataset;
    if (!within) return;
    this.within = JSON.parse(within);
    this.limits = L.geoJSON(this.within, { interactive: false, style: { className: "g-within" } }).addTo(this.map).getBounds();
  }

  #frame() {
    const asked = this.#asked_place();
    if (this.lon.value && this.lat.value) this.map.setView([Number(this.lat.value), Number(this.lon.value)], 17);
    else if (asked) this.map.setView([asked[1], asked[0]], Math.max(14, Math.min(18, asked[2] || 15)));
    else if (this.limits) this.map.fitBounds(this.limits.pad(0.1), { animate: false });
    else this.map.fitBounds([[this.data.bounds[1], this.data.bounds[0]], [this.data.bounds[3], this.data.bounds[2]]]);
  }

  #quietly(act) {
    this.quiet = true;
    act();
    this.quiet = false;
  }

  /** Whether the click belongs to the drawing, or picks the thing that it hits: then layers say nothing of it. */
  #takes(event) {
    event.taken = Boolean(this.drawing?.active || this.objects?.hit(event.latlng));
    return event.taken;
  }

  #crosshair() {
    let was = this.map.getCenter();
    this.map.on("click", (event) => this.#takes(event));
    this.map.on("moveend", () => {
      const centre = this.map.getCenter();
      const sign = this.lon.value ? L.latLng(Number(this.lat.value), Number(this.lon.value)) : was;
      const stood = this.map.latLngToLayerPoint(centre).distanceTo(this.map.latLngToLayerPoint(sign)) < STOOD;
      if (this.quiet) was = centre;
      if (this.quiet || stood || this.drawing?.active) return; // brought nearer, or the phone was turned: nobody moved it
      this.choose(centre.lng, centre.lat);
    });
  }

  #pin() {
    this.root.querySelector(".cross").remove();
    const sign = svg("svg", { class: "place-pin", viewBox: "-22 -48 44 52", width: 48, height: 56, "aria-hidden": "true" });
    sign.append(svg("use", { class: "o", href: `${this.data.sprite}#k-problem` }), svg("circle", { class: "hole", cx: 0, cy: -28, r: 6 }));
    const handle = el("span", {}, sign);
    this.marker = L.marker(this.map.getCenter(), {
      draggable: true,
      autoPan: true,
      keyboard: true,
      icon: L.divIcon({ className: "place-handle", html: handle, iconSize: [48, 56], iconAnchor: [24, 52] }),
    }).addTo(this.map);
    const node = this.marker.getElement();
    node.setAttribute("aria-label", this.words.place);
    node.addEventListener("keydown", (event) => this.#arrow(event));
    this.marker.on("dragend", () => this.#take(this.marker.getLatLng()));
    this.map.on("click", (event) => {
      if (this.#takes(event)) return;
      this.marker.setLatLng(event.latlng);
      this.#take(event.latlng);
    });
  }

  #arrow(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? STEP * 8 : STEP;
    const at = this.map.latLngToContainerPoint(this.marker.getLatLng()).add([by[0] * step, by[1] * step]);
    const to = this.map.containerPointToLatLng(at);
    this.marker.setLatLng(to);
    this.map.panInside(to, { padding: [60, 60], animate: false });
    this.#take(to);
  }

  #take(at) {
    this.choose(at.lng, at.lat);
  }

  #tools() {
    this.root.querySelector(".place-tools").addEventListener("click", (event) => {
      const act = event.target.closest("button")?.dataset.act;
      if (act === "in") this.map.zoomIn();
      else if (act === "out") this.map.zoomOut();
      else if (act === "locate") locate((place) => this.#found(place), (refused) => this.say(refused ? this.words.refused : this.words.no_position, "", true));
    });
  }

  #found(place) {
    showMe(this.map, place, this.words.here);
    const around = L.latLng(place.lat, place.lon).toBounds(2 * place.metres);
    this.#quietly(() => this.map.setView([place.lat, place.lon], Math.min(17, this.map.getBoundsZoom(around)), { animate: false }));
    this.marker?.setLatLng([place.lat, place.lon]);
    const metres = distance(place.metres, this.words);
    // So coarse a position is where to look, not the place: it is chosen by hand.
    if (place.metres > COARSE) this.say(this.words.not_chosen, this.words.coarse.replace("{distance}", metres), true);
    else this.choose(place.lon, place.lat, this.words.accuracy.replace("{distance}", metres));
  }

  /** A photo of this report knows where it was taken: offered, never taken without asking. */
  async #offerPhotoPlace() {
    const offer = document.querySelector("[data-photo-place]");
    const place = keptPlace(this.root.closest("form")?.dataset.draft);
    if (!offer || !place || this.lon.value) return;
    const ground = await loadGround(this.data.ground);
    if (!inside(ground, place.lon, place.lat) && nearestBorder(ground, place.lon, place.lat).metres > this.data.outside_metres) {
      this.say(this.words.photo_outside, this.touch ? this.words.choose : this.words.choose_desk, true);
      return;
    }
    const { placeInWords } = await spoken();
    offer.querySelector("[data-where]").textContent = placeInWords(ground, place.lon, place.lat, this.words);
    offer.hidden = false;
    offer.querySelector("button").addEventListener("click", () => {
      offer.hidden = true;
      this.#quietly(() => this.map.setView([place.lat, place.lon], 17, { animate: false }));
      this.marker?.setLatLng([place.lat, place.lon]);
      this.choose(place.lon, place.lat);
      (this.marker?.getElement() || this.box).focus();
    });
  }

  /** A place found by its name: its own point, or its settlement and its words until the sign is moved. */
  #named(hit) {
    const { settlement } = this.root.closest("form").elements;
    const at = [hit.lat, hit.lon];
    if (hit.lat !== null) {
      this.#quietly(() => this.map.setView(at, hit.exact ? 18 : 15, { animate: false }));
      this.marker?.setLatLng(at);
    }
    this.#letGo();
    this.#words(hit.words);
    if (hit.exact) {
      this.choose(hit.lon, hit.lat, hit.name);
      this.things?.pick(hit.object || "");
      return;
    }
    if (!settlement && hit.lat !== null) {
      this.choose(hit.lon, hit.lat, hit.name).then(() => this.say(this.words.approximate, hit.name));
      return;
    }
    if (settlement) {
      this.#settle(hit.settlement);
      const list = settlement.closest("details");
      if (list) list.open = true;
    }
    this.lon.value = "";
    this.lat.value = "";
    this.say(this.words.approximate, hit.name);
  }

  /** The place is (lon, lat): into the form, into words, and to those who listen. `listed`: it was chosen among the things near. */
  async choose(lon, lat, more = "", listed = false) {
    if (!listed) this.#letGo(); // moved by hand
    this.asked?.abort(); // what is around the former place is no news of this one
    this.lon.value = lon.toFixed(6);
    this.lat.value = lat.toFixed(6);
    this.#settle(""); // what was pointed at last is the place
    this.finding?.silence();
    document.getElementById("found")?.replaceChildren();
    await this.#tell(lon, lat, more);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!listed) this.things?.show(this.lon.value, this.lat.value);
      this.#nearby(more);
    }, WAIT);
  }

  /** Says the place; once more, by its `street`, when the server has found that. */
  async #tell(lon, lat, more = "", street = "") {
    const [ground, words] = await Promise.all([this.ground || loadGround(this.data.ground), spoken()]);
    if (!street) this.border?.remove();
    const within = inside(ground, lon, lat);
    const edge = within ? null : nearestBorder(ground, lon, lat);
    const beside = edge && edge.metres <= this.data.outside_metres;
    const beyond = this.within && !inside({ outline: this.within }, lon, lat);
    this.outside = beyond || (!within && !beside);
    if (beyond) {
      this.heading = [lon, lat];
      this.#speak(this.root.dataset.beyond, this.root.dataset.return, true);
    } else if (!this.outside) {
      const first = beside ? this.words.just_outside : this.words.chosen;
      this.#speak(first, [this.#way(words, lon, lat), words.placeInWords(ground, lon, lat, this.words, street), more].filter(Boolean).join(" · "));
    } else {
      this.heading = [lon, lat];
      const next = edge.metres <= this.data.neighbour_metres && nearestNamed(ground.neighbours, lon, lat, ANYWHERE);
      const where = next ? this.words.outside_to.replace("{name}", next.name) : this.words.outside_move;
      this.#speak(this.words.outside.replace("{distance}", distance(edge.metres, this.words)), where, true);
    }
    if (street) return;
    if (edge) this.border = L.polyline([[lat, lon], [edge.lat, edge.lon]], { className: "g-way", interactive: false }).addTo(this.map);
    this.root.dispatchEvent(new CustomEvent("place:changed", { bubbles: true, detail: { lon, lat, inside: within } }));
  }

  /** „20 м на север“ since the place was last said, for who moves it by keys: where nothing is near, all other words stay the same. */
  #way({ wayInWords }, lon, lat) {
    this.heading = [lon, lat];
    this.last_said ??= this.heading;
    return this.by_keys ? wayInWords(this.last_said, this.heading, this.words) : "";
  }

  /** Said once the sign rests: a held arrow key must not be read out at every step. */
  #speak(first, second, bad = false) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      this.last_said = this.heading;
      this.say(first, second, bad);
    }, SPOKEN_WAIT);
  }

  say(first, second, bad = false) {
    clearTimeout(this.speaking);
    this.say_box.replaceChildren(el("b", bad ? { class: "bad" } : {}, first), ...(second ? [el("span", {}, second)] : []));
  }

  async #nearby(more) {
    const place = document.getElementById("nearby");
    if (!this.root.dataset.nearby || !place) return;
    const address = new URL(this.root.dataset.nearby, window.location.href);
    address.searchParams.set("lon", this.lon.value);
    address.searchParams.set("lat", this.lat.value);
    if (this.things?.picked) address.searchParams.set("object", this.things.picked);
    this.asked?.abort();
    this.asked = new AbortController();
    const html = await fetch(address, { signal: this.asked.signal }).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null);
    if (html === null) return;
    place.innerHTML = html;
    const street = place.querySelector("[data-street]")?.dataset.street;
    if (street && !this.outside) this.#tell(Number(this.lon.value), Number(this.lat.value), more, street);
  }
}

const data = document.getElementById("map-data");
for (const root of document.querySelectorAll("[data-place-picker]")) if (data) new Picker(root, JSON.parse(data.textContent));

