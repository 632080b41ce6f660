// On a phone the sheet becomes the card of the sign that was tapped; the card is drawn by the server.

export class Picked {
  /** `card`: address with REF in it; `act("previous" | "next" | null)`: another card, or back to the list. */
  constructor(side, card, words, act) {
    this.side = side;
    this.card = card;
    this.words = words;
    this.act = act;
    this.place = side.querySelector(".picked");
    this.place.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-step]");
      if (button) this.act(button.dataset.step === "close" ? null : button.dataset.step);
    });
    this.place.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.act(null);
    });
  }

  async show(ref) {
    this.asked = ref;
    const answer = await fetch(this.card.replace("REF", ref), { cache: "no-cache" }).catch(() => null);
    if (this.asked !== ref) return;
    if (!answer || !answer.ok) {
      this.hide();
      return;
    }
    this.place.innerHTML = await answer.text();
    document.documentElement.classList.add("has-picked");
    this.place.focus({ preventScroll: true });
  }

  hide() {
    this.asked = null;
    document.documentElement.classList.remove("has-picked");
    this.place.replaceChildren();
  }
}
