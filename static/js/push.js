// Messages on this device: asked for only after the button was pressed, ended by another.

const part = document.querySelector("[data-push]");
const able = part && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.isSecureContext;
if (able) begin();

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
  on.addEventListener("click", async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
      await tell({ ...made.toJSON() });
      say(part.dataset.on);
    } catch {
      say(part.dataset.failed);
    }
    await show();
  });
  off.addEventListener("click", async () => {
    const held = await worker.pushManager.getSubscription();
    if (held) {
      await held.unsubscribe();
      await tell({ endpoint: held.endpoint, stop: true }).catch(() => null);
    }
    say(part.dataset.off);
    await show();
  });
}

async function tell(said) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(part.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(said),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

/** The installation's public key, base64url, as the browser wants it. */
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
