// The preview of the last step follows what is chosen there: the author's name, the way it is sent, whether it is published.
// What shown_name (reports/forms/submit.py) makes of the names is said here too, so that nothing has to be sent to look at it.

const form = document.querySelector("form[data-draft]");
const seen = form?.querySelector(".as-seen");
const author = seen?.querySelector("[data-shown-name]");
const byCategory = seen?.querySelector("[data-closed]")?.dataset.closed === "category";

/** „Рада Колева“, „Рада“ or „жител“. */
function shown() {
  const { public_name: choice, name } = form.elements;
  const words = name.value.split(/\s+/).filter(Boolean);
  if (choice.value === "full") return words.join(" ");
  return choice.value === "first" ? words[0] || "" : "";
}

function look() {
  const words = shown() || author.dataset.nobody;
  if (author.textContent !== words) author.textContent = words;
  seen.querySelector("[data-official]").hidden = form.elements.way.value !== "official";
  seen.querySelector("[data-closed]").hidden = !(byCategory || form.elements.restricted.checked);
}

if (author) {
  form.addEventListener("change", look);
  look(); // what the tab had kept is in the fields already
}
