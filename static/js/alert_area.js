// The place of an alert: only the chosen way is shown; a circle or an area is set on the map by clicks, fingers or keys.
/* global L */
import { createMap } from "./map/create.js";
import { drawGround, loadGround } from "./map/ground.js";
import { BaseMaps, offerLayers } from "./map/tiles.js";

const MOST = 200;

class AlertArea {
  constructor(form) {
    this.form = form;
    this.box = form.querySelector("[data-area-map]");
    this.status = document.getElementById("area-say");
    this.fields = { lon: form.elements.lon, lat: form.elements.lat, shape: form.elements.shape, metres: form.elements.metres };
    form.addEventListener("change", (event) => event.target.name === "where" && this.#show());
    this.fields.metres.addEventListener("change", () => this.#draw());
    form.elements.around.addEventListener("input", () => this.#words());
    this.#show();
  }

  get way() {
    return this.form.elements.where.value;
  }

  #show() {
    for (const part of this.form.querySelectorAll("[data-way]")) part.hidden = part.dataset.way !== this.way;
    this.box.hidden = this.way === "areas";
    for (const part of this.box.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== this.way;
    if (this.box.hidden) return;
    if (!this.map) this.#begin();
    this.map.invalidateSize();
    this.#draw();
    this.#say(this.way === "drawn" && this.corners.length ? this.#counted() : this.status.dataset.say);
  }

  #begin() {
    const data = JSON.parse(document.getElementById("map-data").textContent);
    const frame = this.box.querySelector(".mapbox");
    this.map = createMap(frame, data.bounds, { minZoom: 9, keyboard: true });
    this.layer = L.layerGroup().addTo(this.map);
    const [west, south, east, north] = data.bounds;
    this.map.fitBounds([[south, west], [north, east]]);
    const bases = new BaseMaps(this.map, frame, data.base_maps);
    bases.start();
    offerLayers(this.map, bases, data, this.box.querySelector(".place-tools"), frame.parentElement, () => import("./map/small_layers.js"));
    loadGround(data.ground).then((ground) => drawGround(this.map, ground, data.sprite));
    this.corners = this.#stored();
    this.map.on("click", (event) => this.#add(event.latlng));
    this.box.addEventListener("click", (event) => this.#act(event.target.closest("button")?.dataset.act));
    if (this.corners.length) this.map.fitBounds(this.corners.map(([lon, lat]) => [lat, lon]), { padding: [30, 30] });
    else if (this.fields.lon.value) this.map.setView([Number(this.fields.lat.value), Number(this.fields.lon.value)], 14);
    frame.dataset.ready = "true";
  }

  #stored() {
    try {
      const { type, coordinates } = JSON.parse(this.fields.shape.value);
      if (type === "Polygon") return coordinates[0].slice(0, -1);
      return type === "Point" ? [coordinates] : coordinates;
    } catch {
      return [];
    }
  }

  /** Corners as a geometry: too few for an area are kept as the point or the line that they make, and come back from the server. */
  #geometry(corners) {
    if (corners.length > 2) return { type: "Polygon", coordinates: [[...corners, corners[0]]] };
    return corners.length > 1 ? { type: "LineString", coordinates: corners } : { type: "Point", coordinates: corners[0] };
  }

  #counted() {
    const { few, corners } = this.status.dataset;
    return (this.corners.length < 3 ? few : corners).replace("{n}", String(this.corners.length));
  }

  #act(act) {
    if (act === "in") this.map.zoomIn();
    else if (act === "out") this.map.zoomOut();
    else if (act === "add") this.#add(this.map.getCenter());
    else if (act === "undo") this.#keep(this.corners.slice(0, -1));
    else if (act === "clear") this.#keep([]);
  }

  #add(at) {
    const point = [Number(at.lng.toFixed(6)), Number(at.lat.toFixed(6))];
    if (this.way === "circle") {
      [this.fields.lon.value, this.fields.lat.value] = point.map(String);
      this.form.elements.around.value = "";
      this.#draw();
      this.#say(this.status.dataset.chosen);
    } else if (this.corners.length < MOST) this.#keep([...this.corners, point]);
  }

  #keep(corners) {
    this.corners = corners;
    this.fields.shape.value = corners.length ? JSON.stringify(this.#geometry(corners)) : "";
    this.#draw();
    this.#say(this.#counted());
  }

  /** Words that name the place come instead of a point on the map. */
  #words() {
    if (!this.form.elements.around.value.trim()) return;
    this.fields.lon.value = this.fields.lat.value = "";
    this.#draw();
  }

  #draw() {
    if (!this.map) return;
    this.layer.clearLayers();
    const look = { interactive: false, className: "shape s-other area" };
    if (this.way === "circle") {
      if (!this.fields.lon.value) return;
      const at = [Number(this.fields.lat.value), Number(this.fields.lon.value)];
      const circle = L.circle(at, { ...look, radius: Number(this.fields.metres.value) }).addTo(this.layer);
      L.circleMarker(at, { radius: 5, interactive: false, className: "g-corner" }).addTo(this.layer);
      if (!this.map.getBounds().contains(circle.getBounds()) || this.map.getZoom() < 12) this.map.fitBounds(circle.getBounds(), { animate: false });
      return;
    }
    const places = this.corners.map(([lon, lat]) => [lat, lon]);
    if (places.length > 2) L.polygon(places, look).addTo(this.layer);
    else if (places.length > 1) L.polyline(places, look).addTo(this.layer);
    for (const at of places) L.circleMarker(at, { radius: 5, interactive: false, className: "g-corner" }).addTo(this.layer);
  }

  #say(words) {
    this.status.textContent = words;
  }
}

const form = document.querySelector("form[data-alert]");
if (form) new AlertArea(form);
