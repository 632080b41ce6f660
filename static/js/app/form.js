// A whole report on one page that lives on the phone: kept at every change, queued when it is finished, sent by itself.
import "./outbox.js";
import { PhotoList } from "../photo_list.js";
import { placeOf } from "../exif_place.js";
import { reader } from "./alarms.js";
import { privateData } from "./private_data.js";
import { Questions, pairs } from "./questions.js";
import { forgetTyped, keepTyped, later, said, takeTyped } from "./waiting.js";

const { outbox } = globalThis;
const form = document.getElementById("offline-form");
const words = JSON.parse(document.getElementById("outbox-words").textContent);
const categories = JSON.parse(document.getElementById("offline-categories").textContent);
const emergency = JSON.parse(document.getElementById("offline-emergency").textContent);
const speaks = reader(emergency);
const summary = document.getElementById("errors");
const keptNote = document.getElementById("kept-note");
const SKIP = new Set(["photo", "website", "noticed"]);
const SEVERAL = new Set(["photos", "further_sectors", "answers"]);
const STORE_MS = 8000;
const ROUNDS = 3; // in which a store that does not answer is asked again
const FAR = 200; // metres: a position less accurate than this needs a hand
const named = /^#[0-9a-f-]{36}$/.test(window.location.hash); // a draft that was begun before
let uuid = named ? window.location.hash.slice(1) : outbox.newUuid();
let server = []; // photos that the server has already, by their UUID

/** What the fields hold: names and values, several where several can be chosen. */
function fields() {
  const found = server.length ? { photos: server } : {};
  for (const [name, value] of new FormData(form).entries()) {
    if (SKIP.has(name) || name === "photos" || typeof value !== "string" || value === "") continue;
    if (SEVERAL.has(name)) found[name] = [...(found[name] || []), value];
    else found[name] = value;
  }
  return found;
}

let gone = false;
let typed = 0; // changes so far
let stored = 0; // how many of them the phone has
let account = "";
const whole = () => ({ uuid, fields: fields(), language: document.documentElement.lang, account });

/** Whose it is, as far as the phone can say: a store that fails changes nothing about that. */
async function whose() {
  try {
    account = (await outbox.fact("session"))?.email || "";
  } catch {
    // As it was.
  }
}

/** Whether the phone has it now. */
async function keep() {
  if (gone) return true;
  const until = typed;
  await whose();
  if (gone) return true;
  try {
    await outbox.keep(uuid, fields(), whole());
    stored = until;
    forgetTyped(uuid);
    keptNote.textContent = words.saved;
    return true;
  } catch {
    keptNote.textContent = words.not_kept;
    return false;
  }
}

let timer = 0;
function soon() {
  typed += 1;
  clearTimeout(timer);
  timer = setTimeout(keep, 400);
}

function restore(draft) {
  for (const each of form.elements) {
    if (!each.name || SKIP.has(each.name) || each.type === "file") continue;
    const values = [].concat(draft.fields[each.name] ?? []).map(String);
    if (each.type === "radio") each.checked = values.length ? values.includes(each.value) : each.defaultChecked;
    else if (each.type === "checkbox") each.checked = each.value === "on" ? values.length > 0 : values.includes(each.value);
    else if (values.length) [each.value] = values;
  }
  for (const details of form.querySelectorAll("details")) {
    if ([...details.querySelectorAll("input, select, textarea")].some((each) => (each.type === "checkbox" ? each.checked : each.type !== "radio" && each.value))) details.open = true;
  }
  server = [].concat(draft.fields.photos ?? []);
}

let turnedAway = false; // a photo for which the phone had no room

class IntoStore {
  async send(photo, blob) {
    const taken = await outbox.keepPhoto(uuid, photo, blob).catch(() => false);
    if (taken) return { taken, waits: true };
    turnedAway = true;
    return { taken, problem: words.no_room };
  }

  async remove(photo) {
    server = server.filter((each) => each !== photo);
    await outbox.dropPhoto(photo);
  }
}

/** What is still missing, as [field, sentence]; the server looks at everything again. */
function missing() {
  const given = fields();
  const found = [];
  if (!given.whole && !given.shape && !given.settlement && !(given.lon && given.lat)) found.push(["settlement", words.missing_place]);
  if (given.settlement && !given.place) found.push(["place", words.missing_words]);
  if (!given.category) found.push(["category", words.missing_category]);
  if (!given.title) found.push(["title", words.missing_title]);
  for (const [name, most] of [["title", 150], ["text", 4000], ["place", 200]]) {
    const over = (given[name] || "").length - most;
    if (over > 0) found.push([name, words.too_long.replace("{n}", over)]);
  }
  if (categories[given.category]?.photo === "required" && !photos.uuids.length && !server.length) found.push(["photo", words.missing_photo]);
  found.push(...questions.missing(given));
  found.push(...noticed(given));
  if (document.getElementById("id_danger")?.checked === false) found.push(["danger", words.look]);
  if (given.email && !form.elements.email.validity.valid) found.push(["email", words.bad_email]);
  if (given.way === "official" && !((given.name || "").trim().includes(" ") && given.address && (given.happened_on || given.kind === "idea"))) found.push(["name", words.missing_official]);
  if (!given.terms) found.push(["terms", words.missing_terms]);
  return found;
}

const seen = new Set(); // what was noticed and is left as it is

/** Private data in the words is shown once, in the words as written; who leaves it so goes on with the next press. */
function noticed(given) {
  const place = document.getElementById("offline-notices");
  const found = privateData(`${given.title || ""}\n${given.text || ""}\n${given.place || ""}`).filter((each) => !seen.has(each));
  if (!found.length) {
    place.replaceChildren();
    return [];
  }
  found.forEach((each) => seen.add(each));
  const line = document.createElement("p");
  line.className = "note warn";
  line.textContent = words.private_found.replace("{words}", found.map((each) => `„${each}“`).join(", "));
  place.replaceChildren(line);
  return [["text", line.textContent]];
}

/** Words of an emergency: the number to call stands there at once. */
function urgent() {
  const place = document.getElementById("urgent") || Object.assign(document.createElement("div"), { id: "urgent", className: "note warn" });
  place.setAttribute("role", "alert");
  const { number } = emergency;
  if (!number || !speaks(`${form.elements.title.value} ${form.elements.text.value}`)) {
    place.remove();
    return;
  }
  if (place.isConnected) return;
  const call = Object.assign(document.createElement("a"), { href: `tel:${number}`, className: "btn primary", textContent: number });
  const safe = Object.assign(document.createElement("label"), { className: "check" });
  safe.append(Object.assign(document.createElement("input"), { type: "checkbox", id: "id_danger" }), Object.assign(document.createElement("span"), { textContent: words.nobody }));
  place.replaceChildren(words.urgent, " ", call, safe);
  form.elements.text.closest(".field").after(place);
}

function say(found) {
  form.querySelectorAll(".error[data-live]").forEach((each) => each.remove());
  form.querySelectorAll("[aria-invalid][data-live]").forEach((each) => each.removeAttribute("aria-invalid"));
  summary.hidden = !found.length;
  summary.querySelector("ul").replaceChildren(...found.map(([name, sentence]) => {
    const item = document.createElement("li");
    if (!name) {
      item.textContent = sentence;
      return item;
    }
    const field = document.getElementById(`id_${name}`) || form.elements[name]?.[0] || form.elements[name];
    const link = document.createElement("a");
    link.href = `#${field?.id || "offline-form"}`;
    link.textContent = sentence;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      field?.closest("details")?.setAttribute("open", "");
      field?.focus();
    });
    item.append(link);
    mark(field, sentence);
    return item;
  }));
  if (found.length) summary.focus();
}

function mark(field, sentence) {
  if (!field) return;
  const line = document.createElement("p");
  line.className = "error";
  line.dataset.live = "";
  line.id = `${field.id}_error`;
  line.textContent = sentence;
  field.setAttribute("aria-invalid", "true");
  field.dataset.live = "";
  (field.closest(".field") || field.parentElement).prepend(line);
}

/** What the server refused is said at its field. */
function refused({ problem }) {
  if (!problem) return;
  const names = { point: "settlement", lon: "settlement", agree: "terms", show_name: "public_name", photos: "photo" };
  const found = Object.entries(problem.errors || {}).map(([name, said]) => [names[name] || name, [].concat(said).join(" ")]);
  say(found.length ? found : [["", words.refused_other.replace("{detail}", problem.detail || problem.status)]]);
}

let unsent = -1; // `typed` when it was pressed and there was no connection: what was changed since is not sent by itself
window.addEventListener("online", (event) => unsent === typed && send(event));

/** The phone keeps nothing: the page sends it itself while it is open, and says what came of it. */
async function straight() {
  await whose();
  const { receipt, problem } = await outbox.straight(whole(), photos.uuids).catch(() => ({}));
  if (problem?.code === "account") say([["email", words.account.replaceAll("{account}", account)]]);
  else if (problem?.code === "photos") say([["photo", words.no_room]]);
  else if (problem) refused({ problem });
  else if (!receipt) {
    say([["", words.not_queued]]);
    unsent = typed;
  }
  if (!receipt) return;
  gone = true;
  forgetTyped(uuid);
  outbox.remove(uuid).catch(() => null); // an earlier state of it that the phone had room for
  const line = document.createElement("h2");
  line.tabIndex = -1;
  line.textContent = said({ state: "sent", receipt }, words);
  const on = document.createElement("p");
  on.append(Object.assign(document.createElement("a"), { href: form.dataset.map, className: "btn", textContent: words.to_map }));
  const lost = Object.assign(document.createElement("p"), { className: "note warn", textContent: words.without_photos });
  form.replaceChildren(line, ...(turnedAway ? [lost] : []), on);
  line.focus();
}

let busy = false;
async function send(event) {
  event.preventDefault();
  if (busy) return;
  busy = true;
  await sending().finally(() => (busy = false));
}

async function sending() {
  clearTimeout(timer);
  // First of all: what is refused now may be mended another day. A store that never answers has not kept it either.
  const kept = await Promise.race([keep(), new Promise((done) => setTimeout(done, STORE_MS, false))]);
  const found = missing();
  say(found);
  if (found.length) return;
  if (!kept) {
    await straight();
    return;
  }
  gone = true;
  await outbox.queue(uuid);
  try {
    localStorage.setItem("outbox", "1");
  } catch {
    // The list below shows it all the same.
  }
  await later();
  window.location.assign(`${form.dataset.home}#${uuid}`);
}

/** Where the photo was taken becomes the place, unless one was chosen by hand: as the photo says, else where the phone is now. */
async function here(event) {
  if (chosen) return;
  const files = [...event.target.files];
  for (const file of files) {
    const place = await placeOf(file);
    if (!place || chosen) continue;
    document.getElementById("position-note").textContent = words.of_photo;
    window.dispatchEvent(new CustomEvent("place:given", { detail: { ...place, metres: 10 } }));
    soon();
    return;
  }
  if (!("geolocation" in navigator)) return;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    if (chosen) return;
    document.getElementById("position-note").textContent = (coords.accuracy > FAR ? words.inaccurate : words.position).replace("{n}", Math.round(coords.accuracy));
    window.dispatchEvent(new CustomEvent("place:given", { detail: { lon: coords.longitude, lat: coords.latitude, metres: coords.accuracy } }));
    soon();
  }, ({ code, PERMISSION_DENIED }) => {
    if (code === PERMISSION_DENIED && !chosen) document.getElementById("position-note").textContent = photos.words.refused;
  }, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 10_000 });
}

/** Whoever has signed in here writes as the account: no e-mail is asked for. */
async function asWhom() {
  let session;
  try {
    session = await outbox.fact("session");
  } catch {
    setTimeout(asWhom, STORE_MS); // a busy phone is asked again
    return;
  }
  if (!session) return;
  account = session.email;
  const note = document.getElementById("account-note");
  note.textContent = words.as_account.replace("{account}", session.email);
  note.hidden = false;
  form.elements.email.closest(".field").hidden = true;
}

let chosen = false;
let photos;
const questions = new Questions(form.elements.category, document.getElementById("offline-questions"), categories, words);

/** What was written so far. A busy phone is asked again, and nothing can be written meanwhile: it would be kept in the place of that. One
 * that never answers gets a new report, so that the former one stays as it is. */
async function begun() {
  for (let round = 0; ; round += 1) {
    await takeTyped();
    try {
      return await outbox.get(uuid);
    } catch (error) {
      if (!named || error.name !== "TimeoutError") return null;
    }
    if (round === ROUNDS) {
      uuid = outbox.newUuid();
      return null;
    }
    for (const part of form.querySelectorAll("section")) part.inert = true;
    keptNote.textContent = words.asked_again;
    await new Promise((done) => setTimeout(done, STORE_MS));
  }
}

async function start() {
  const draft = await begun();
  for (const part of form.querySelectorAll("section")) part.inert = false;
  keptNote.textContent = "";
  if (draft?.state === "sent" || draft?.asked) {
    window.location.replace(`${form.dataset.home}#${uuid}`);
    return;
  }
  if (draft) {
    if (draft.state === "queued") await outbox.reopen(uuid);
    restore(draft);
    questions.show(pairs(draft.fields));
    chosen = Boolean(draft.fields.lon);
  }
  history.replaceState(null, "", `#${uuid}`);
  await asWhom();
  const root = document.querySelector("[data-photos]");
  photos = new PhotoList(root, { ...JSON.parse(document.getElementById("map-data").textContent).words, photo_waits: words.photo_kept }, new IntoStore(), soon);
  for (const photo of await outbox.photosOf(uuid).catch(() => [])) photos.show(photo.uuid, new Blob([photo.bytes], { type: photo.type }), photo.problem || words.photo_kept);
  root.querySelector("input[type=file]").addEventListener("change", here, { capture: true });
  form.addEventListener("input", soon);
  form.addEventListener("input", urgent);
  urgent();
  form.addEventListener("change", soon);
  document.addEventListener("place:changed", () => {
    chosen = true;
    soon();
  });
  window.addEventListener("pagehide", () => typed > stored && !gone && keepTyped(whole()));
  form.addEventListener("submit", send);
  if (draft?.state === "mend") refused(draft);
  form.querySelector("button.primary[disabled]")?.removeAttribute("disabled");
  form.dataset.ready = "true";
}

start();
