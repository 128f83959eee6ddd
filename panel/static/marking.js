// Marking by keyboard: a number chooses that score, G opens the scoring guide, Ctrl and Enter saves and goes on.
// Single keys do nothing while text is being typed, and can be turned off on the page (WCAG 2.2, 2.1.4).

import { remember, remembered } from "./remembered.js";

const form = document.querySelector("form[data-marking]");
if (form) {
  const scores = new Map([...form.querySelectorAll("input[name='score']")].map((radio) => [radio.value, radio]));
  const note = form.querySelector("[data-shortcuts]");
  const off = form.querySelector("[data-shortcuts-off]");
  const guide = document.querySelector("dialog[data-guide]");
  const keys = () => remembered().keys !== false;
  const name = () => {
    off.textContent = keys() ? "Turn these keys off" : "Turn these keys on";
  };

  note.hidden = !matchMedia("(hover: hover)").matches; // a telephone has no keyboard to tell of
  name();
  off.addEventListener("click", () => {
    remember({ keys: !keys() });
    name();
  });

  const typing = (where) => where.closest("textarea, select, input:not([type='radio']), [contenteditable]");
  const score = (radio) => {
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.querySelector("[data-guide-link]").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    guide.showModal();
  });
  guide.querySelector("[data-close]").addEventListener("click", () => guide.close());

  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
    if (guide.open) {
      if (keys() && plain && event.key.toLowerCase() === "g") guide.close();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name='then'][value='next']"));
      return;
    }
    if (!keys() || !plain || typing(event.target)) return;
    const radio = scores.get(event.key);
    if (radio) score(radio);
    else if (event.key.toLowerCase() === "g") guide.showModal();
    else return;
    event.preventDefault();
  });
}
