// Photos of a form: made small here, handed on one by one under their own UUID, shown, taken away again. What the browser cannot
// read (HEIC on a desktop) goes as it is; the server looks at every byte anyway. `way` carries them: to the server, or into the
// phone's store: send(uuid, blob, name) answers {taken, waits, thumb, problem}, remove(uuid).
import "./app/outbox.js";
import { blanked } from "./heic.js";
import { tooLarge, unfit } from "./photo_kind.js";
import { cover } from "./redact.js";

const LONGEST = 1600;
const QUALITY = 0.86;

export class PhotoList {
  constructor(root, words, way, changed = () => {}) {
    this.root = root;
    this.words = words;
    this.way = way;
    this.changed = changed;
    this.input = root.querySelector("input[type=file]");
    this.list = root.querySelector("[data-shots]");
    this.blobs = new Map();
    this.note = root.querySelector("[data-say]");
    this.most = Number(root.dataset.most) || 5;
    this.input.addEventListener("change", () => this.#take([...this.input.files]));
    root.addEventListener("dragover", (event) => event.preventDefault());
    root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#take([...event.dataTransfer.files]);
    });
    this.list.querySelectorAll(".shot").forEach((shot) => {
      shot.querySelector("label")?.remove();
      shot.querySelector("[data-cover-page]")?.remove();
      this.#button(shot);
      this.#coverButton(shot);
    });
    if (this.input.files.length) this.#take([...this.input.files]); // chosen while this script was on its way
  }

  async #take(files) {
    this.input.value = "";
    this.note.replaceChildren();
    for (const file of files) {
      if (this.list.children.length >= this.most) {
        this.#say(this.words.photo_many.replace("{n}", String(this.most)));
        return;
      }
      await this.#send(file);
    }
  }

  async #send(file) {
    const why = await unfit(file);
    if (why) return this.#say(`${file.name}: ${this.words[`photo_${why}`]}`);
    const uuid = globalThis.outbox.newUuid();
    const small = await shrink(file);
    if (tooLarge(small)) return this.#say(`${file.name}: ${this.words.photo_bytes}`);
    const shot = this.#shot(uuid, small);
    const kept = await this.way.send(uuid, small, small instanceof File ? file.name : "photo.jpg");
    if (!kept.taken) {
      return this.#refuse(shot, file, kept.problem);
    }
    shot.querySelector("input").name = this.root.dataset.name;
    shot.querySelector(".state").textContent = kept.waits ? this.words.photo_waits : this.words.photo_sent;
    if (kept.thumb && small instanceof File) shot.querySelector("img").src = kept.thumb;
    return this.changed();
  }

  /** Shows a photo that was taken before: `blob` its bytes; `state` in words. */
  show(uuid, blob, state) {
    const shot = this.#shot(uuid, blob);
    shot.querySelector("input").name = this.root.dataset.name;
    shot.querySelector(".state").textContent = state;
  }

  /** The client UUIDs of the photos shown, in their order. */
  get uuids() {
    return [...this.list.children].map((shot) => shot.dataset.uuid);
  }

  /** What was not taken leaves one sentence that names the file. */
  #refuse(shot, file, words) {
    shot.remove();
    this.#say(`${file.name}: ${words}`);
  }

  #say(words) {
    const line = document.createElement("span");
    line.className = "error";
    line.textContent = words;
    this.note.append(line);
    this.note.scrollIntoView({ block: "center" }); // on a phone it may stand under the bar
  }

  #shot(uuid, blob) {
    const shot = document.createElement("li");
    shot.className = "shot";
    shot.dataset.uuid = uuid;
    const frame = document.createElement("span");
    frame.className = "photo";
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = URL.createObjectURL(blob);
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    picture.addEventListener("error", () => frame.classList.add("is-unseen")); // HEIC: kept and sent, not shown here
    picture.addEventListener("load", () => frame.classList.remove("is-unseen"));
    frame.append(picture);
    const value = document.createElement("input");
    value.type = "hidden";
    value.value = uuid;
    const state = document.createElement("span");
    state.className = "state";
    state.textContent = this.words.photo_sending;
    shot.append(frame, value, state);
    this.blobs.set(uuid, blob);
    this.#button(shot);
    this.list.append(shot);
    this.#coverButton(shot);
    return shot;
  }

  /** A face or a number is painted over here; the copy goes under a new UUID, and what had gone before is taken back. */
  #coverButton(shot) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn low";
    button.textContent = this.root.dataset.coverLabel.replace("{n}", String([...this.list.children].indexOf(shot) + 1));
    button.addEventListener("click", () => this.#cover(shot, button));
    shot.append(button);
  }

  async #cover(shot, button) {
    const uuid = shot.dataset.uuid;
    const blob = this.blobs.get(uuid) || (await fetch(shot.querySelector("img").src.replace("/small.jpg", "/large.jpg")).then((answer) => answer.blob()).catch(() => null));
    const painted = blob && (await cover(blob).catch(() => null));
    button.focus();
    if (!painted) return;
    const copy = globalThis.outbox.newUuid();
    const kept = await this.way.send(copy, painted, "photo.jpg");
    if (!kept.taken) {
      this.#say(kept.problem);
      return;
    }
    await this.way.remove(uuid);
    this.blobs.delete(uuid);
    this.blobs.set(copy, painted);
    shot.dataset.uuid = copy;
    shot.querySelector("input").value = copy;
    const picture = shot.querySelector("img");
    picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
    picture.src = URL.createObjectURL(painted);
    this.changed();
  }

  #button(shot) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "iconbtn";
    button.setAttribute("aria-label", this.words.photo_remove.replace("{n}", String([...this.list.children].indexOf(shot) + 1 || this.list.children.length + 1)));
    const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    sign.setAttribute("class", "ic");
    sign.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${this.root.dataset.sprite}#i-close`);
    sign.append(use);
    button.append(sign);
    button.addEventListener("click", () => this.#remove(shot));
    shot.append(button);
  }

  async #remove(shot) {
    shot.remove();
    this.input.focus();
    await this.way.remove(shot.dataset.uuid);
    this.changed();
  }
}

/** The picture at most LONGEST pixels long as JPEG without its metadata; where the browser cannot read it, the file itself,
 *  blanked if it tells where its details stand (heic.js): the server blanks it in any case. */
async function shrink(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob || file;
  } catch {
    return (await blanked(file).catch(() => null)) || file;
  }
}
