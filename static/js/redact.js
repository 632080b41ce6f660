// Boxes that cover faces and numbers on a photo: drawn with finger, pen or mouse, or typed as numbers; the numbers are what counts.
// A page's own form sends them to the server; `cover` paints them here, before the photo is sent, in a dialog of the page's <template>.
const SVG = "http://www.w3.org/2000/svg";
const LEAST = 1; // percent; a tap is no box
const QUALITY = 0.86;

export class Boxes {
  constructor(root) {
    this.frame = root.querySelector("[data-cover-frame]");
    this.image = this.frame.querySelector("img");
    this.layer = this.frame.querySelector("svg");
    this.status = root.querySelector("[data-cover-say]");
    this.rows = [...root.querySelectorAll("[data-box]")].map((row) => [...row.querySelectorAll("input")]);
    root.querySelector("[data-cover-how]").hidden = false;
    root.querySelector("[data-cover-tools]").hidden = false;
    root.querySelector("[data-cover-undo]").addEventListener("click", () => this.undo());
    root.addEventListener("input", () => this.draw());
    this.frame.addEventListener("pointerdown", (event) => this.#begin(event));
    this.frame.addEventListener("pointermove", (event) => this.#drag(event));
    this.frame.addEventListener("pointerup", (event) => this.#end(event));
    this.frame.addEventListener("pointercancel", () => this.#stop());
    this.image.draggable = false;
    this.draw();
  }

  /** [[left, top, width, height], …] in percent of the picture, inside it. */
  get all() {
    return this.rows.filter((row) => row.some((input) => input.value !== "")).map((row) => {
      const [left, top, width, height] = row.map((input) => Math.min(100, Math.max(0, Number(input.value) || 0)));
      return [left, top, Math.min(width, 100 - left), Math.min(height, 100 - top)];
    }).filter((box) => box[2] >= LEAST && box[3] >= LEAST);
  }

  undo() {
    const last = this.rows.findLast((row) => row.some((input) => input.value !== ""));
    if (last) for (const input of last) input.value = "";
    this.draw();
  }

  draw(more) {
    const boxes = more ? [...this.all, more] : this.all;
    this.layer.replaceChildren(...boxes.map(([x, y, width, height]) => {
      const rect = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, String(value));
      return rect;
    }));
    if (!more) this.status.textContent = `${this.status.dataset.words} ${boxes.length}`;
  }

  #place(event) {
    const area = this.frame.getBoundingClientRect();
    const part = (at, from, size) => Math.min(100, Math.max(0, ((at - from) / size) * 100));
    return [part(event.clientX, area.left, area.width), part(event.clientY, area.top, area.height)];
  }

  #box(event) {
    const [x, y] = this.#place(event);
    const [left, top] = [Math.floor(Math.min(x, this.from[0])), Math.floor(Math.min(y, this.from[1]))];
    return [left, top, Math.ceil(Math.max(x, this.from[0])) - left, Math.ceil(Math.max(y, this.from[1])) - top];
  }

  #begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.frame.setPointerCapture(event.pointerId);
    this.from = this.#place(event);
  }

  #drag(event) {
    if (this.from) this.draw(this.#box(event));
  }

  #end(event) {
    if (!this.from) return;
    const box = this.#box(event);
    this.#stop();
    if (box[2] < LEAST + 1 && box[3] < LEAST + 1) return;
    const row = this.rows.find((inputs) => inputs.every((input) => input.value === ""));
    if (!row) {
      this.status.textContent = this.status.dataset.full;
      return;
    }
    row.forEach((input, at) => {
      input.value = String(box[at]);
    });
    this.draw();
  }

  #stop() {
    this.from = null;
    this.draw();
  }
}

/** Asks in a dialog what of the picture (a Blob) to cover; the painted JPEG, or null when nothing was. */
export async function cover(blob) {
  const dialog = document.getElementById("cover-dialog").content.firstElementChild.cloneNode(true);
  document.body.append(dialog);
  const address = URL.createObjectURL(blob);
  dialog.querySelector("[data-cover-frame] img").src = address;
  const boxes = new Boxes(dialog.querySelector("[data-cover]"));
  const chosen = await new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "cover" ? boxes.all : []), { once: true });
    dialog.showModal();
  });
  dialog.remove();
  const painted = chosen.length ? await paint(blob, chosen) : null;
  URL.revokeObjectURL(address);
  return painted;
}

/** Black over the boxes, in the pixels themselves. */
async function paint(blob, boxes) {
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  pen.fillStyle = "black";
  for (const [left, top, width, height] of boxes) {
    const [x, y] = [Math.floor((left / 100) * canvas.width), Math.floor((top / 100) * canvas.height)];
    pen.fillRect(x, y, Math.ceil((width / 100) * canvas.width) + 1, Math.ceil((height / 100) * canvas.height) + 1);
  }
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

for (const root of document.querySelectorAll("form [data-cover]")) new Boxes(root);
