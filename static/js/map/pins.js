// Pins and clusters from the server's answer as real, focusable markers. Markers that stay are kept, so focus stays too.
/* global L */
import { el } from "./create.js";
import { cluster, clusterSize, sign } from "./signs.js";

/** Keeps the markers of one map. `on`: {pick(pin, byKeyboard), light(ref or null), open(cluster)}; `words`: names by kind; a cluster brings its own. */
export class Pins {
  constructor(map, sprite, words, on) {
    this.map = map;
    this.sprite = sprite;
    this.words = words;
    this.on = on;
    this.markers = new Map();
    this.pins = new Map();
    this.picked = null;
  }

  /** Shows exactly these pins and clusters. */
  show(pins, clusters) {
    const wanted = new Map();
    for (const pin of pins) wanted.set(`${pin.ref}|${pin.mark}|${pin.lon}|${pin.lat}`, () => this.#pin(pin));
    for (const group of clusters) wanted.set(`c|${group.lon}|${group.lat}|${group.count}|${group.late}`, () => this.#cluster(group));
    const held = [...this.markers.values()].find((marker) => marker.getElement()?.contains(document.activeElement));
    const ref = held && document.activeElement.dataset.ref;
    for (const [key, marker] of this.markers) {
      if (!wanted.has(key)) {
        marker.remove();
        this.markers.delete(key);
      }
    }
    this.pins = new Map(pins.map((pin) => [pin.ref, pin]));
    for (const [key, make] of wanted) {
      if (!this.markers.has(key)) this.markers.set(key, make().addTo(this.map));
    }
    // The sign that was in focus may be gone or part of another: the same one, the nearest in sight, else the map itself.
    if (held && !held.getElement()?.isConnected) (ref && this.focus(ref)) || this.focusNear(held.getLatLng());
    this.light(this.picked);
  }

  /** Lights the sign of `ref` up, and only it. */
  light(ref) {
    for (const marker of this.markers.values()) {
      const node = marker.getElement()?.firstElementChild;
      if (!node || !node.dataset.ref) continue;
      const on = node.dataset.ref === ref;
      node.classList.toggle("is-on", on);
      marker.setZIndexOffset(on ? 10000 : 0);
    }
  }

  /** Keeps `ref` lit until another is picked. */
  pick(ref) {
    this.picked = ref;
    this.light(ref);
  }

  /** Moves the focus to the sign of `ref`; false where there is none. */
  focus(ref) {
    const node = this.map.getPane("markerPane").querySelector(`[data-ref="${CSS.escape(ref)}"]`);
    node?.focus({ preventScroll: true });
    return Boolean(node);
  }

  /** Moves the focus to the sign in sight that is nearest to a place, to the map where there is none. */
  focusNear(at) {
    const seen = this.map.getBounds();
    const from = this.map.latLngToContainerPoint(at);
    const away = (marker) => this.map.latLngToContainerPoint(marker.getLatLng()).distanceTo(from);
    const near = [...this.markers.values()].filter((marker) => seen.contains(marker.getLatLng())).sort((a, b) => away(a) - away(b))[0];
    (near?.getElement().querySelector(".sign, .cluster") || this.map.getContainer()).focus({ preventScroll: true });
  }

  #pin(pin) {
    const name = `${this.words[pin.kind]}: ${pin.title}. ${pin.status}`;
    const node = el("a", { class: "sign", href: pin.url, "aria-label": name, "data-ref": pin.ref, draggable: "false" });
    node.append(sign(this.sprite, pin.kind, pin.icon, pin.mark), el("span", { class: "tip", "aria-hidden": "true" }, pin.title));
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (this.on.pick(pin, event.detail === 0)) event.preventDefault();
    });
    node.addEventListener("mouseenter", () => this.on.light(pin.ref));
    node.addEventListener("mouseleave", () => this.on.light(null));
    node.addEventListener("focus", () => this.on.light(pin.ref));
    node.addEventListener("blur", () => this.on.light(null));
    return marker(pin, node, [0, 54]);
  }

  #cluster(group) {
    const size = clusterSize(group.count);
    const node = el("button", { class: "cluster", type: "button", "aria-label": group.name });
    node.style.width = node.style.height = `${size}px`;
    node.style.margin = `${-size / 2}px`;
    node.append(cluster(group.count, group.sectors));
    node.addEventListener("click", (event) => {
      event.stopPropagation();
      this.on.open(group);
    });
    return marker(group, node, [0, 0]);
  }
}

function marker(place, node, anchor) {
  return L.marker([place.lat, place.lon], {
    interactive: false,
    keyboard: false,
    riseOnHover: true,
    icon: L.divIcon({ className: "", html: node, iconSize: [0, 0], iconAnchor: anchor }),
  });
}
