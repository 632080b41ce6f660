// Looking a place up while one types: the server's gazetteer answers, arrow keys go through the hits, Enter takes one.
import { el } from "./map/create.js";

const WAIT = 250;
const LEAST = 2;

/** Asks the gazetteer at `url`: {places, credit: whom their names are owed to, or null}; none for too few letters. Throws where the server
 * does not answer. */
export async function askPlaces(url, typed, signal) {
  if (typed.trim().length < LEAST) return { places: [], credit: null };
  const address = new URL(url, window.location.href);
  address.searchParams.set("q", typed.trim().slice(0, 100));
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  if (!answer.ok) throw new Error(`places: ${answer.status}`);
  return answer.json();
}

/** „Names of places: © OpenStreetMap contributors“, to stand below the places; nothing where nobody is to be named. */
export function creditLine(credit) {
  return credit ? [el("small", { class: "credit muted" }, `${credit.words} `, el("a", { href: credit.url, rel: "noopener", lang: "en" }, credit.text))] : [];
}

/** Wires the search of the place step; `take(hit)` puts the place into the form. Returns `silence()`, for when another place is chosen. */
export function wireFinding(root, take) {
  const field = root.querySelector("input[type=search]");
  const shown = root.querySelector(".results");
  const say = root.querySelector("[data-find-say]");
  const words = root.dataset;
  const told = (hit) => ("was" in words ? hit.note : hit.told); // what moves has a point in any case
  root.hidden = false;
  let asked = null;
  let timer = 0;
  let answered = ""; // what the shown hits answer

  const close = () => {
    shown.hidden = true;
    shown.replaceChildren();
  };
  const choose = (hit) => {
    close();
    root.querySelector("#found").replaceChildren();
    field.value = hit.name;
    take(hit);
    say.textContent = words.chosen.replace("{name}", `${hit.name} (${told(hit)})`);
    field.focus();
  };
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const typed = field.value;
    let hits = [];
    let credit = null;
    try {
      ({ places: hits, credit } = await askPlaces(words.url, typed, asked.signal));
    } catch (error) {
      if (error.name !== "AbortError") say.textContent = words.failed;
      return;
    }
    if (field.value.trim().length < LEAST) {
      say.textContent = words.short;
      return close();
    }
    say.textContent = hits.length ? words.found.replace("{n}", hits.length) : words.none;
    shown.replaceChildren(
      ...hits.map((hit) => {
        const button = el("button", { type: "button", class: "result" }, el("span", {}, hit.name), el("span", { class: "muted small" }, told(hit)));
        button.addEventListener("click", () => choose(hit));
        return el("li", {}, button);
      }),
      ...creditLine(credit).map((line) => el("li", {}, line)),
    );
    shown.hidden = !hits.length;
    answered = typed;
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim().length < LEAST) {
      say.textContent = field.value.trim() ? words.short : "";
      return close();
    }
    timer = setTimeout(show, WAIT);
  });
  root.querySelector("button[name=go]").addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !shown.hidden) {
      close();
      field.focus();
    }
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault(); // it looks up, it does not send the step
      const first = shown.querySelector("button");
      clearTimeout(timer);
      if (first && answered === field.value) first.click();
      else show(); // the hits still answer what stood here before: „99999“ would become „9999“
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...shown.querySelectorAll("button")];
    if (!by || !all.length) return;
    event.preventDefault();
    (all[all.indexOf(document.activeElement) + by] || field).focus();
  });
  return { silence: () => (say.textContent = "") };
}
