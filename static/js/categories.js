// Of the categories only those of the chosen kind are offered; a category of the other kind is let go.

const select = document.querySelector("select[data-problem][data-idea]");
const kinds = document.querySelectorAll("input[name=kind]");

function offer() {
  const kind = [...kinds].find((each) => each.checked)?.value;
  if (!kind) return;
  const start = select.dataset[kind];
  for (const group of select.querySelectorAll("optgroup")) {
    const fits = group.label.startsWith(start);
    group.hidden = group.disabled = !fits;
    if (!fits && group.contains(select.selectedOptions[0])) select.value = "";
  }
}

if (select) {
  for (const each of kinds) each.addEventListener("change", offer);
  offer();
}
