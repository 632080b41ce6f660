// The bottom sheet of a phone: three heights, by drag, by tap and by keyboard.

const NARROW = window.matchMedia("(max-width: 60em)");

export function narrow() {
  return NARROW.matches;
}

export class Sheet {
  constructor(side, grip, changed) {
    this.side = side;
    this.grip = grip;
    this.moved = false;
    /** Where it stands before anyone moves it; inside another site the map alone is seen. */
    this.first = side.closest(".embedded") ? 0 : 1;
    grip.addEventListener("pointerdown", (event) => this.#start(event));
    grip.addEventListener("click", () => {
      if (this.moved) return;
      this.set(this.step === 2 ? this.first : 2);
    });
    grip.addEventListener("keydown", (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.set(this.step + by);
    });
    side.addEventListener("focusin", ({ target }) => {
      if (this.step !== 0 || !NARROW.matches || target.closest(".sheet-grip, .sheet-foot")) return;
      this.set(1); // nobody is in what cannot be seen
      side.querySelector(".side-scroll").scrollTop = 0;
      target.scrollIntoView({ block: "nearest" });
    });
    NARROW.addEventListener("change", () => this.set(this.step));
    for (const scroller of [side, side.querySelector(".side-scroll")]) scroller?.addEventListener("scroll", () => this.read(), { once: true, passive: true });
    this.set(this.first);
    this.changed = changed;
  }

  /** 0: only the count; 1: the first rows; 2: the whole list. */
  set(step) {
    this.step = Math.max(0, Math.min(2, step));
    if (this.step === 2) requestAnimationFrame(() => setTimeout(() => this.read())); // the sheet is seen to rise first
    const heights = this.#heights();
    this.#height(heights[this.step]);
    this.grip.setAttribute("aria-expanded", String(this.step === 2));
    this.changed?.();
  }

  /** How much of the map it covers, in pixels. */
  get room() {
    return NARROW.matches ? this.side.getBoundingClientRect().height : 0;
  }

  /** What covers the map above (the search field) and below (the sheet and the scale, or the key of the signs). */
  get covered() {
    return NARROW.matches ? { above: 64, below: this.room + 24 } : { above: 0, below: 56 };
  }

  #heights() {
    const all = this.side.parentElement.getBoundingClientRect().height;
    if (!this.first) return [this.#ends(), Math.min(336, all * 0.6), all - 64];
    return [Math.min(170, all * 0.4), Math.min(336, all * 0.6), all - 80];
  }

  /** The height of what always shows: grip and foot. */
  #ends() {
    return Math.ceil([".sheet-grip", ".sheet-foot"].reduce((sum, each) => sum + this.side.querySelector(each).getBoundingClientRect().height, 0));
  }

  /** The list is looked at: its further rows are laid out and their photos may come (map.css). */
  read() {
    this.side.classList.add("is-read");
  }

  #height(pixels) {
    if (NARROW.matches) this.side.parentElement.style.setProperty("--sheet", `${Math.round(pixels)}px`);
    else this.side.parentElement.style.removeProperty("--sheet");
  }

  #start(event) {
    if (!NARROW.matches) return;
    const from = event.clientY;
    const height = this.side.getBoundingClientRect().height;
    this.moved = false;
    this.grip.setPointerCapture(event.pointerId);
    const move = (next) => {
      if (Math.abs(next.clientY - from) > 6) this.moved = true;
      if (this.moved) this.read();
      if (this.moved) this.#height(Math.max(120, height + from - next.clientY));
    };
    const end = (last) => {
      this.grip.removeEventListener("pointermove", move);
      this.grip.removeEventListener("pointerup", end);
      this.grip.removeEventListener("pointercancel", end);
      if (!this.moved) return;
      const reached = height + from - last.clientY;
      const heights = this.#heights();
      const distance = heights.map((each) => Math.abs(each - reached));
      this.set(distance.indexOf(Math.min(...distance)));
    };
    this.grip.addEventListener("pointermove", move);
    this.grip.addEventListener("pointerup", end);
    this.grip.addEventListener("pointercancel", end);
  }
}
