// On every page: the service worker, and what waits on this phone. The store itself is loaded only where something is in it.
// Marks in localStorage: „outbox“, something is in it; „person“, somebody has signed in here.

if ("serviceWorker" in navigator && window.isSecureContext) {
  window.addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null));
}

/** A page that the phone had kept says so, and of when it is. */
function sayOffline(date) {
  const bar = document.getElementById("offbar");
  if (!bar) return;
  const time = date ? new Date(date).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }) : "";
  bar.querySelector("[data-kept]").textContent = time ? bar.dataset.words.replace("{time}", time) : "";
  bar.hidden = false;
}

navigator.serviceWorker?.addEventListener("message", (event) => event.data?.kept !== undefined && sayOffline(event.data.kept));
navigator.serviceWorker?.controller?.postMessage("kept?");
window.addEventListener("offline", () => sayOffline(""));
window.addEventListener("online", () => {
  const bar = document.getElementById("offbar");
  if (bar) bar.hidden = true;
});

function marked(name) {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

/** Words of a page that was left at once wait for the store (waiting.js). */
function typed() {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith("typed:"));
  } catch {
    return false;
  }
}

const person = document.documentElement.dataset.person !== undefined;
if (person || marked("outbox") || marked("person") || typed() || document.querySelector("[data-outbox]")) {
  import("./waiting.js").then(({ start }) => start(person)).catch(() => null);
}
