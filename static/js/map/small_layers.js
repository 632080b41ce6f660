// The choice of layers below a small map, or below one on which a place is chosen: asked for when somebody opens it.
import { el } from "./create.js";
import { FeatureLayers } from "./features.js";

let asked = null;

/** One answer for all maps of a page. */
function panel(url) {
  asked ||= fetch(url, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
    .catch((error) => {
      asked = null;
      throw error;
    });
  return asked;
}

/** Fills `below` with the choice for `map`; `bases`: its BaseMaps; `data`: of `map-data`. What fails is said there. */
export async function fill(below, map, bases, { layers_below, words }) {
  const say = el("p", { class: "small", role: "status" });
  below.replaceChildren(say);
  let html = "";
  try {
    html = await panel(layers_below);
  } catch {
    say.textContent = words.failed;
    return;
  }
  const choice = el("div", {});
  choice.innerHTML = html;
  const setup = JSON.parse(choice.querySelector("script").textContent);
  for (const box of choice.querySelectorAll("input")) {
    box.setAttribute("form", ""); // sent with no form
    box.name = `${box.name}-${below.id}`;
    if (box.type === "radio") box.checked = box.value === bases.slug;
  }
  below.prepend(choice);
  below.addEventListener("change", (event) => {
    event.stopPropagation(); // what is looked at is no part of a form around it
    if (event.target.type === "radio") bases.choose(event.target.value);
  });
  if (!setup.layers) return;
  const features = new FeatureLayers(map, setup.painter, setup.layers, (why) => (say.textContent = `${say.textContent} ${why || words.failed}`.trim()));
  const boxes = [...choice.querySelectorAll("input[type=checkbox]")];
  for (const box of boxes) box.addEventListener("change", () => (say.textContent = ""));
  features.wire(boxes, () => {});
}
