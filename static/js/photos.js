// Photos of a step of a new report: sent to the draft that the server keeps; without a connection they wait in the phone's store.
import "./app/outbox.js";
import { PhotoList } from "./photo_list.js";

const { outbox } = globalThis;
const { words } = JSON.parse(document.getElementById("map-data").textContent);

class ToServer {
  constructor(root) {
    this.root = root;
    this.draft = root.dataset.draft;
  }

  async send(uuid, blob, name) {
    const body = new FormData();
    body.set("photo", blob, name);
    body.set("client_uuid", uuid);
    body.set("draft", this.draft);
    try {
      const answer = await fetch(this.root.dataset.upload, { method: "POST", body, headers: this.#headers() });
      if (answer.ok) return { taken: true, thumb: (await answer.json()).thumb };
      const problem = await answer.json().catch(() => ({}));
      return { taken: false, problem: problem.detail || words.photo_failed };
    } catch {
      const waits = await outbox.keepPhoto(this.draft, uuid, blob).catch(() => false);
      return waits ? { taken: true, waits } : { taken: false, problem: words.photo_offline };
    }
  }

  async remove(uuid) {
    await outbox.dropPhoto(uuid).catch(() => null);
    const body = new FormData();
    body.set("client_uuid", uuid);
    body.set("draft", this.draft);
    body.set("remove", "1");
    await fetch(this.root.dataset.upload, { method: "POST", body, headers: this.#headers() }).catch(() => null);
  }

  #headers() {
    const token = this.root.closest("form")?.querySelector("[name=csrfmiddlewaretoken]");
    return { Accept: "application/json", ...(token ? { "X-CSRFToken": token.value } : {}) };
  }
}

for (const root of document.querySelectorAll("[data-photos]")) new PhotoList(root, words, new ToServer(root));
