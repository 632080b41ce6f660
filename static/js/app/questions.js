// What the chosen category asks, or who is responsible instead of the municipality; from what the page brought along.

function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** „question:answer“ of what a draft holds: choices, and what was typed in fields named answer_<question>. */
export function pairs(fields) {
  const typed = Object.entries(fields).filter(([name, value]) => name.startsWith("answer_") && value).map(([name, value]) => `${name.slice(7)}:${value}`);
  return [...[].concat(fields.answers ?? []), ...typed];
}

export class Questions {
  constructor(select, place, categories, words) {
    this.select = select;
    this.place = place;
    this.categories = categories;
    this.words = words;
    select.addEventListener("change", () => this.show([]));
    // What is typed changes nothing that is shown, and whoever types keeps the field.
    place.addEventListener("change", (event) => event.target.name === "answers" && this.show(this.#given()));
  }

  #given() {
    const chosen = [...this.place.querySelectorAll("[name=answers]")].filter((each) => each.value && (each.type !== "checkbox" || each.checked));
    return pairs({ answers: chosen.map((each) => each.value), ...Object.fromEntries([...this.place.querySelectorAll("[name^=answer_]")].map((each) => [each.name, each.value])) });
  }

  get chosen() {
    return this.categories[this.select.value];
  }

  /** `given`: answers as „question:choice“, „question:typed“. */
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

  #question(asked, given) {
    const { slug, text, datatype, line, follows } = asked;
    const id = `id_answer_${slug}`;
    const box = line ? el("div", { class: "note" }, el("p", {}, text)) : datatype === "multivaluelist" ? this.#several(asked, id, given) : this.#one(asked, id, given);
    box.hidden = Boolean(follows) && !given.includes(follows);
    return box;
  }

  #one({ slug, text, datatype, hint, opt, choices }, id, given) {
    const box = el("div", { class: "field" }, el("label", { for: id }, text, ...this.#opt(opt)), el("div", { class: "hint", id: `${id}_hint` }, hint));
    const common = { id, "aria-describedby": `${id}_hint` };
    if (datatype !== "singlevaluelist") {
      const input = datatype === "text" ? el("textarea", { ...common, name: `answer_${slug}`, rows: 3 }) : el("input", { ...common, name: `answer_${slug}`, type: "text", ...(datatype === "number" ? { inputmode: "decimal" } : {}) });
      input.value = given.find((each) => each.startsWith(`${slug}:`))?.slice(slug.length + 1) ?? "";
      box.append(input);
      return box;
    }
    const select = el("select", { ...common, name: "answers" }, el("option", { value: "" }, this.words.choose));
    box.append(select);
    for (const choice of choices) {
      const value = `${slug}:${choice.slug}`;
      const option = el("option", { value }, choice.text);
      option.selected = given.includes(value);
      select.append(option);
      if (option.selected && choice.advice) box.append(el("p", { class: "note warn" }, choice.advice));
    }
    return box;
  }

  #several({ slug, text, hint, opt, choices }, id, given) {
    const list = el("div", { class: "choices" });
    const box = el("fieldset", { class: "field", "aria-describedby": `${id}_hint` }, el("legend", {}, text, ...this.#opt(opt)), el("div", { class: "hint", id: `${id}_hint` }, hint), list);
    choices.forEach((choice, number) => {
      const value = `${slug}:${choice.slug}`;
      const check = el("input", { type: "checkbox", name: "answers", value, id: number ? `${id}_${number}` : id });
      check.checked = given.includes(value);
      list.append(el("label", { class: "choice", for: check.id }, check, el("span", { class: "txt" }, choice.text), el("span", { class: "box-line" })));
      if (check.checked && choice.advice) box.append(el("p", { class: "note warn" }, choice.advice));
    });
    return box;
  }

  #opt(words) {
    return words ? [" ", el("span", { class: "opt" }, words)] : [];
  }

  /** What stops a report: a category of others, an answer whose advice stands instead, one that is needed. As [field, sentence]. */
  missing(fields) {
    const { chosen } = this;
    if (chosen?.not_ours) return [["category", this.words.not_ours]];
    const given = pairs(fields);
    for (const { slug, choices, follows, missing } of chosen?.questions || []) {
      const stop = choices.find((choice) => choice.stops && given.includes(`${slug}:${choice.slug}`));
      if (stop) return [[`answer_${slug}`, stop.advice || this.words.not_ours]];
      const asked = !follows || given.includes(follows);
      if (missing && asked && !given.some((each) => each.startsWith(`${slug}:`))) return [[`answer_${slug}`, missing]];
    }
    return [];
  }
}
