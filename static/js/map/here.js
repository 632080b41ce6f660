// The list of what stands at one place, where coming nearer would part nothing. It takes the side's place until one goes back.

export class Here {
  /** `address`: the server's fragment; `closed()` is called when the person goes back; `failed()` when the server does not answer. */
  constructor(side, address, on) {
    this.side = side;
    this.address = address;
    this.on = on;
    this.place = side.querySelector(".here");
    this.place.addEventListener("click", (event) => event.target.closest("[data-here-close]") && this.on.closed());
    this.place.addEventListener("keydown", (event) => event.key === "Escape" && this.on.closed());
  }

  /** Shows the list of the box (as a group of the map names it) under the filters in `params`; true when it stands. */
  async show(box, params) {
    this.asked = box;
    const wanted = new URLSearchParams(params);
    wanted.set("bbox", box);
    for (const name of ["at", "layers", "order", "cursor"]) wanted.delete(name);
    const answer = await fetch(`${this.address}?${wanted}`, { cache: "no-cache" }).catch(() => null);
    if (this.asked !== box) return false;
    if (!answer || !answer.ok) {
      this.on.failed();
      return false;
    }
    this.place.innerHTML = await answer.text();
    document.documentElement.classList.add("has-here");
    this.side.scrollTop = 0;
    this.place.scrollTop = 0;
    this.place.querySelector(".here-head").focus({ preventScroll: true });
    return true;
  }

  hide() {
    this.asked = null;
    document.documentElement.classList.remove("has-here");
    this.place.replaceChildren();
  }
}
