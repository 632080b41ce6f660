// What waits on this phone: sends it while a page is open, shows it where a page has room for it ([data-outbox]).
import "./outbox.js";

const { outbox } = globalThis;
const EVERY_MS = 10_000;

const TYPED = "typed:"; // and the UUID of the draft: what was typed last on a page that was left at once

/** What is typed on a page that is left this moment: the store of drafts would answer too late. `takeTyped` brings it there. */
export function keepTyped(draft) {
  try {
    localStorage.setItem(TYPED + draft.uuid, JSON.stringify(draft));
  } catch {
    // What was kept before stands.
  }
}

/** Into the store what `keepTyped` has kept: {uuid, fields, language, account}. */
export async function takeTyped() {
  try {
    for (const name of Object.keys(localStorage).filter((each) => each.startsWith(TYPED))) {
      const draft = JSON.parse(localStorage.getItem(name));
      await outbox.keep(draft.uuid, draft.fields, draft);
      forgetTyped(draft.uuid);
    }
  } catch {
    // It stays for the next page.
  }
}

/** The store has it, or something newer of the same draft. */
export function forgetTyped(uuid) {
  mark(TYPED + uuid, false);
}

/** A person's page: keeps my reports for the time without a connection. Anybody else's: forgets whose they were. */
export async function start(person) {
  outbox.listen((news) => refresh().then(() => news.received && announce(news.received)));
  window.addEventListener("online", () => send(true));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send(true));
  setInterval(() => document.visibilityState === "visible" && send(), EVERY_MS);
  await takeTyped();
  await remember(person);
  await resume();
  await send(true);
}

/** What waited for its author to sign in goes on. */
async function resume() {
  const session = await outbox.fact("session").catch(() => null);
  for (const draft of await outbox.all().catch(() => [])) {
    if (draft.state === "mend" && draft.problem?.code === "account" && draft.account === session?.email) await outbox.queue(draft.uuid);
  }
}

async function send(now = false) {
  const drafts = await outbox.all().catch(() => []);
  if (navigator.onLine && drafts.some((draft) => draft.state === "queued")) await outbox.flush({ now }).catch(() => null);
  await refresh();
}

/** Asks Background Sync for another try while no page is open, where the browser has it. */
export async function later() {
  const registration = await navigator.serviceWorker?.ready.catch(() => null);
  await registration?.sync?.register("outbox").catch(() => null);
}

async function remember(person) {
  const shell = document.documentElement.dataset.shell !== undefined; // says nothing of whoever has signed in
  if (!shell && !person && marked("person")) await endMessages();
  if (!shell) mark("person", person);
  if (!person && !shell && !document.querySelector("[data-outbox]")) {
    await outbox.setFact("session", undefined);
    await outbox.setFact("mine", undefined);
    return;
  }
  const answer = await fetch("/app/mine.json", { headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang } }).catch(() => null);
  if (!answer?.ok) return;
  const { account, reports } = await answer.json();
  mark("person", account !== "");
  await outbox.setFact("session", account ? { email: account } : undefined);
  await outbox.setFact("mine", reports.length ? { reports, at: new Date().toISOString() } : undefined);
}

/** Whoever signs out hears nothing on this phone any more: it may be somebody else's next. */
async function endMessages() {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => null);
  const subscription = await registration?.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => false);
}

function marked(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

function mark(name, there) {
  try {
    if (there) localStorage.setItem(name, "1");
    else localStorage.removeItem(name);
  } catch {
    // Forbidden: what is stored is shown all the same.
  }
}

const shownBefore = new WeakMap();
let drawing = Promise.resolve();

/** Draws every list of the page anew and marks whether there is anything at all. */
export function refresh() {
  drawing = drawing.then(async () => {
    const drafts = await outbox.all();
    mark("outbox", drafts.some((draft) => draft.state !== "sent"));
    const roots = document.querySelectorAll("[data-outbox]");
    for (const root of roots) await draw(root, drafts);
    if (!roots.length) bar(drafts);
  }).catch(() => null);
  return drawing;
}

/** A reader of screens hears of what was received, and of nothing else that is drawn anew. */
async function announce(uuid) {
  const place = document.querySelector("[data-outbox-said]");
  const draft = place && (await outbox.get(uuid));
  if (draft) place.textContent = `${draft.fields.title}: ${said(draft, JSON.parse(document.getElementById("outbox-words").textContent))}`;
}

/** On every other page one line says what waits, and leads to it. */
function bar(drafts) {
  const line = document.getElementById("waitbar");
  if (!line || document.querySelector("#offline-form")) return;
  const count = (state) => drafts.filter((draft) => draft.state === state).length;
  const [mend, queued] = [count("mend"), count("queued")];
  line.hidden = !(mend || queued);
  if (mend || queued) line.querySelector("a").textContent = (mend ? line.dataset.mend : line.dataset.queued).replace("{n}", mend || queued);
}

function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const clock = (time) => new Date(time).toLocaleString(document.documentElement.lang, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const number = (reference) => reference.replace(/(\d{3})(\d{3})(\d{4})/, "$1 $2 $3");

async function draw(root, drafts) {
  const words = JSON.parse(document.getElementById("outbox-words").textContent);
  const shown = root.dataset.outbox === "page" ? drafts : drafts.filter((draft) => draft.state !== "sent");
  const session = await outbox.fact("session");
  const rows = [];
  for (const draft of shown) rows.push(draft.account && draft.account !== session?.email ? masked(root, draft, words) : await row(root, draft, words));
  // Drawn anew only when something else is to be seen: a button under a finger stays.
  const seen = rows.map((each) => `${each.dataset.uuid} ${each.dataset.state} ${each.textContent}`).join("|");
  if (root.dataset.ready && seen === shownBefore.get(root)) return;
  shownBefore.set(root, seen);
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.key : "";
  root.replaceChildren(...(rows.length ? [el("ul", { class: "rows card outbox" }, ...rows)] : root.dataset.outbox === "page" ? [el("p", { class: "hint" }, words.nothing)] : []));
  if (focused) root.querySelector(`[data-key="${focused}"]`)?.focus();
  root.hidden = !rows.length && root.dataset.outbox !== "page";
  root.dataset.ready = "true";
}

/** What somebody else has written on this phone: that it is there, not what it says. */
function masked(root, draft, words) {
  const link = el("a", { class: "btn low", href: signIn(root), "data-key": `${draft.uuid}-open` }, words.sign_in);
  return el("li", { "data-uuid": draft.uuid, "data-state": draft.state }, el("span", { class: "t" }, words.of_another), link);
}

const signIn = (root) => `${root.dataset.login}?next=${encodeURIComponent(window.location.pathname)}`;

async function row(root, draft, words) {
  const kept = await outbox.photosOf(draft.uuid);
  const photos = kept.length + [].concat(draft.fields.photos || []).length;
  const facts = [clock(draft.written_at), photos === 1 ? words.photos_one : photos ? words.photos_many.replace("{n}", photos) : ""].filter(Boolean);
  const box = el("li", { "data-uuid": draft.uuid, "data-state": draft.state });
  const line = el("div", { class: "waiting" });
  line.append(el("span", { class: "t" }, draft.fields.title || words.untitled), el("span", { class: "p" }, facts.join(" · ")), el("span", { class: `status ${draft.state}` }, said(draft, words)));
  const gone = kept.filter((photo) => photo.sent).length;
  if (draft.state === "queued" && gone) line.append(el("span", { class: "p" }, words.photos_gone.replace("{k}", gone).replace("{n}", kept.length)));
  if (draft.state === "mend") line.append(...problems(draft, words));
  const buttons = el("span", { class: "inline" });
  buttons.append(...actions(root, draft, words));
  box.append(line, buttons);
  return box;
}

/** In words how it stands with a draft. */
export function said(draft, words) {
  const { receipt } = draft;
  if (draft.state === "sent") {
    if (receipt.reference) return words.received.replace("{number}", number(receipt.reference));
    if (receipt.kept_until) return words.kept.replace("{day}", new Date(receipt.kept_until).toLocaleDateString(document.documentElement.lang));
    return receipt.status ? words.read_first : words.arrived;
  }
  if (draft.state === "queued" && draft.asked) return words.asked;
  if (draft.state === "queued" && draft.tries) return draft.busy ? words.busy : words.no_connection;
  return words[draft.state] || "";
}

function problems(draft, words) {
  const { problem } = draft;
  if (!problem) return [];
  if (problem.code === "account") return [el("p", { class: "error" }, words.account.replaceAll("{account}", draft.account))];
  const lines = Object.entries(problem.errors || {}).map(([name, said]) => [words.labels?.[name.split(".")[0]], [].concat(said).filter((each) => typeof each === "string").join(" ")]);
  const sentences = lines.map(([label, sentence]) => (label ? `${label}: ${sentence}` : sentence)).filter(Boolean);
  return (sentences.length ? sentences : [words.refused_other.replace("{detail}", problem.detail || problem.status)]).map((each) => el("p", { class: "error" }, each));
}

function actions(root, draft, words) {
  const { form } = root.dataset;
  const button = (name, label, act, css = "btn low") => {
    const made = el("button", { type: "button", class: css, "data-key": `${draft.uuid}-${name}` }, label);
    made.addEventListener("click", act);
    return made;
  };
  const link = (address, label) => el("a", { class: "btn low", href: address, "data-key": `${draft.uuid}-open` }, label);
  const drop = button("delete", words.delete, async () => window.confirm(words.delete_sure) && (await outbox.remove(draft.uuid)), "btn quiet");
  const edit = async () => {
    if (await outbox.reopen(draft.uuid)) window.location.assign(`${form}#${draft.uuid}`);
    else await refresh();
  };
  if (draft.state === "sent") return [...(draft.receipt.reference ? [link(`${root.dataset.report.replace("REF", draft.receipt.reference)}`, words.open)] : []), drop];
  if (draft.state === "draft") return [link(`${form}#${draft.uuid}`, words.go_on), drop];
  if (draft.problem?.code === "account") return [link(signIn(root), words.sign_in), button("now", words.send_now, () => retry(draft)), drop];
  if (draft.state === "mend" && ["expired", "idempotency_conflict"].includes(draft.problem?.code)) {
    return [button("again", words.send_as_new, async () => window.location.assign(`${form}#${await outbox.again(draft.uuid)}`)), drop];
  }
  if (draft.state === "mend") return [button("edit", words.change, edit), drop];
  return [button("now", words.send_now, () => retry(draft)), ...(draft.asked ? [] : [button("edit", words.change, edit), drop])];
}

async function retry(draft) {
  await outbox.queue(draft.uuid);
  await outbox.flush({ now: true });
  await refresh();
}
