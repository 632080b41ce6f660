// A layer that another server draws, over the ground and under what is ours. A server that is silent is said to be so, and the map goes on.
import { awaitTiles, credit, raster } from "./tiles.js";

/** Lays the pictures of `row` (layers.on_map.pictures) on `map`; `fell()` once where none comes. Returns {remove()}. */
export function showPictures(map, row, fell) {
  const { pictures } = row;
  const layer = raster(pictures, { pane: "pictures", opacity: pictures.opacity, minZoom: row.from_zoom, className: "" }, { transparent: true });
  let named = null;

  const came = () => {
    if (pictures.attribution) named = credit(pictures).addTo(map);
  };
  const none = () => {
    layer.remove();
    fell();
  };
  awaitTiles(layer, came, none);
  layer.addTo(map);
  return {
    remove() {
      layer.remove();
      named?.remove();
    },
  };
}
