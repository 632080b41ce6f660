// Streets of the settlement that was chosen in the list: asked for when it is chosen, shown only where there are any.
import { el } from "./map/create.js";

let asked = null;

/** Fills the list of streets in `root` (reports/_streets.html) with those of the settlement `slug`; "" hides it. */
export async function showStreets(root, slug) {
  const field = root.querySelector("[data-street-field]");
  const list = field.querySelector("select");
  const say = root.querySelector("[role=status]");
  asked?.abort();
  asked = new AbortController();
  const none = list.options[0];
  list.replaceChildren(none); // a street of another settlement is none of this one
  field.hidden = true;
  say.textContent = "";
  if (!slug) return;
  const address = new URL(root.dataset.streets, window.location.href);
  address.searchParams.set("settlement", slug);
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: asked.signal }).then((got) => got.ok && got.json()).catch(() => null);
  if (!answer) return; // the words are enough
  const { streets } = answer;
  list.append(...streets.map((street) => el("option", { value: street.slug }, street.name)));
  field.hidden = !streets.length;
  if (streets.length) say.textContent = root.dataset.found.replace("{n}", streets.length);
}
