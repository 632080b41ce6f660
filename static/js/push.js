// Messages on this device: asked for only after the button was pressed, ended by another. What goes wrong is told as what it is.

const part = document.querySelector("[data-push]");
const able = part && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.isSecureContext;
const SERVICE_MS = 30_000;
if (able) begin();

/** `reason`: the name of the words that are shown: refused, service (of the browser's maker), unsaved (by this site). */
class Failed extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

async function begin() {
  const live = part.querySelector("[data-live]");
  const [on, off] = ["on", "off"].map((act) => part.querySelector(`[data-act=${act}]`));
  const say = (words) => { part.querySelector("[role=status]").textContent = words; };
  const worker = await navigator.serviceWorker.ready;
  const show = async () => {
    const held = await worker.pushManager.getSubscription();
    on.hidden = Boolean(held);
    off.hidden = !held;
  };
  await show();
  part.querySelector("[data-none]").hidden = true;
  live.hidden = false;
  on.addEventListener("click", () => during(async () => {
    await begun(worker);
    return part.dataset.on;
  }));
  off.addEventListener("click", () => during(async () => {
    await ended(worker);
    return part.dataset.off;
  }));

  /** One at a time; while it lasts the buttons wait and say so, then the one that is left has the focus. */
  async function during(act) {
    const focused = [on, off].includes(document.activeElement);
    on.disabled = off.disabled = true;
    part.setAttribute("aria-busy", "true");
    say(part.dataset.wait);
    part.querySelector("[data-count]")?.remove(); // was true when the page came
    const words = await act().catch((failed) => part.dataset[failed.reason] || part.dataset.service);
    await show().catch(() => null);
    on.disabled = off.disabled = false;
    part.removeAttribute("aria-busy");
    say(words);
    if (focused) (on.hidden ? off : on).focus();
  }
}

async function begun(worker) {
  if ((await Notification.requestPermission()) !== "granted") throw new Failed("refused");
  const asked = worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
  const made = await within(asked).catch((error) => { throw new Failed(error.name === "NotAllowedError" ? "refused" : "service"); });
  try {
    await tell({ ...made.toJSON() });
  } catch {
    await made.unsubscribe().catch(() => null); // else the browser would say that messages come
    throw new Failed("unsaved");
  }
}

async function ended(worker) {
  const held = await worker.pushManager.getSubscription();
  if (!held) return;
  await within(held.unsubscribe()).catch(() => { throw new Failed("service"); });
  await tell({ endpoint: held.endpoint, stop: true }).catch(() => null); // a message to a device that is gone forgets it too
}

/** A push service that is not there can leave its question open for ever. */
function within(promise) {
  const late = new Promise((_done, refuse) => setTimeout(() => refuse(new Failed("service")), SERVICE_MS));
  return Promise.race([promise, late]);
}

async function tell(said) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(part.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(said),
    redirect: "error",
  });
  if (!answer.ok) throw new Failed("unsaved");
}

/** The installation's public key, base64url, as the browser wants it. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
