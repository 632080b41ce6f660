// The service worker: the site's shell is kept on the phone, what cannot be sent is kept in the outbox and goes by itself.
// Loaded by /sw.js after CONFIG {version, shell, pages: {language: {home, form}}, ground} and outbox.js.
/* global CONFIG, outbox */
(() => {
  const SHELL = `shell-${CONFIG.version}`;
  const PAGES = "pages";
  const ANSWERS = "answers";
  const MOST = 40;
  const READ = /^\/([a-z]{2}\/)?map(\.json$|\/[0-9]{10}\/$)/; // what the map asks for: signs and cards
  const GATEWAY = [502, 503, 504];
  const WAIT_MS = 8000;
  const shown = new Map(); // clients that got a kept page, and of when it was

  self.addEventListener("install", (event) => event.waitUntil(install()));
  self.addEventListener("activate", (event) => event.waitUntil(activate()));
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const address = new URL(request.url);
    if (address.origin !== self.location.origin) return;
    if (request.mode === "navigate") event.respondWith(request.method === "POST" ? posted(event, address) : visited(event, address));
    else if (request.method === "GET" && keeps(address)) event.respondWith(fromShell(request));
    else if (request.method === "GET" && READ.test(address.pathname)) event.respondWith(asked(event));
  });
  self.addEventListener("sync", (event) => {
    if (event.tag === "outbox") event.waitUntil(sendWaiting());
  });
  self.addEventListener("message", (event) => {
    if (event.data === "flush") event.waitUntil(outbox.flush({ now: true }));
    // A page asks whether it is one that the phone had kept, and of when.
    if (event.data === "kept?" && shown.has(event.source.id)) event.source.postMessage({ kept: shown.get(event.source.id) });
  });

  async function install() {
    const cache = await caches.open(SHELL);
    // Pages of nobody: without cookies, so that they hold nothing of whoever is signed in.
    await Promise.all(CONFIG.shell.map(async (address) => {
      const named = address.startsWith("/static/"); // by its content: what the browser has already will do
      const answer = (named && (await caches.match(address))) || (await fetch(address, { credentials: "omit", cache: named ? "default" : "no-cache" }));
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }));
    await self.skipWaiting();
  }

  async function activate() {
    const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  }

  const keeps = (address) => address.pathname.startsWith("/static/") || CONFIG.shell.includes(address.pathname + address.search);

  /** Hashed files never change; everything else of the shell is asked for first and kept. */
  async function fromShell(request) {
    const cache = await caches.open(SHELL);
    const address = new URL(request.url);
    const kept = await cache.match(request.url, { ignoreVary: true });
    if (kept && request.headers.has("Range")) return part(kept, request.headers.get("Range"));
    if (kept && address.pathname.startsWith("/static/")) return kept;
    const answer = await fetch(request).catch(() => null);
    if (answer?.ok && answer.status === 200 && !address.pathname.startsWith("/static/") && isPublic(answer)) await cache.put(request, answer.clone());
    return answer || kept || Response.error();
  }

  /** A range of a file that is kept whole; the address of such a file changes with its content. */
  async function part(whole, range) {
    const bytes = await whole.arrayBuffer();
    const [, first, last] = /bytes=(\d+)-(\d*)/.exec(range) || [0, 0, ""];
    const end = Math.min(last === "" ? bytes.byteLength - 1 : Number(last), bytes.byteLength - 1);
    const headers = { "Content-Type": "application/vnd.pmtiles", "Content-Range": `bytes ${first}-${end}/${bytes.byteLength}`, "Content-Length": String(end - first + 1) };
    return new Response(bytes.slice(Number(first), end + 1), { status: 206, headers });
  }

  const isPublic = (answer) => /\bpublic\b/.test(answer.headers.get("Cache-Control") || "");
  const language = (address) => Object.keys(CONFIG.pages).find((code) => address.pathname.startsWith(`/${code}/`)) || CONFIG.language;

  /** A page: from the network; without it the copy last seen, else the page that stands for all. */
  async function visited(event, address) {
    const { request } = event;
    const own = CONFIG.pages[language(address)];
    const answer = await within(fetch(request), [own.home, own.form].includes(address.pathname) ? WAIT_MS / 4 : WAIT_MS * 4);
    if (answer && !GATEWAY.includes(answer.status)) {
      if ([own.home, own.form].includes(address.pathname)) event.waitUntil(renew(address.pathname));
      else if (answer.ok && answer.type === "basic" && isPublic(answer)) event.waitUntil(keep(PAGES, request, answer.clone()));
      return answer;
    }
    const cache = await caches.open(SHELL);
    if ([own.home, own.form].includes(address.pathname)) return (await cache.match(address.pathname, { ignoreVary: true })) || Response.error();
    if (/\/reports\/new\/$/.test(address.pathname)) return Response.redirect(`${own.form}${formHash(address)}`, 302);
    const pages = await caches.open(PAGES);
    const kept = await pages.match(request, { ignoreVary: true });
    if (kept) {
      shown.set(event.resultingClientId, kept.headers.get("Date"));
      return kept;
    }
    return Response.redirect(`${own.home}?from=${encodeURIComponent(address.pathname)}`, 302);
  }

  /** The shell's own pages as they are now, as nobody sees them. */
  async function renew(address) {
    const answer = await fetch(address, { credentials: "omit" }).catch(() => null);
    if (answer?.ok) await (await caches.open(SHELL)).put(address, answer);
  }

  const formHash = (address) => (address.searchParams.get("draft") ? `#${address.searchParams.get("draft")}` : "");

  /** What comes within the time; null where nothing does. */
  async function within(promise, ms) {
    let timer = 0;
    const late = new Promise((done) => (timer = setTimeout(() => done(null), ms)));
    const answer = await Promise.race([promise.catch(() => null), late]);
    clearTimeout(timer);
    return answer;
  }

  /** Public answers that the map asks for: from the network, without it as they were last. */
  async function asked(event) {
    const answer = await fetch(event.request).catch(() => null);
    if (answer?.ok && isPublic(answer)) event.waitUntil(keep(ANSWERS, event.request, answer.clone()));
    if (answer && !GATEWAY.includes(answer.status)) return answer;
    return (await (await caches.open(ANSWERS)).match(event.request, { ignoreVary: true })) || answer || Response.error();
  }

  /** The newest ones stay; an older copy stays until the new one is here whole. */
  async function keep(name, request, answer) {
    const { status, headers } = answer;
    const whole = new Response(await answer.blob(), { status, headers });
    const cache = await caches.open(name);
    await cache.delete(request, { ignoreVary: true });
    await cache.put(request, whole);
    const keys = await cache.keys();
    await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((key) => cache.delete(key)));
  }

  /** A form: where its answer does not come, a new report's fields go into the outbox and nothing typed is lost. */
  async function posted(event, address) {
    const copy = /\/reports\/new\/$/.test(address.pathname) ? event.request.clone() : null;
    const answer = await fetch(event.request).catch(() => null);
    if (answer && !(copy && GATEWAY.includes(answer.status))) return answer;
    if (!copy) return Response.redirect(`${CONFIG.pages[language(address)].home}?from=form`, 303);
    return keepForm(await copy.formData(), language(address));
  }

  async function keepForm(form, code) {
    const own = CONFIG.pages[code];
    const uuid = form.get("client_uuid") || outbox.newUuid();
    const fields = {};
    const skipped = ["csrfmiddlewaretoken", "client_uuid", "step", "go", "website", "noticed"];
    for (const [name, value] of form.entries()) {
      if (value instanceof File) {
        if (value.size) await outbox.keepPhoto(uuid, outbox.newUuid(), value);
      } else if (!skipped.includes(name) && value) {
        fields[name] = name in fields ? [].concat(fields[name], value) : ["photos", "further_sectors", "answers"].includes(name) ? [value] : value;
      }
    }
    const session = await outbox.fact("session");
    await outbox.keep(uuid, fields, { language: code, account: session?.email || "" });
    if (form.get("go") !== "send") return Response.redirect(`${own.form}#${uuid}`, 303);
    await outbox.queue(uuid);
    await self.registration.sync?.register("outbox").catch(() => null);
    return Response.redirect(`${own.home}#${uuid}`, 303);
  }

  async function sendWaiting() {
    const { left } = await outbox.flush({ now: true });
    await sayReceived();
    if (left) throw new Error("not all could be sent"); // the browser tries again by itself
  }

  /** A notification for what was received while no page was open, where the person allowed them. */
  async function sayReceived() {
    const open = await self.clients.matchAll({ type: "window" });
    if (open.length || self.Notification?.permission !== "granted") return;
    for (const draft of await outbox.all()) {
      if (draft.state !== "sent" || draft.said) continue;
      await outbox.change(draft.uuid, (now) => ({ ...now, said: true }), true);
      const words = CONFIG.pages[draft.language]?.words || CONFIG.pages[CONFIG.language].words;
      const { reference } = draft.receipt;
      await self.registration.showNotification(words.received, { body: reference ? `№ ${reference}: ${draft.fields.title}` : draft.fields.title, tag: draft.uuid, data: { url: `${CONFIG.pages[draft.language]?.home || "/"}#${draft.uuid}` } });
    }
  }
})();
