// On every page: the service worker, and what waits on this phone. The store itself is loaded only where something is in it.
// Marks in localStorage: „outbox“, something is in it; „person“, somebody has signed in here.

if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null));
}

function marked(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

const person = document.documentElement.dataset.person !== undefined;
if (person || marked("outbox") || marked("person") || document.querySelector("[data-outbox], [data-draft]")) {
  import("./waiting.js").then(({ start }) => start(person)).catch(() => null);
}
