// What the chosen category asks, or who is responsible instead of the municipality; from what the page brought along.

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export class Questions {
  constructor(select, place, categories, words) {
    this.select = select;
    this.place = place;
    this.categories = categories;
    this.words = words;
    select.addEventListener("change", () => this.show([]));
    place.addEventListener("change", () => this.show(this.#given()));
  }

  #given() {
    return [...this.place.querySelectorAll("select")].map((each) => each.value).filter(Boolean);
  }

  get chosen() {
    return this.categories[this.select.value];
  }

  /** `given`: answers as „question:choice“. */
  show(given) {
    const { chosen } = this;
    const focused = document.activeElement?.id;
    this.place.replaceChildren(...(chosen?.not_ours ? [this.#other(chosen.not_ours)] : []), ...(chosen?.questions || []).map((each) => this.#question(each, given)));
    if (focused?.startsWith("id_answer_")) document.getElementById(focused)?.focus();
  }

  #other({ text, phone, url }) {
    const ways = el("p", { class: "inline" });
    if (phone) ways.append(el("a", { class: "btn", href: `tel:${phone}` }, phone));
    if (url) ways.append(el("a", { class: "btn", href: url, target: "_blank", rel: "noopener" }, this.words.their_site));
    return el("div", { class: "note warn" }, el("div", { class: "stack-s" }, el("p", {}, el("b", {}, this.words.not_ours)), el("p", {}, text), ways));
  }

  #question({ slug, text, choices }, given) {
    const id = `id_answer_${slug}`;
    const select = el("select", { name: "answers", id }, el("option", { value: "" }, this.words.choose));
    const box = el("div", { class: "field" }, el("label", { for: id }, text), select);
    for (const choice of choices) {
      const value = `${slug}:${choice.slug}`;
      const option = el("option", { value }, choice.text);
      option.selected = given.includes(value);
      select.append(option);
      if (option.selected && choice.advice) box.append(el("p", { class: "note warn" }, choice.advice));
    }
    return box;
  }

  /** What stops a report: a category of others, an answer whose advice stands instead. As [field, sentence]. */
  missing(fields) {
    const { chosen } = this;
    if (chosen?.not_ours) return [["category", this.words.not_ours]];
    const given = [].concat(fields.answers ?? []);
    for (const { slug, choices } of chosen?.questions || []) {
      const stop = choices.find((choice) => choice.stops && given.includes(`${slug}:${choice.slug}`));
      if (stop) return [[`answer_${slug}`, stop.advice || this.words.not_ours]];
    }
    return [];
  }
}
