// Part of the service worker, a classic script: a message that came is shown; pressing it opens its page.
(() => {
  self.addEventListener("push", (event) => event.waitUntil(show(event.data)));
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
