// At the counter: what the chosen category asks comes by itself; the button, which asks it without scripts, asks again.

import { follow } from "./following.js";

const questions = document.getElementById("questions");
const button = document.querySelector("button[name=go][value=questions]");
const { form } = button;
let asked = null;

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const data = new FormData(form);
  data.delete("photo");
  const parts = await fetch(questions.dataset.said, { method: "POST", body: data, signal: asked.signal, headers: { Accept: "application/json" } }).then((answer) => answer.ok && answer.json()).catch(() => null);
  if (!parts) return;
  questions.innerHTML = parts.questions;
  follow(questions);
}

button.type = "button"; // Enter in a field enters the report
button.addEventListener("click", ask);
form.addEventListener("change", (event) => {
  if (event.target.name === "category") ask();
});
questions.addEventListener("change", () => follow(questions));
follow(questions);
