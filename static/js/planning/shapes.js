// The answer's shapes: colour and strokes by level, one stop of the tab key for all, arrow keys through them.
/* global L */
import { el, svg } from "../map/create.js";

const LEVELS = [
  { fill: 0.12, step: 0 },
  { fill: 0.3, step: 11 },
  { fill: 0.45, step: 8 },
  { fill: 0.62, step: 5.5 },
  { fill: 0.8, step: 3.5 },
];

/** `rows`: [{row, name, level, geometry}]; `on`: {light(row or null), go(row), takes(at): whether a click there is
 * another's}; `help`: what a screen reader hears of the keys. */
export class AnswerShapes {
  constructor(map, rows, on, help) {
    this.map = map;
    this.on = on;
    const pane = map.createPane("answer");
    pane.style.zIndex = 420;
    const above = map.createPane("answerNumbers");
    above.style.zIndex = 430;
    above.style.pointerEvents = "none";
    this.numbers = L.layerGroup().addTo(map);
    this.renderer = L.svg({ pane: "answer", padding: 0.5 });
    this.group = L.featureGroup();
    this.layers = new Map();
    for (const row of rows) this.layers.set(row.row, this.#layer(row));
    this.group.addTo(map);
    this.#patterns();
    this.order = rows.map((row) => row.row);
    for (const row of rows) this.#dress(row, help);
    this.#rove(this.order[0]);
  }

  get bounds() {
    return this.group.getBounds();
  }

  show(wanted) {
    for (const name of ["answer", "answerNumbers"]) this.map.getPane(name).hidden = !wanted;
  }

  light(row) {
    for (const [each, layer] of this.layers) {
      for (const node of nodes(layer)) node.classList.toggle("is-on", each === row);
    }
    if (row !== null) this.layers.get(row)?.bringToFront();
  }

  /** Brings the shape of a row into sight and lights it up. */
  find(row) {
    const layer = this.layers.get(row);
    if (!layer) return;
    const box = layer.getBounds();
    if (!this.map.getBounds().contains(box)) this.map.fitBounds(box, { maxZoom: 16, padding: [40, 40] });
    this.#rove(row);
    this.light(row);
    nodes(layer)[0]?.focus({ preventScroll: true });
  }

  #layer(row) {
    const flat = row.geometry.type.includes("Polygon");
    const css = `a-shape${flat ? "" : ` is-line w-${row.level ?? 0}`}${row.level === null && flat ? " is-plain" : ""}`;
    const options = { renderer: this.renderer, pane: "answer", className: css, bubblingMouseEvents: false };
    const layer = L.geoJSON(row.geometry, {
      style: () => options,
      pointToLayer: (_feature, at) => L.circleMarker(at, { ...options, className: `${css} is-spot`, radius: 5 + 2 * (row.level ?? 0) }),
    });
    if (row.label) this.#label(layer, row.label);
    layer.on("mouseover", () => this.on.light(row.row));
    layer.on("mouseout", () => this.on.light(null));
    layer.on("click", (event) => this.on.takes(event.latlng) || this.on.go(row.row));
    return layer.addTo(this.group);
  }

  // The number of the row, for the eye: the shape's own name says it to a screen reader.
  #label(layer, words) {
    const node = el("span", { class: "a-number", "aria-hidden": "true" }, words);
    L.marker(layer.getBounds().getCenter(), {
      interactive: false,
      keyboard: false,
      pane: "answerNumbers",
      icon: L.divIcon({ className: "", html: node, iconSize: [0, 0] }),
    }).addTo(this.numbers);
  }

  // Strokes over the colour: who sees no difference between blues sees one between sparse and dense.
  #patterns() {
    const root = this.renderer._container;
    if (!root) return;
    const defs = svg("defs");
    for (const [level, { fill, step }] of LEVELS.entries()) {
      const size = step || 8;
      const pattern = svg("pattern", { id: `answer-${level}`, width: size, height: size, patternUnits: "userSpaceOnUse" });
      pattern.append(svg("rect", { class: "a-fill", width: size, height: size, "fill-opacity": fill }));
      if (step) pattern.append(svg("path", { class: "a-hatch", d: `M0 ${size}L${size} 0`, "stroke-width": 0.8 }));
      defs.append(pattern);
    }
    root.prepend(defs);
  }

  #dress(row, help) {
    for (const [index, node] of nodes(this.layers.get(row.row)).entries()) {
      if (row.level !== null && (!node.classList.contains("is-line") || node.classList.contains("is-spot"))) {
        node.setAttribute("fill", `url(#answer-${row.level})`);
        node.setAttribute("fill-opacity", "1");
      }
      if (index) continue;
      node.setAttribute("role", "button");
      node.setAttribute("aria-label", row.name);
      node.setAttribute("tabindex", "-1");
      node.setAttribute("aria-describedby", help);
      node.addEventListener("focus", () => this.on.light(row.row));
      node.addEventListener("blur", () => this.on.light(null));
      node.addEventListener("keydown", (event) => this.#key(event, row.row));
    }
  }

  #key(event, row) {
    const at = this.order.indexOf(row);
    const next = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: this.order.length - 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") this.on.go(row);
    else if (next === undefined) return;
    else this.find(this.order[(next + this.order.length) % this.order.length]);
    event.preventDefault();
    event.stopPropagation();
  }

  // One shape can be reached by the tab key; it is the one that was last in focus.
  #rove(row) {
    if (row === undefined) return;
    for (const [each, layer] of this.layers) nodes(layer)[0]?.setAttribute("tabindex", each === row ? "0" : "-1");
  }
}

function nodes(layer) {
  const found = [];
  layer.eachLayer((part) => (part.eachLayer ? found.push(...nodes(part)) : part.getElement?.() && found.push(part.getElement())));
  return found;
}
