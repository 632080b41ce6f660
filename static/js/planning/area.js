// Drawing the area of the question: corners, or centre and radius, by clicks or by moving the map under the cross in its middle.
/* global L */
import { distance } from "../map/create.js";

const MOST = 200;
const LEAST_METRES = 10;

/** `tools`: the buttons of templates/planning/_area.html. Finishing writes the form's `within` and sends the form. */
export function wireArea(map, frame, tools, words) {
  if (tools) new Area(map, frame, tools, words);
}

class Area {
  constructor(map, frame, tools, words) {
    Object.assign(this, { map, frame, tools, words, kind: "", corners: [], layer: L.layerGroup().addTo(map) });
    this.radius = tools.querySelector("[data-radius]");
    this.field = document.getElementById("ask-within");
    tools.hidden = false;
    tools.addEventListener("click", (event) => this.#act(event.target.closest("button")?.dataset.act));
    this.radius.addEventListener("input", () => this.#show());
    this.radius.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.#act("finish");
    });
    map.on("click", (event) => {
      if (!this.kind) return;
      event.taken = true; // see FeatureLayers
      this.#add(event.latlng);
    });
    map.on("dblclick", () => this.kind === "polygon" && this.#act("finish"));
    frame.addEventListener("keydown", (event) => this.#key(event));
  }

  #key(event) {
    if (!this.kind || event.target !== this.map.getContainer()) return;
    if (event.key === "Escape") this.#act("stop");
    else if (event.key === "Backspace") this.#act("back");
    else if (event.key === " ") this.#act("add");
    else if (event.key === "Enter") this.#act("finish");
    else return;
    event.preventDefault();
  }

  #act(act) {
    if (act === "polygon" || act === "circle") {
      this.kind = this.kind === act ? "" : act;
      this.corners = [];
      if (this.kind) this.map.getContainer().focus({ preventScroll: true });
      if (this.kind) this.frame.scrollIntoView({ block: "nearest" });
    } else if (act === "add") this.#add(this.map.getCenter());
    else if (act === "back") this.corners.pop();
    else if (act === "stop") {
      this.kind = "";
      this.corners = [];
    } else if (act === "finish") this.#finish();
    this.#show();
  }

  #add(at) {
    const point = [Number(at.lng.toFixed(5)), Number(at.lat.toFixed(5))];
    const last = this.corners.at(-1);
    if (last && last[0] === point[0] && last[1] === point[1]) return;
    if (this.kind === "circle" && this.corners.length) {
      const [lon, lat] = this.corners[0];
      this.radius.value = String(Math.max(LEAST_METRES, Math.round(this.map.distance([lat, lon], [point[1], point[0]]))));
    } else if (this.corners.length < MOST) this.corners.push(point);
    this.#show();
  }

  get #metres() {
    return Number(this.radius.value.replace(",", "."));
  }

  #finish() {
    if (this.kind === "polygon" && this.corners.length > 2) this.#send(`polygon:${this.corners.map(([lon, lat]) => `${lon} ${lat}`).join(",")}`);
    else if (this.kind === "circle" && this.corners.length && this.#metres >= LEAST_METRES) this.#send(`circle:${this.corners[0].join(",")},${this.#metres}`);
  }

  #send(within) {
    this.field.value = within;
    this.field.form.requestSubmit();
  }

  #show() {
    this.layer.clearLayers();
    this.frame.classList.toggle("is-drawing", Boolean(this.kind));
    this.map.doubleClickZoom[this.kind ? "disable" : "enable"]();
    for (const button of this.tools.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", String(button.dataset.act === this.kind));
    this.tools.querySelector("[data-while]").hidden = !this.kind;
    this.tools.querySelector("[data-round]").hidden = this.kind !== "circle";
    const places = this.corners.map(([lon, lat]) => [lat, lon]);
    if (this.kind === "circle" && places.length && this.#metres > 0) L.circle(places[0], { radius: this.#metres, className: "a-new", interactive: false }).addTo(this.layer);
    else if (places.length > 1) L.polygon(places, { className: "a-new", interactive: false }).addTo(this.layer);
    for (const at of places) L.circleMarker(at, { radius: 5, className: "g-corner", interactive: false }).addTo(this.layer);
    this.tools.querySelector("[data-say]").textContent = this.#words();
  }

  #words() {
    if (!this.kind) return "";
    if (this.kind === "circle") return this.corners.length ? this.words.circle_drawn.replace("{distance}", distance(this.#metres || 0, this.words)) : this.words.circle_how;
    return this.corners.length ? this.words.points.replace("{n}", String(this.corners.length)) : this.words.polygon_how;
  }
}
