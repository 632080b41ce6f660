// Areas that are switched on in the layers panel: shapes to click or to reach by Tab, and the card of one of them.
/* global L */

export class Zones {
  /** `setup`: {areas: address with KEY, area: address of a card}; `card`: where it is shown; `on`: {params(), only(query), switched(keys), opened(), failed()}. */
  constructor(map, setup, panel, card, on) {
    this.map = map;
    this.setup = setup;
    this.card = card;
    this.on = on;
    const pane = map.createPane("zones");
    pane.style.zIndex = 300;
    this.renderer = L.svg({ pane: "zones", padding: 0.5 });
    this.layers = new Map();
    this.boxes = [...panel.querySelectorAll("input[name=zones]")];
    for (const box of this.boxes) {
      box.addEventListener("change", () => {
        this.#tell();
        this.#switch(box);
      });
    }
    card.addEventListener("click", (event) => this.#clicked(event));
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  /** Switches on exactly the layers that the address names. */
  async follow() {
    const named = (this.on.params().get("layers") || "").split(",");
    const other = this.boxes.filter((box) => box.checked !== named.includes(box.value));
    for (const box of other) box.checked = !box.checked;
    await Promise.all(other.map((box) => this.#switch(box)));
  }

  get keys() {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  /** Draws the areas of the filter stronger, and the one whose card is open. */
  mark() {
    const chosen = (this.on.params().get("area") || "").split(",");
    for (const path of this.map.getPane("zones").querySelectorAll(".zone")) {
      path.classList.toggle("is-on", chosen.includes(path.dataset.area));
      path.classList.toggle("is-open", path.dataset.area === this.asked);
    }
  }

  /** The open card's figures under the filters of now; the focus stays. */
  async again() {
    if (!this.card.hidden && this.asked) await this.#fill(this.asked);
  }

  /** Takes the card away; the focus returns to its shape. */
  close() {
    const held = this.card.contains(document.activeElement);
    this.asked = null;
    this.card.hidden = true;
    this.card.replaceChildren();
    this.mark();
    if (held) (this.from?.isConnected ? this.from : this.map.getContainer()).focus({ preventScroll: true });
  }

  #tell() {
    this.on.switched();
  }

  async #switch(box) {
    this.layers.get(box.value)?.remove();
    this.layers.delete(box.value);
    if (!box.checked) {
      if (!this.card.hidden && !this.from?.isConnected) this.close();
      return;
    }
    const answer = await fetch(this.setup.areas.replace("KEY", box.value)).catch(() => null);
    if (!answer || !answer.ok) {
      box.checked = false;
      this.#tell();
      this.on.failed();
      return;
    }
    const { shapes } = await answer.json();
    if (!box.checked || this.layers.has(box.value)) return;
    this.layers.set(box.value, L.layerGroup(shapes.map((shape) => this.#drawn(shape))).addTo(this.map));
    for (const layer of this.layers.get(box.value).getLayers()) layer.eachLayer((part) => this.#named(part));
    this.mark();
  }

  #drawn(shape) {
    return L.geoJSON({ type: "Feature", properties: shape, geometry: shape.geometry }, { renderer: this.renderer, pane: "zones", style: { className: "zone", bubblingMouseEvents: false } });
  }

  #named(part) {
    const { area, name } = part.feature.properties;
    const path = part.getElement();
    for (const [key, value] of Object.entries({ tabindex: "0", role: "button", "aria-label": name })) path.setAttribute(key, value);
    path.dataset.area = area;
    part.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      this.#open(area, path);
    });
    path.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.#open(area, path);
    });
    // What is in focus must be seen: a shape beyond the edge is moved into sight.
    path.addEventListener("focus", () => {
      if (!this.map.getBounds().intersects(part.getBounds())) this.map.panTo(part.getBounds().getCenter(), { animate: false });
    });
  }

  async #open(area, from) {
    this.asked = area;
    this.from = from;
    this.mark();
    if (!(await this.#fill(area))) {
      if (this.asked === area) this.close();
      return;
    }
    this.on.opened();
    this.card.hidden = false;
    this.card.querySelector("h2").focus({ preventScroll: true });
  }

  /** Puts the server's card of the area in place; true when it stands. */
  async #fill(area) {
    const wanted = new URLSearchParams(this.on.params());
    wanted.set("area", area);
    for (const name of ["bbox", "at", "layers", "order", "cursor"]) wanted.delete(name);
    const answer = await fetch(`${this.setup.area}?${wanted}`, { cache: "no-cache" }).catch(() => null);
    if (this.asked !== area) return false;
    if (!answer || !answer.ok) {
      this.on.failed();
      return false;
    }
    const held = this.card.contains(document.activeElement);
    this.card.innerHTML = await answer.text();
    if (held) this.card.querySelector("h2").focus({ preventScroll: true });
    return true;
  }

  #clicked(event) {
    if (event.target.closest("[data-area-close]")) this.close();
    const only = event.target.closest("a[data-area-only]");
    if (!only || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.close();
    this.on.only(new URLSearchParams(new URL(only.href).search));
    this.mark();
  }
}
