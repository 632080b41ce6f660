// Shapes of planned projects under their signs; a dashed edge says that the shape is approximate.
/* global L */

/** Keeps the shapes of one map. `light(ref or null)` is called when the pointer enters and leaves one. */
export class Shapes {
  constructor(map, light) {
    this.map = map;
    this.light_up = light;
    const pane = map.createPane("shapes");
    pane.style.zIndex = 400;
    this.renderer = L.svg({ pane: "shapes", padding: 0.4 });
    this.layers = new Map();
  }

  /** Shows exactly these: [{ref, sector, approx, url, geometry}]. */
  show(shapes) {
    const wanted = new Set(shapes.map((shape) => shape.ref));
    for (const [ref, layer] of this.layers) {
      if (!wanted.has(ref)) {
        layer.remove();
        this.layers.delete(ref);
      }
    }
    for (const shape of shapes) {
      if (!this.layers.has(shape.ref)) this.layers.set(shape.ref, this.#draw(shape).addTo(this.map));
    }
  }

  /** Draws the shape of `ref` stronger. */
  light(ref) {
    for (const [each, layer] of this.layers) {
      layer.eachLayer((part) => part.getElement?.()?.classList.toggle("is-on", each === ref));
    }
  }

  #draw(shape) {
    const area = shape.geometry.type.includes("Polygon");
    const css = `shape s-${shape.icon}${area ? " area" : ""}${shape.approx ? " approx" : ""}`;
    const layer = L.geoJSON(shape.geometry, {
      renderer: this.renderer,
      pane: "shapes",
      style: (feature) => (feature.geometry.type.includes("Point") ? {} : { className: css }),
      pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 5, renderer: this.renderer, pane: "shapes", className: `shape spot s-${shape.icon}` }),
    });
    layer.on("mouseover", () => this.light_up(shape.ref));
    layer.on("mouseout", () => this.light_up(null));
    layer.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      window.location.assign(shape.url);
    });
    return layer;
  }
}
