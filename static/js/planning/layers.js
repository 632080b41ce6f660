// The map of a layer's page, and of a file that waits to be carried out.
/* global L */
import { createMap, el, showBounds } from "../map/create.js";
import { FeatureLayers } from "../map/features.js";
import { drawGround, loadGround } from "../map/ground.js";
import { placeNames } from "../map/names.js";
import { BaseMaps } from "../map/tiles.js";

const setup = JSON.parse(document.getElementById("layer-setup").textContent);
const box = document.getElementById("map");
const note = document.getElementById("map-note");
const map = createMap(box, setup.bounds);
const features = new FeatureLayers(map, setup.painter, setup.layers, (why) => say(why || setup.words.failed));

function say(sentence) {
  note.textContent = sentence;
  note.hidden = !sentence;
}

/** The features of a file, each with its row and name on a click. */
async function showFile() {
  const answer = await fetch(setup.shapes, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const found = await answer.json();
  const group = L.geoJSON(found, {
    style: { className: "layer-coming" },
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 4, className: "layer-coming" }),
    onEachFeature: ({ properties }, layer) => layer.on("click", (event) => L.popup().setLatLng(event.latlng).setContent(el("b", {}, `${properties.n}: ${properties.name}`)).openOn(map)),
  }).addTo(map);
  const bounds = group.getBounds();
  // What lies elsewhere must be seen to lie elsewhere.
  if (bounds.isValid()) {
    map.setMaxBounds(null);
    map.setMinZoom(2);
    map.fitBounds(bounds, { maxZoom: 16, animate: false });
  }
}

async function start() {
  showBounds(map, setup.extent || setup.bounds);
  new BaseMaps(map, box, setup.base_maps).start();
  document.getElementById("zoom-in").addEventListener("click", () => map.zoomIn());
  document.getElementById("zoom-out").addEventListener("click", () => map.zoomOut());
  const ground = loadGround(setup.ground).then((found) => drawGround(map, found, setup.sprite));
  for (const row of setup.layers) await features.show(row.slug, true);
  if (setup.shapes) await showFile().catch(() => say(setup.words.failed));
  await ground.catch(() => say(setup.words.failed));
  if (map.getPane("groundNames")) placeNames(map);
  box.dataset.ready = "true";
}

start();
