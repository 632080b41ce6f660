// Photos of a step of a new report: sent to the draft that the server keeps; without a connection they wait in the phone's store.
import { placeOf } from "./exif_place.js";
import { keepPlace } from "./photo_place.js";
import { ToServer } from "./photo_ways.js";
import { PhotoList } from "./photo_list.js";

const { words } = JSON.parse(document.getElementById("map-data").textContent);

// The place of the first photo that knows one is offered in the step „where“; it stays in this tab.
document.querySelector("[data-photos] input[type=file]")?.addEventListener("change", remember, { capture: true });

async function remember(event) {
  const { draft } = event.target.closest("form").dataset;
  for (const file of [...event.target.files]) {
    const place = await placeOf(file);
    if (place) return keepPlace(draft, place);
  }
}

// A browser older than the list needs sends its files with the form.
if ("replaceChildren" in Element.prototype) for (const root of document.querySelectorAll("[data-photos]")) new PhotoList(root, words, new ToServer(root.closest("form"), words));
