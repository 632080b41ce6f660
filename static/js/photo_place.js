// The place that a photo of a draft spoke of: kept in this tab from the step of photos to the step of the place. Apart from the reading
// of it (exif_place.js), which the step of the place is spared.
const KEY = "photo-place";

/** Keeps {lon, lat} of a photo for the draft. */
export function keepPlace(draft, place) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ draft, ...place }));
  } catch {
    // Without a store nothing is offered.
  }
}

/** {lon, lat} that was kept for this draft, or null. */
export function keptPlace(draft) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    return found?.draft === draft ? found : null;
  } catch {
    return null;
  }
}
