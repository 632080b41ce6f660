/** Of a category's questions, what follows a choice is shown once that choice is made. */
export function follow(questions) {
  const made = [...questions.querySelectorAll("[name=answers]")].filter((each) => each.type !== "checkbox" || each.checked).map((each) => each.value);
  for (const part of questions.querySelectorAll("[data-if]")) part.hidden = !made.includes(part.dataset.if);
}
