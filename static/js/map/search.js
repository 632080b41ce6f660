// The search field: settlements of the ground, streets and landmarks of the gazetteer, a report's number, or words. Without scripts
// it is a plain form.
import { askPlaces, creditLine } from "../find_place.js";
import { el } from "./create.js";
import { loadGround } from "./ground.js";
import { merged } from "./legend.js";

const MOST = 6;
const WAIT = 250;
const AROUND = 0.004;
const PATIENCE = 2000; // milliseconds

/** `act`: {params(), filter(next), go(bounds)}. */
export function wireSearch(form, setup, words, act) {
  const field = form.querySelector("input[type=search]");
  const shown = form.querySelector(".results");
  let towns = [];
  let timer = 0;
  let asked = null;
  let answered = { typed: "", places: [] };
  loadGround(setup.ground).then((ground) => (towns = ground.settlements)).catch(() => {});

  const close = () => {
    shown.hidden = true;
    shown.replaceChildren();
  };
  field.addEventListener("input", () => {
    const typed = field.value.trim();
    if (typed.length < 2) return close();
    const entries = [];
    const digits = typed.replace(/[\s№#-]/g, "");
    if (/^\d{10}$/.test(digits)) entries.push(entry(setup.report.replace("REF", digits), `${words.number} ${digits.replace(/(\d{3})(\d{3})(\d{4})/, "$1 $2 $3")}`));
    const folded = typed.toLocaleLowerCase();
    for (const town of towns.filter((each) => each.name.toLocaleLowerCase().includes(folded)).slice(0, MOST)) {
      entries.push(entry("#", town.name, () => go(town)));
    }
    entries.push(entry("#", words.words.replace("{q}", typed), () => find(typed)));
    shown.replaceChildren(...entries);
    shown.hidden = false;
    clearTimeout(timer);
    if (setup.places) timer = setTimeout(() => more(typed), WAIT);
  });
  form.addEventListener("submit", (event) => {
    const typed = field.value.trim();
    const digits = typed.replace(/[\s№#-]/g, "");
    if (/^\d{10}$/.test(digits)) return; // the server leads to the report
    event.preventDefault();
    const town = towns.find((each) => [each.name, each.bare].some((name) => name.toLocaleLowerCase() === typed.toLocaleLowerCase()));
    if (town) go(town);
    else meant(typed).then((hit) => (hit ? go(boxed(hit)) : find(typed)));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
      field.focus();
    }
    const links = [...shown.querySelectorAll(":scope > a")];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !links.length) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement) + by;
    (links[at] || field).focus();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });

  /** Places that the gazetteer knows, above the search for words; a settlement stands there already. */
  async function more(typed) {
    asked?.abort();
    asked = new AbortController();
    const { places, credit } = await askPlaces(setup.places, typed, asked.signal).catch(() => ({ places: [], credit: null }));
    answered = { typed, places };
    if (field.value.trim() !== typed || shown.hidden) return;
    const known = new Set([...shown.querySelectorAll("a")].map((each) => each.textContent));
    for (const hit of places.filter((each) => each.lon !== null && !known.has(each.name))) {
      shown.insertBefore(entry("#", `${hit.name} · ${hit.note}`, () => go(boxed(hit))), shown.lastElementChild);
    }
    shown.append(...creditLine(credit));
  }

  /** The place that the words name and nothing else, „ул. Гурко 5“; undefined where they may be words of reports, or no answer comes in time. */
  async function meant(typed) {
    clearTimeout(timer);
    if (!setup.places || typed.length < 2) return undefined;
    if (answered.typed !== typed) {
      asked?.abort();
      asked = new AbortController();
      const late = setTimeout(() => asked.abort(), PATIENCE);
      const { places } = await askPlaces(setup.places, typed, asked.signal).catch(() => ({ places: [] }));
      clearTimeout(late);
      answered = { typed, places };
    }
    return answered.places.find((hit) => hit.whole && hit.lon !== null);
  }

  const boxed = ({ name, lon, lat }) => ({ name, box: [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND] });

  function go(town) {
    close();
    field.value = town.name;
    const next = merged(act.params(), [["q", ""]]);
    act.go(town.box);
    act.filter(next);
  }
  function find(typed) {
    close();
    act.filter(merged(act.params(), [["q", typed]]));
  }
}

function entry(href, name, act) {
  const link = el("a", { href }, name);
  if (act) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  }
  return link;
}
