// The phone's own store of reports: what is being written, what waits for a connection, what was sent. One classic script for pages
// (imported for its effect) and for the service worker (importScripts), because Firefox 115 knows no modules there.
//
// A draft: {v, uuid, language, account, state, fields, written_at, changed_at, payload, asked, tries, next, problem, receipt}.
// `fields`: names and values of the form, an array where several are chosen. `payload`: what is sent, made once, so that a repeat is
// the same to the last letter. `asked`: it was sent and no answer came: it may have been received. States: draft (being written),
// queued (goes by itself), mend (refused, its author must change something), sent (received; `receipt`).
// Photos stand in a store of their own: {uuid, draft, position, type, bytes, sent, problem}.
//
// Exactly once: the server knows the report by its UUID and every photo by its own; whatever is repeated answers the first one.
(() => {
  const NAME = "outbox";
  const FORMAT = 1;
  const KEEP_SENT_DAYS = 30;
  const LONGEST_WAIT_SECONDS = 3600;
  const OPENS_WITHIN_MS = 5000;
  const ENDS_WITHIN_MS = 8000;
  const NETWORK = { waits: true };
  const API = "/api/v1/";
  const told = "BroadcastChannel" in self ? new BroadcastChannel(NAME) : null;

  let opened = null;
  function open() {
    opened ||= new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, FORMAT);
      // One that never answers is none: everything that asks hears so at once, until it answers after all.
      setTimeout(() => failed(new DOMException("The store does not answer", "TimeoutError")), OPENS_WITHIN_MS);
      asked.onupgradeneeded = () => {
        const { result } = asked;
        if (!result.objectStoreNames.contains("drafts")) result.createObjectStore("drafts", { keyPath: "uuid" });
        if (!result.objectStoreNames.contains("photos")) result.createObjectStore("photos", { keyPath: "uuid" }).createIndex("draft", "draft");
        if (!result.objectStoreNames.contains("facts")) result.createObjectStore("facts");
      };
      asked.onsuccess = () => {
        asked.result.onclose = () => (opened = null); // the browser let it go: the next asks anew
        asked.result.onversionchange = () => {
          asked.result.close();
          opened = null;
        };
        opened = Promise.resolve(asked.result);
        done(asked.result);
      };
      asked.onerror = () => {
        opened = null;
        failed(asked.error);
      };
    });
    return opened;
  }

  /** One transaction on the named stores; answers what `act` asked for last, once it is on the disk. */
  async function run(stores, mode, act) {
    const base = await open().catch(open); // once more: a busy phone may fail the first time
    return new Promise((done, failed) => {
      setTimeout(() => failed(new DOMException("The store does not answer", "TimeoutError")), ENDS_WITHIN_MS);
      const all = base.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
      const asked = act(...stores.map((name) => all.objectStore(name)));
      all.oncomplete = () => done(asked?.result);
      all.onerror = all.onabort = () => failed(all.error);
    });
  }

  const get = (uuid) => run(["drafts"], "readonly", (drafts) => drafts.get(uuid));
  const all = async () => (await run(["drafts"], "readonly", (drafts) => drafts.getAll())).map(current).sort((a, b) => (a.written_at < b.written_at ? 1 : -1));
  const photosOf = async (uuid) => (await run(["photos"], "readonly", (photos) => photos.index("draft").getAll(uuid))).sort((a, b) => a.position - b.position);

  /** What an older release stored, in today's form. */
  function current(draft) {
    return { tries: 0, next: 0, asked: false, problem: null, receipt: null, payload: null, account: "", ...draft, v: FORMAT };
  }

  /** Reads and writes a draft in one transaction: `make` answers what it becomes, or nothing to leave it. Answers what stands now. */
  async function change(uuid, make, quiet = false) {
    let now;
    await run(["drafts"], "readwrite", (drafts) => {
      const asked = drafts.get(uuid);
      asked.onsuccess = () => {
        const before = asked.result && current(asked.result);
        const after = make(before);
        now = after || before;
        if (after) drafts.put({ ...after, changed_at: new Date().toISOString() });
      };
    });
    if (!quiet) tell();
    return now;
  }

  /** Keeps what the form holds; a draft that already goes its way is left alone and answered as it is. */
  function keep(uuid, fields, { language, account = "" }) {
    return change(uuid, (before) => {
      if (before && (before.state === "sent" || before.state === "queued" || before.asked)) return null;
      const fresh = current({ v: FORMAT, uuid, written_at: new Date().toISOString() });
      return { ...fresh, ...before, fields, language, account, payload: null, state: before?.state === "mend" ? "mend" : "draft" };
    });
  }

  async function remove(uuid) {
    const photos = await photosOf(uuid);
    await run(["drafts", "photos"], "readwrite", (drafts, kept) => {
      photos.forEach((photo) => kept.delete(photo.uuid));
      return drafts.delete(uuid);
    });
    tell();
  }

  /** Keeps a photo's bytes under the draft; false where the phone has no room. */
  async function keepPhoto(draft, uuid, blob) {
    const bytes = await blob.arrayBuffer();
    const position = (await photosOf(draft)).length;
    try {
      await run(["photos"], "readwrite", (photos) => photos.put({ uuid, draft, position, type: blob.type || "application/octet-stream", bytes, sent: false, problem: "" }));
    } catch {
      return false;
    }
    return true;
  }

  const dropPhoto = (uuid) => run(["photos"], "readwrite", (photos) => photos.delete(uuid));

  async function setPhoto(uuid, changes) {
    await run(["photos"], "readwrite", (photos) => {
      const asked = photos.get(uuid);
      asked.onsuccess = () => asked.result && photos.put({ ...asked.result, ...changes });
      return asked;
    });
  }

  const fact = (name) => run(["facts"], "readonly", (facts) => facts.get(name));
  const setFact = (name, value) => run(["facts"], "readwrite", (facts) => (value === undefined ? facts.delete(name) : facts.put(value, name)));

  // -- from the form to the server's terms

  const list = (value) => (value === undefined || value === "" ? [] : Array.isArray(value) ? value : [value]);

  /** What the API takes, from the fields of the form. */
  function payloadOf(fields, language) {
    const sent = { kind: fields.kind || "problem", category: fields.category || "", title: fields.title || "", text: fields.text || "", language, agree: Boolean(fields.terms) };
    if (!fields.whole) {
      if (fields.settlement) sent.settlement = fields.settlement;
      else if (fields.lon && fields.lat) sent.point = { type: "Point", coordinates: [Number(fields.lon), Number(fields.lat)] };
      if (fields.shape) {
        const shape = JSON.parse(fields.shape);
        sent[shape.type === "LineString" ? "line" : "polygon"] = shape;
      }
    }
    for (const name of ["place", "email", "name", "address", "phone", "happened_on"]) if (fields[name]) sent[name] = fields[name];
    if (fields.way === "official") sent.official = true;
    if (fields.restricted) sent.restricted = true;
    if (["first", "full"].includes(fields.public_name)) sent.show_name = fields.public_name;
    const answers = {};
    for (const each of list(fields.answers)) {
      const at = each.indexOf(":");
      if (at > 0 && at < each.length - 1) (answers[each.slice(0, at)] ??= []).push(each.slice(at + 1));
    }
    for (const [name, value] of Object.entries(fields)) if (name.startsWith("answer_") && list(value).length) answers[name.slice(7)] = list(value);
    if (Object.keys(answers).length) sent.answers = answers;
    if (list(fields.further_sectors).length) sent.further_sectors = list(fields.further_sectors);
    return sent;
  }

  /** From now on it goes by itself. Photos that the server has already are named in `fields.photos`. */
  async function queue(uuid) {
    await self.navigator.storage?.persist?.().catch(() => false);
    return change(uuid, (draft) => (draft && draft.state !== "sent" ? { ...draft, state: "queued", problem: null, tries: 0, next: 0 } : null));
  }

  /** Back to writing, unless it may have been received already. */
  async function reopen(uuid) {
    const now = await change(uuid, (draft) => (!draft || draft.asked || draft.state === "sent" ? null : { ...draft, state: draft.problem ? "mend" : "draft", payload: null }));
    return Boolean(now) && ["draft", "mend"].includes(now.state);
  }

  /** The same words under a new UUID: the old one is gone at the server, or holds something else. */
  async function again(uuid) {
    const draft = current(await get(uuid));
    const fresh = newUuid();
    const photos = await photosOf(uuid);
    await run(["drafts", "photos"], "readwrite", (drafts, kept) => {
      photos.forEach((photo) => {
        kept.delete(photo.uuid);
        kept.put({ ...photo, uuid: newUuid(), draft: fresh, sent: false, problem: "" });
      });
      drafts.delete(uuid);
      const { photos: _named, ...fields } = draft.fields;
      return drafts.put({ ...draft, uuid: fresh, fields, state: "draft", asked: false, payload: null, problem: null, receipt: null, tries: 0, next: 0 });
    });
    tell();
    return fresh;
  }

  // The browser's own maker of UUIDs is missing on plain http and in older Safari.
  function newUuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  // -- sending

  /** Sends what waits, oldest first, one sender at a time in the whole browser. `now`: also what was to wait longer. */
  async function flush({ now = false } = {}) {
    if (!self.navigator.locks) return sendAll(now);
    return self.navigator.locks.request(NAME, () => sendAll(now));
  }

  async function sendAll(now) {
    const waiting = (await all()).filter((draft) => draft.state === "queued" && (now || draft.next <= Date.now())).reverse();
    let left = 0;
    for (const draft of waiting) {
      const outcome = await send(draft).catch(() => NETWORK);
      if (outcome.waits) {
        await wait(draft.uuid, outcome.seconds);
        left += 1;
        if (!outcome.seconds) break; // no connection: the others would fail alike
      }
    }
    await forgetOld();
    tell();
    return { sent: waiting.length - left, left };
  }

  function wait(uuid, seconds) {
    return change(uuid, (draft) => {
      if (draft?.state !== "queued") return null;
      const tries = draft.tries + 1;
      return { ...draft, tries, busy: Boolean(seconds), next: Date.now() + 1000 * (seconds || Math.min(LONGEST_WAIT_SECONDS, 5 * 2 ** Math.min(tries, 10))) };
    }, true);
  }

  async function forgetOld() {
    const limit = Date.now() - KEEP_SENT_DAYS * 86_400_000;
    for (const draft of await all()) if (draft.state === "sent" && Date.parse(draft.receipt.at) < limit) await remove(draft.uuid);
  }

  async function send(draft) {
    const who = await session(draft);
    if (who.waits) return who;
    if (who.mend) return mend(draft, { status: 401, detail: "", code: "account" });
    const photos = await sendPhotos(draft, who);
    if (photos) return photos;
    return sendReport(draft, who);
  }

  /** Whose session this is: a draft goes as whoever wrote it, or not at all. */
  async function session(draft) {
    const answer = await ask("session/", { headers: { Accept: "application/json" } }, {});
    if (!answer.ok) return NETWORK;
    const { user, csrf } = await answer.json();
    const email = user?.email || "";
    if (draft.account && draft.account !== email) return { mend: true };
    // Written as a guest, but somebody has signed in since: it still goes as the guest's.
    return draft.account || !user ? { credentials: "same-origin", csrf } : { credentials: "omit", csrf: "" };
  }

  /** The answer of the server; where none comes, or a gateway's, one that says to wait. */
  async function ask(path, options, who) {
    const headers = { ...options.headers, ...(who.csrf ? { "X-CSRFToken": who.csrf } : {}) };
    const answer = await fetch(API + path, { credentials: "same-origin", ...options, ...(who.credentials ? { credentials: who.credentials } : {}), headers, cache: "no-store", redirect: "error" }).catch(() => null);
    return answer || { ok: false, status: 0 };
  }

  /** Nothing where all photos are there; else what stopped them. */
  async function sendPhotos(draft, who) {
    for (const photo of await photosOf(draft.uuid)) {
      if (photo.sent) continue;
      const answer = await postPhoto(draft, photo, who);
      if (answer.ok) {
        await setPhoto(photo.uuid, { sent: true, problem: "" });
        tell();
        continue;
      }
      if (later(answer)) return { waits: true, seconds: secondsOf(answer) };
      const problem = await problemOf(answer);
      await setPhoto(photo.uuid, { problem: problem.detail });
      return mend(draft, { ...problem, photo: photo.uuid });
    }
    return null;
  }

  function postPhoto(draft, { uuid, type, bytes }, who) {
    const headers = { "Content-Type": type, "Idempotency-Key": uuid, Accept: "application/json", "Accept-Language": draft.language };
    return ask(`drafts/${draft.uuid}/photos/`, { method: "POST", body: bytes, headers }, who);
  }

  async function sendReport(draft, who) {
    const payload = draft.payload || (await sealed(draft));
    const now = await change(draft.uuid, (before) => (before?.state === "queued" ? { ...before, payload, asked: true } : null), true);
    if (!now?.asked) return { waits: false }; // taken back by its author a moment ago
    const answer = await post(draft, payload, who);
    if (answer.ok) return received(draft, await answer.json(), answer.status);
    if (later(answer)) return { waits: true, seconds: secondsOf(answer) };
    const problem = await problemOf(answer);
    if (problem.errors?.photos && !draft.resent) {
      // The server let its draft go meanwhile; the photos are still here.
      for (const photo of await photosOf(draft.uuid)) await setPhoto(photo.uuid, { sent: false });
      return send(await change(draft.uuid, (before) => ({ ...before, asked: false, resent: true }), true));
    }
    if (problem.errors?.photos) await forgetServerPhotos(draft.uuid);
    return mend(draft, problem);
  }

  function post({ uuid, language }, payload, who) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": uuid, Accept: "application/json", "Accept-Language": language };
    return ask("reports/", { method: "POST", body: JSON.stringify(payload), headers }, who);
  }

  /** Where the phone keeps nothing the open page sends it: {receipt}, {problem}, or {} where no answer came. Once, by its
   *  UUID. `shown`: the UUIDs of the photos that the page shows, of which none may be missing. */
  async function straight(draft, shown) {
    const who = await session(draft);
    if (who.waits) return {};
    if (who.mend) return { problem: { code: "account" } };
    const kept = await photosOf(draft.uuid).catch(() => []);
    const there = [...new Set([...list(draft.fields.photos), ...kept.map((photo) => photo.uuid)])];
    if (shown.some((uuid) => !there.includes(uuid))) return { problem: { code: "photos" } };
    for (const photo of kept) {
      const taken = await postPhoto(draft, photo, who);
      if (!taken.ok) return later(taken) ? {} : { problem: await problemOf(taken) };
    }
    const answer = await post(draft, { ...payloadOf(draft.fields, draft.language), ...(there.length ? { photos: there } : {}) }, who);
    if (answer.ok) return { receipt: await answer.json() };
    return later(answer) ? {} : { problem: await problemOf(answer) };
  }

  /** Photos that only the server had are gone there: the report must not name them for ever. */
  function forgetServerPhotos(uuid) {
    return change(uuid, (draft) => {
      const { photos: _gone, ...fields } = draft.fields;
      return { ...draft, fields };
    }, true);
  }

  /** What is sent, fixed from now on: fields and every photo in its order. */
  async function sealed(draft) {
    const kept = (await photosOf(draft.uuid)).map((photo) => photo.uuid);
    const order = list(draft.fields.photos);
    const photos = [...order, ...kept.filter((uuid) => !order.includes(uuid))];
    return { ...payloadOf(draft.fields, draft.language), ...(photos.length ? { photos } : {}) };
  }

  async function received(draft, body, status) {
    const receipt = { ...body, http: status, at: new Date().toISOString() };
    const photos = await photosOf(draft.uuid);
    await run(["drafts", "photos"], "readwrite", (drafts, kept) => {
      photos.forEach((photo) => kept.delete(photo.uuid));
      const { title, kind, category } = draft.fields;
      return drafts.put({ ...draft, state: "sent", fields: { title, kind, category }, payload: null, problem: null, receipt, asked: true, changed_at: receipt.at });
    });
    tell({ received: draft.uuid });
    return { waits: false };
  }

  /** Refused: nothing is lost, its author is asked to change what is wrong. A refused report was not received. */
  async function mend(draft, problem) {
    await change(draft.uuid, (now) => ({ ...now, state: "mend", asked: problem.status === 409 ? now.asked : false, payload: null, problem }));
    return { waits: false };
  }

  const later = (answer) => !answer.status || answer.status >= 500 || answer.status === 429 || answer.status === 408 || answer.status === 425;
  const secondsOf = (answer) => Number(answer.headers?.get("Retry-After")) || (answer.status ? 30 : 0);

  async function problemOf(answer) {
    const body = await answer.json().catch(() => ({}));
    return { status: answer.status, code: body.code || "", detail: body.detail || body.title || "", errors: body.errors || {} };
  }

  // -- telling

  const listeners = new Set();

  /** Pages and the worker of this browser hear that something changed. */
  function tell(news = {}) {
    told?.postMessage(news);
    listeners.forEach((each) => each(news));
  }

  function listen(act) {
    listeners.add(act);
    told?.addEventListener("message", (event) => act(event.data));
  }

  self.outbox = { FORMAT, get, all, keep, change, remove, photosOf, keepPhoto, dropPhoto, setPhoto, fact, setFact, queue, reopen, again, flush, straight, listen, newUuid };
})();
