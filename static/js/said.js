// While one types: which category the words speak of, whether it may be an emergency, what of it is private. Nothing is decided here:
// the server says it, the person chooses, and the same is said again after the step without scripts.

import { follow } from "./following.js";

const WAIT = 700;
const AGAIN = 3000;
const form = document.querySelector("form[data-draft]");
const said = document.getElementById("said");
const questions = document.getElementById("questions");
const around = document.getElementById("around");
let timer = 0;
let asked = null;
let before = "";

/** Only what changed is put in anew, so that nobody loses the field they stand in. */
function put(place, html) {
  const made = document.createElement("div");
  made.innerHTML = html;
  if (place.dataset.html === html) return;
  place.dataset.html = html;
  place.replaceChildren(...made.childNodes);
  for (const button of place.querySelectorAll("[data-category]")) button.hidden = false;
}

/** The report that is most like this one: its title in the list. */
const first = () => around.querySelector(".row .t")?.textContent;

/** The list lies below: whoever listens hears of another first one alone, not of all five at every word. */
function putAround(html) {
  if (around.contains(document.activeElement)) return; // somebody is about to press one of its buttons
  const was = first();
  put(around, html);
  const now = first();
  if (now && now !== was) document.getElementById("around-say").textContent = around.dataset.first.replace("{title}", now);
}

/** An answer that got lost on the way is asked for once more: words that have not changed would not ask by themselves. */
async function ask(withQuestions, last = false) {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  const data = new FormData(form);
  data.delete("photo");
  const parts = await fetch(said.dataset.said, { method: "POST", body: data, signal: mine.signal, headers: { Accept: "application/json" } }).then((answer) => answer.ok && answer.json()).catch(() => null);
  if (!parts) {
    if (!last && asked === mine) setTimeout(() => asked === mine && ask(withQuestions, true), AGAIN);
    return; // the step itself says the same
  }
  put(said, parts.said);
  putAround(parts.around);
  if (withQuestions) put(questions, parts.questions);
  follow(questions);
}

if (form && said) {
  follow(questions);
  questions.addEventListener("change", () => follow(questions));
  for (const button of said.querySelectorAll("[data-category]")) button.hidden = false;
  form.addEventListener("input", (event) => {
    if (!["title", "text"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = `${form.elements.title.value}\n${form.elements.text.value}`;
      if (words === before) return;
      before = words;
      ask(false);
    }, WAIT);
  });
  form.addEventListener("change", (event) => {
    if (["category", "kind", "answers"].includes(event.target.name)) ask(event.target.name !== "kind");
  });
  said.addEventListener("click", (event) => {
    const button = event.target.closest("[data-category]");
    if (!button) return;
    const kind = form.querySelector(`input[name=kind][value=${button.dataset.kind}]`);
    if (kind && !kind.checked) {
      kind.checked = true;
      kind.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const select = form.elements.category;
    select.value = button.dataset.category;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
}

// How much still fits is said before sending, near the end only; what is too long stays where it is.
const counter = document.querySelector("[data-count]");
const counted = counter && document.getElementById(counter.dataset.count);
if (counted) {
  const NEAR = 500;
  const count = () => {
    const left = Number(counter.dataset.most) - counted.value.length;
    const words = left < 0 ? counter.dataset.over : left < NEAR ? counter.dataset.left : "";
    counter.textContent = words.replace("{n}", String(Math.abs(left)));
    counter.classList.toggle("bad", left < 0);
    counted.setAttribute("aria-invalid", String(left < 0));
  };
  counted.addEventListener("input", count);
  count();
}
