// Marking by keyboard: a number chooses that score, Ctrl and Enter saves and goes to the next answer.
// Numbers do nothing while text is being typed, and can be turned off on the page (WCAG 2.2, 2.1.4).

const form = document.querySelector("form[data-marking]");
if (form) {
  const scores = new Map([...form.querySelectorAll("input[name='score']")].map((radio) => [radio.value, radio]));
  const note = form.querySelector("[data-shortcuts]");
  const off = form.querySelector("[data-shortcuts-off]");
  let numbers = true;

  note.hidden = !matchMedia("(hover: hover)").matches; // a telephone has no keyboard to tell of
  off.addEventListener("click", () => {
    numbers = !numbers;
    off.textContent = numbers ? "Turn number keys off" : "Turn number keys on";
  });

  const typing = (where) => where.closest("textarea, select, input:not([type='radio']), [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name='then'][value='next']"));
      return;
    }
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
    const radio = numbers && plain && !typing(event.target) && scores.get(event.key);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
