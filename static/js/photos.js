// Photos of a form: made small here, sent one by one under their own UUID, shown, taken away again. What the browser cannot
// read (HEIC on a desktop) goes as it is; the server looks at every byte anyway.

const LONGEST = 1600;
const QUALITY = 0.86;

class Photos {
  constructor(root, words) {
    this.root = root;
    this.words = words;
    this.input = root.querySelector("input[type=file]");
    this.list = root.querySelector("[data-shots]");
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
      this.#button(shot);
    });
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
    const uuid = makeUuid();
    const small = await shrink(file);
    const shot = this.#shot(uuid, small);
    const body = new FormData();
    body.set("photo", small, small === file ? file.name : "photo.jpg");
    body.set("client_uuid", uuid);
    body.set("draft", this.root.dataset.draft);
    try {
      const answer = await fetch(this.root.dataset.upload, { method: "POST", body, headers: this.#headers() });
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        this.#refuse(shot, file, problem.detail || this.words.photo_failed);
        return;
      }
      const found = await answer.json();
      shot.querySelector("input").name = this.root.dataset.name;
      shot.querySelector(".state").textContent = this.words.photo_sent;
      if (found.thumb && small === file) shot.querySelector("img").src = found.thumb;
    } catch {
      this.#refuse(shot, file, this.words.photo_offline);
    }
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
    frame.append(picture);
    const value = document.createElement("input");
    value.type = "hidden";
    value.value = uuid;
    const state = document.createElement("span");
    state.className = "state";
    state.textContent = this.words.photo_sending;
    shot.append(frame, value, state);
    this.#button(shot);
    this.list.append(shot);
    return shot;
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
    const body = new FormData();
    body.set("client_uuid", shot.dataset.uuid);
    body.set("draft", this.root.dataset.draft);
    body.set("remove", "1");
    await fetch(this.root.dataset.upload, { method: "POST", body, headers: this.#headers() }).catch(() => null);
  }

  #headers() {
    const token = this.root.closest("form")?.querySelector("[name=csrfmiddlewaretoken]");
    return { Accept: "application/json", ...(token ? { "X-CSRFToken": token.value } : {}) };
  }
}

/** The picture at most LONGEST pixels long as JPEG without its metadata; the file itself where the browser cannot read it. */
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
    return file;
  }
}

// The browser's own maker of UUIDs is missing on plain http and in older Safari.
function makeUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const data = document.getElementById("map-data");
for (const root of document.querySelectorAll("[data-photos]")) new Photos(root, JSON.parse(data.textContent).words);
