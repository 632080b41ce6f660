// A line or an area beside the point: corners are added by clicking, or on a phone by the sign in the middle.
/* global L */

const MOST = 200;

export class Drawing {
  /** `tools`: the buttons; `field`: hidden input that takes the GeoJSON geometry as text; `touch`: corners come from the map's middle. */
  constructor(map, tools, field, words, touch) {
    this.map = map;
    this.tools = tools;
    this.field = field;
    this.words = words;
    this.touch = touch;
    this.kind = "";
    this.corners = [];
    tools.hidden = false;
    tools.addEventListener("click", (event) => this.#act(event.target.closest("button")?.dataset.draw));
    map.on("click", (event) => this.active && !this.touch && this.#add(event.latlng));
    this.#read();
  }

  /** Whether clicks add corners now. */
  get active() {
    return this.kind !== "";
  }

  #act(act) {
    if (act === "line" || act === "area") this.kind = this.kind === act ? "" : act;
    else if (act === "add") this.#add(this.map.getCenter());
    else if (act === "undo") this.corners.pop();
    else if (act === "clear") {
      this.kind = "";
      this.corners = [];
    }
    this.#show();
  }

  #add(at) {
    if (this.corners.length < MOST) this.corners.push([at.lng, at.lat]);
    this.#show();
  }

  #read() {
    if (!this.field.value) return;
    try {
      const shape = JSON.parse(this.field.value);
      this.kind = shape.type === "Polygon" ? "area" : "line";
      this.corners = shape.type === "Polygon" ? shape.coordinates[0].slice(0, -1) : shape.coordinates;
      this.#show();
    } catch {
      this.field.value = "";
    }
  }

  #geometry() {
    const at = this.corners.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
    if (this.kind === "line" && at.length > 1) return { type: "LineString", coordinates: at };
    if (this.kind === "area" && at.length > 2) return { type: "Polygon", coordinates: [[...at, at[0]]] };
    return null;
  }

  #show() {
    this.layer?.remove();
    const geometry = this.#geometry();
    this.field.value = geometry ? JSON.stringify(geometry) : "";
    this.layer = L.layerGroup(this.corners.map(([lon, lat]) => L.circleMarker([lat, lon], { radius: 5, interactive: false, className: "g-corner" })));
    if (geometry) this.layer.addLayer(L.geoJSON(geometry, { interactive: false, style: { className: `shape s-other${geometry.type === "Polygon" ? " area" : ""}` } }));
    this.layer.addTo(this.map);
    for (const button of this.tools.querySelectorAll("button")) {
      const act = button.dataset.draw;
      if (act === "line" || act === "area") button.setAttribute("aria-pressed", String(this.kind === act));
      if (act === "add") button.hidden = !(this.active && this.touch);
      if (act === "undo") button.hidden = !this.corners.length;
      if (act === "clear") button.hidden = !this.active && !this.corners.length;
    }
    this.tools.querySelector("[data-draw-say]").textContent = this.active ? this.words.points.replace("{n}", String(this.corners.length)) : "";
  }
}
