// The small map on a report's or a project's page: its place among the ground, drawn when it comes into view.
/* global L */
import { createMap, el } from "./map/create.js";
import { drawGround, loadGround } from "./map/ground.js";
import { sign } from "./map/signs.js";
import { BaseMaps, offerLayers } from "./map/tiles.js";

function draw(box, data) {
  const { lon, lat, shape, kind, icon, mark, label } = box.dataset;
  const map = createMap(box, data.bounds, { dragging: !L.Browser.mobile, scrollWheelZoom: false, keyboard: false });
  const at = lon && lat ? [Number(lat), Number(lon)] : null;
  if (at) map.setView(at, data.base_maps.length ? 16 : 13.5);
  else map.fitBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]]);
  const bases = new BaseMaps(map, box, data.base_maps);
  bases.start();
  if (shape) {
    const geometry = JSON.parse(shape);
    const approx = box.dataset.approx ? " approx" : "";
    const layer = L.geoJSON(geometry, {
      interactive: false,
      style: (feature) => (feature.geometry.type.includes("Point") ? {} : { className: `shape s-${icon}${geometry.type.includes("Polygon") ? " area" : ""}${approx}` }),
      pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 5, interactive: false, className: `shape spot s-${icon}` }),
    }).addTo(map);
    map.fitBounds(layer.getBounds().pad(0.25), { maxZoom: 16 });
  }
  const said = JSON.parse(box.dataset.points || "[]").map(([x, y]) => [y, x]);
  for (const place of said) L.circleMarker(place, { radius: 6, interactive: false, className: `shape spot s-${icon}` }).addTo(map);
  if (at && said.length) map.fitBounds(L.latLngBounds([at, ...said]).pad(0.25), { maxZoom: 16 });
  if (at) {
    const node = document.createElement("span");
    node.className = "sign is-on";
    node.append(sign(data.sprite, kind, icon, mark));
    L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "", html: node, iconSize: [0, 0], iconAnchor: [0, 54] }) }).addTo(map);
  }
  const tools = el("div", { class: "tools float minimap-tools" });
  box.after(tools);
  offerLayers(map, bases, data, tools, tools, () => import("./map/small_layers.js"));
  box.setAttribute("role", bases.button ? "group" : "img"); // a button inside a picture would have no name
  box.setAttribute("aria-label", label);
  loadGround(data.ground).then((ground) => {
    drawGround(map, ground, data.sprite);
    box.dataset.ready = "true";
  }).catch(() => {});
}

const source = document.getElementById("map-data");
const boxes = document.querySelectorAll('[data-map="small"]');
if (source && boxes.length) {
  const data = JSON.parse(source.textContent);
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target, data);
    }
  }, { rootMargin: "200px" });
  for (const box of boxes) seen.observe(box);
}
