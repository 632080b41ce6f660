// What is typed in a step outlives leaving its page: it stays in this tab until the report is sent. And the step gets the
// address under which the server keeps its draft, so that Back finds a page even where a form was answered.

const KEY = "draft";
const form = document.querySelector("form[data-draft]");

/** The step's own fields; those of the other steps are hidden and have no id. */
function own() {
  return [...form.elements].filter((each) => each.id && each.name && each.type !== "file");
}

function stored() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    return found?.draft === form.dataset.draft ? found : null;
  } catch {
    return null;
  }
}

function restore(values) {
  for (const each of own()) {
    const [on, value] = values[each.id] || [];
    if (value === undefined) continue;
    if (each.type === "checkbox" || each.type === "radio") each.checked = on;
    else each.value = value;
  }
  for (const details of form.querySelectorAll("details")) {
    if ([...details.querySelectorAll("select, :checked")].some((each) => each.value)) details.open = true;
  }
}

function keep() {
  const steps = stored()?.steps || {};
  steps[form.dataset.step] = Object.fromEntries(own().map((each) => [each.id, [each.checked, each.value]]));
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ draft: form.dataset.draft, steps }));
  } catch {
    // A full or forbidden store: the server still has what was posted.
  }
}

document.getElementById("errors")?.focus();
if (form) {
  const { draft, step } = form.dataset;
  const address = new URL(window.location.href);
  address.searchParams.set("draft", draft);
  address.searchParams.set("step", step);
  history.replaceState(history.state, "", address);
  const kept = stored()?.steps[step];
  if (kept) restore(kept);
  window.addEventListener("pagehide", keep);
} else {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored then either.
  }
}
