// "My position": asked only when the button is pressed, kept nowhere.
/* global L */

/** Calls `found({lon, lat, metres})` or `failed(refused)`; `refused`: the person or the device does not allow it. */
export function locate(found, failed) {
  if (!("geolocation" in navigator)) {
    failed();
    return;
  }
  navigator.geolocation.getCurrentPosition(
    (position) => found({ lon: position.coords.longitude, lat: position.coords.latitude, metres: Math.round(position.coords.accuracy) }),
    (error) => failed(error.code === error.PERMISSION_DENIED),
    { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 },
  );
}

let here = null;

/** Shows where one is on `map`. */
export function showMe(map, place, name) {
  here?.remove();
  here = L.layerGroup([
    L.circle([place.lat, place.lon], { radius: place.metres, interactive: false, className: "g-accuracy", weight: 1, fillOpacity: 0.08 }),
    L.marker([place.lat, place.lon], { interactive: false, keyboard: false, alt: name, icon: L.divIcon({ className: "me", iconSize: [18, 18] }) }),
  ]).addTo(map);
}
