// The buttons over the map: zoom, whole municipality, my position, layers, "search while I move".
/* global L */
import { distance } from "./create.js";

// Leaflet's own scale speaks English alone.
const Scale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    this._updateScale(this._mScale, distance(metres, this.options.words), metres / most);
  },
});

/** `words`: of distances; `act`: {again(), whole(), locate()}. Returns {following, offer(bool), fold() the layers, ready()}. */
export function wireTools(map, box, bases, words, act) {
  const page = box.parentElement;
  const follow = page.querySelector("#follow");
  const again = page.querySelector("#again");
  const toggle = page.querySelector("#layers-toggle");
  const panel = page.querySelector("#layers-panel");

  follow.checked = read("follow") !== "no";
  follow.addEventListener("change", () => {
    write("follow", follow.checked ? "yes" : "no");
    if (follow.checked && !again.hidden) act.again();
  });
  again.addEventListener("click", act.again);
  page.querySelector("#zoom-in").addEventListener("click", () => map.zoomIn());
  page.querySelector("#zoom-out").addEventListener("click", () => map.zoomOut());
  page.querySelector("#whole").addEventListener("click", act.whole);
  page.querySelector("#locate").addEventListener("click", act.locate);
  new Scale({ imperial: false, position: "bottomright", words }).addTo(map);

  const open = (wanted) => {
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", String(wanted));
  };
  toggle.addEventListener("click", () => open(panel.hidden));
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    open(false);
    toggle.focus();
  });
  panel.addEventListener("change", (event) => {
    if (event.target.name === "base") bases.choose(event.target.value);
  });
  map.on("mousedown", () => open(false));

  return {
    get following() {
      return follow.checked;
    },
    fold() {
      open(false);
    },
    offer(wanted) {
      again.hidden = !wanted;
    },
    ready() {
      for (const choice of panel.querySelectorAll("input[name=base]")) choice.checked = choice.value === bases.slug;
    },
  };
}

function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing kept, nothing lost.
  }
}
