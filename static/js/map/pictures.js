// A layer that another server draws, over the ground and under what is ours. A server that is silent is said to be so, and the map goes on.
/* global L */
import { credit, raster } from "./tiles.js";

const MOST_FAILURES = 8;
const PATIENCE = 15000;

/** Lays the pictures of `row` (layers.on_map.pictures) on `map`; `fell()` once where none comes. Returns {remove()}. */
export function showPictures(map, row, fell) {
  const { pictures } = row;
  const layer = raster(pictures, { pane: "pictures", opacity: pictures.opacity, minZoom: row.from_zoom, className: "" }, { transparent: true });
  let failed = 0;
  let named = null;
  let waiting = 0;
  let gone = false;

  const give_up = () => {
    if (named || gone) return;
    remove();
    fell();
  };
  const wait = () => {
    clearTimeout(waiting);
    if (!named) waiting = setTimeout(give_up, PATIENCE);
  };
  layer.on("loading", wait);
  layer.on("tileload", () => {
    clearTimeout(waiting);
    if (!named && pictures.attribution) named = credit(pictures).addTo(map);
    named ||= true;
  });
  layer.on("tileerror", () => {
    failed += 1;
    if (failed >= MOST_FAILURES) give_up();
  });
  layer.on("load", () => {
    clearTimeout(waiting);
    if (failed) setTimeout(give_up); // Leaflet still has to do with the layer when it tells this
  });

  function remove() {
    gone = true;
    clearTimeout(waiting);
    layer.remove();
    layer.off(); // not before: among what it hears is its own leaving, by which the map lets go of it
    named?.remove?.();
  }

  layer.addTo(map);
  return { remove };
}
