// Part of the service worker, a classic script: a message that came is shown; pressing it opens its page. When the browser gives the
// device a new address, the site is told, so that messages go on coming.
(() => {
  const DEVICE = "/accounts/notifications/device/";
  self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
  self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.oldSubscription, event.newSubscription)));
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data?.url || "/"));
  });

  async function show(data) {
    let said;
    try {
      said = data.json();
    } catch {
      said = { title: data ? data.text() : "", body: "", url: "/" };
    }
    await self.registration.showNotification(said.title || "", {
      body: said.body || "",
      tag: said.tag || undefined,
      renotify: Boolean(said.tag),
      icon: "/favicon.ico",
      data: { url: own(said.url) },
    });
  }

  /** The site knows the device by its former address and keys, also when nobody is signed in any more. */
  async function renew(old, given) {
    const { key, token } = await (await fetch(DEVICE, { credentials: "same-origin", cache: "no-store", redirect: "error" })).json();
    const wanted = { userVisibleOnly: true, applicationServerKey: old?.options?.applicationServerKey || bytes(key) };
    const made = given || (await self.registration.pushManager.subscribe(wanted));
    const answer = await fetch(DEVICE, {
      method: "POST",
      credentials: "same-origin",
      redirect: "error",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ ...made.toJSON(), old: old ? old.toJSON() : undefined }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }

  /** base64url, as the browser wants it. */
  function bytes(text) {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  /** Only pages of this site are opened. */
  function own(address) {
    try {
      const url = new URL(address, self.location.origin);
      return url.origin === self.location.origin ? url.pathname + url.search : "/";
    } catch {
      return "/";
    }
  }

  async function open(address) {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = windows.find((one) => new URL(one.url).pathname === new URL(address, self.location.origin).pathname) || null;
    if (there) return there.focus();
    return self.clients.openWindow(address);
  }
})();
