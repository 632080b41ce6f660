// The list beside the map: its parts come from the server together with the pins, so the two cannot disagree.

/** Parts of the page that the server draws. `on`: {light(ref or null)}. */
export class List {
  constructor(side, on) {
    this.side = side;
    this.scroller = side.querySelector(".side-scroll");
    this.on = on;
    for (const [name, lit] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]]) {
      side.addEventListener(name, (event) => {
        const row = event.target.closest?.("[data-ref]");
        if (row) this.on.light(lit ? row.dataset.ref : null);
      });
    }
  }

  /** Puts the server's fragments in place: {id: html}. Focus stays on the entry with the same key or reference. */
  show(parts) {
    const active = document.activeElement;
    const held = active && this.side.contains(active) ? active.dataset.key || active.dataset.ref || active.id : null;
    for (const [id, html] of Object.entries(parts)) {
      const place = document.getElementById(id);
      if (place) place.innerHTML = html;
    }
    if (held && !this.side.contains(document.activeElement)) this.focus(held) || this.side.querySelector(".count")?.focus({ preventScroll: true });
  }

  /** Moves the focus to the row or filter with this key, reference or id. */
  focus(key) {
    const safe = CSS.escape(key);
    const node = this.side.querySelector(`[data-key="${safe}"], [data-ref="${safe}"], #${safe}`);
    node?.focus({ preventScroll: true });
    return Boolean(node);
  }

  light(ref, reveal = false) {
    for (const row of this.side.querySelectorAll("[data-ref]")) {
      const on = row.dataset.ref === ref;
      row.classList.toggle("is-on", on);
      if (on && reveal) row.scrollIntoView({ block: "nearest" });
    }
  }

  get scroll() {
    return Math.max(this.scroller.scrollTop, this.side.scrollTop);
  }

  set scroll(top) {
    this.scroller.scrollTop = top;
    this.side.scrollTop = top;
  }
}
