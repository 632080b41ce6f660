// What is typed in a step outlives leaving its page: it stays in this tab until the report is sent. And the step gets the
// address under which the server keeps its draft, so that Back finds a page even where a form was answered.

import "./app/outbox.js";
import { ToServer } from "./photo_ways.js";

const { outbox } = globalThis;
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

/** Photos that found no connection go after the step's page is there; while some still wait, the report goes from the phone's store. */
async function photosToo() {
  const way = new ToServer(form, {});
  let state = { there: [], left: 0 };
  const sent = way.sendWaiting().then((now) => {
    state = now;
    for (const uuid of now.there) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "photos", value: uuid }));
  });
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "send" || form.dataset.step !== "send") return;
    if (!state.left) return;
    event.preventDefault();
    await sent;
    await handOver();
  });
  await sent;
}

async function handOver() {
  const fields = {};
  for (const [name, value] of new FormData(form).entries()) {
    if (typeof value !== "string" || !value || ["csrfmiddlewaretoken", "client_uuid", "step", "website", "noticed"].includes(name)) continue;
    if (["photos", "further_sectors", "answers"].includes(name)) fields[name] = [...(fields[name] || []), value];
    else fields[name] = value;
  }
  const session = await outbox.fact("session").catch(() => null);
  await outbox.keep(form.dataset.draft, fields, { language: document.documentElement.lang, account: session?.email || "" });
  await outbox.queue(form.dataset.draft);
  window.location.assign(`${form.dataset.home}#${form.dataset.draft}`);
}

document.getElementById("errors")?.focus();
if (form) {
  const { draft, step } = form.dataset;
  const address = new URL(window.location.href);
  address.searchParams.set("draft", draft);
  address.searchParams.set("step", step);
  history.replaceState(history.state, "", address);
  const kept = stored()?.steps[step];
  if (kept && form.dataset.fresh === undefined) restore(kept);
  window.addEventListener("pagehide", keep);
  photosToo();
} else {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was stored then either.
  }
}
