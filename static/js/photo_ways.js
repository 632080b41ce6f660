// How a photo of a new report reaches the draft that the server keeps; without a connection it waits in the phone's store.
import "./app/outbox.js";

const { outbox } = globalThis;

export class ToServer {
  /** `form`: data-draft, data-upload and the form's token. */
  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.draft = form.dataset.draft;
  }

  async send(uuid, blob, name) {
    const answer = await this.#post(uuid, blob, name);
    if (!answer) {
      const waits = await outbox.keepPhoto(this.draft, uuid, blob).catch(() => false);
      return waits ? { taken: true, waits } : { taken: false, problem: this.words.photo_offline };
    }
    if (answer.ok) return { taken: true, thumb: (await answer.json()).thumb };
    const problem = await answer.json().catch(() => ({}));
    return { taken: false, problem: problem.detail || this.words.photo_failed };
  }

  async remove(uuid) {
    await outbox.dropPhoto(uuid).catch(() => null);
    const body = this.#body(uuid);
    body.set("remove", "1");
    await this.#fetch(body);
  }

  /** Sends what waited in the phone's store for this draft; answers the UUIDs that the server has now, and how many still wait. */
  async sendWaiting() {
    const waiting = await outbox.photosOf(this.draft).catch(() => []);
    const there = [];
    for (const photo of waiting) {
      const answer = await this.#post(photo.uuid, new Blob([photo.bytes], { type: photo.type }), "photo.jpg");
      if (!answer?.ok) continue;
      await outbox.dropPhoto(photo.uuid);
      there.push(photo.uuid);
    }
    return { there, left: waiting.length - there.length };
  }

  #post(uuid, blob, name) {
    const body = this.#body(uuid);
    body.set("photo", blob, name);
    return this.#fetch(body);
  }

  #body(uuid) {
    const body = new FormData();
    body.set("client_uuid", uuid);
    body.set("draft", this.draft);
    return body;
  }

  /** The answer; null where none came, or only a gateway's. */
  async #fetch(body) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]");
    const headers = { Accept: "application/json", ...(token ? { "X-CSRFToken": token.value } : {}) };
    const answer = await fetch(this.form.dataset.upload, { method: "POST", body, headers }).catch(() => null);
    return answer && answer.status < 502 ? answer : null;
  }
}
