// The address bar is the memory: filters, bbox and zoom stand in it; scroll and focus in the history entry.

const BOX_DIGITS = 5;

/** The query of the address as it is now. */
export function query() {
  return new URLSearchParams(window.location.search);
}

/** The box in the address as [west, south, east, north], or null. */
export function boxOf(params) {
  const parts = (params.get("bbox") || "").split(",").map(Number);
  return parts.length === 4 && parts.every(Number.isFinite) && parts[0] < parts[2] && parts[1] < parts[3] ? parts : null;
}

/** Centre and zoom in the address as {lon, lat, zoom}, or null. */
export function viewOf(params) {
  const parts = (params.get("at") || "").split(",").map(Number);
  return parts.length === 3 && parts.every(Number.isFinite) ? { lon: parts[0], lat: parts[1], zoom: parts[2] } : null;
}

/** Puts the map's view into `params`: the box for the filters, centre and zoom for coming back. */
export function setView(params, map) {
  const b = map.getBounds();
  const c = map.getCenter();
  params.set("bbox", [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map((n) => n.toFixed(BOX_DIGITS)).join(","));
  params.set("at", [c.lng.toFixed(BOX_DIGITS), c.lat.toFixed(BOX_DIGITS), map.getZoom()].join(","));
  params.delete("cursor");
}

/** Address of `params` on this page. */
export function address(params) {
  const words = params.toString().replaceAll("%2C", ",");
  return window.location.pathname + (words ? `?${words}` : "");
}

/** A new entry in the history (a filter was chosen). */
export function push(params, memory) {
  window.history.pushState(memory, "", address(params));
}

/** The same entry (the map was moved). */
export function replace(params, memory) {
  window.history.replaceState(memory, "", address(params));
}

/** What the history entry remembers: {scroll, focus, picked} or an empty object. */
export function memory() {
  return window.history.state || {};
}

/** Adds to what the entry remembers. */
export function remember(more) {
  window.history.replaceState({ ...memory(), ...more }, "");
}
