// Small comforts. Every page works without this file; nothing here stores what was typed or talks to anyone.

import { countWords } from "./words.js";

document.documentElement.classList.add("js");

// ---------------------------------------------------------------- errors first

const summary = document.querySelector(".govuk-error-summary");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const box = link && document.getElementById(link.hash.slice(1));
    if (!box) return;
    event.preventDefault();
    const group = box.closest("fieldset") ?? box.closest(".govuk-form-group") ?? box;
    group.scrollIntoView();
    box.focus({ preventScroll: true });
  });
}

// ----------------------------------------------------------------- word counts

function countInto(box) {
  const limit = Number(box.dataset.words);
  const note = document.getElementById(`${box.id}-words`);
  if (!note) return;
  const said = document.createElement("div"); // read out only when the person pauses
  said.className = "govuk-visually-hidden";
  said.setAttribute("aria-live", "polite");
  note.after(said);
  let pause;
  const show = (aloud) => {
    const left = limit - countWords(box.value);
    const words = Math.abs(left) === 1 ? "1 word" : `${Math.abs(left).toLocaleString("en-GB")} words`;
    note.textContent = left < 0 ? `You have ${words} too many` : `You have ${words} left of ${limit}`;
    note.classList.toggle("word-count--over", left < 0);
    clearTimeout(pause);
    if (aloud) pause = setTimeout(() => (said.textContent = note.textContent), 1200);
  };
  box.addEventListener("input", () => show(true));
  show(false);
}
document.querySelectorAll("textarea[data-words]").forEach(countInto);

// --------------------------------------------- text that has not been sent yet
// a form with a text area warns before the page is left; autosave says "panel:saved" on the form when all is kept

const unsaved = new Set();
for (const form of document.querySelectorAll("form")) {
  if (!form.querySelector("textarea") || form.dataset.unsaved === "off") continue;
  form.addEventListener("input", () => unsaved.add(form));
  for (const event of ["submit", "panel:saved"]) form.addEventListener(event, () => unsaved.delete(form));
}
addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// ----------------------------------------- text that the browser brings back
// going back, a browser fills a form as it was left, over what has been saved since; the form then says again what it
// showed at that time, so that the service tells both apart instead of undoing the later

const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const typedInto = (box) => {
  if (box.options) return [...box.options].some((option) => option.selected !== option.defaultSelected);
  return ["radio", "checkbox"].includes(box.type) ? box.checked !== box.defaultChecked : box.value !== box.defaultValue;
};
for (const shown of document.querySelectorAll("input[name='version'], input[name='seen']")) {
  const { form, name } = shown;
  const note = () => history.replaceState({ ...history.state, [name]: shown.value }, "");
  if (!cameBack) note();
  form.addEventListener("panel:saved", note); // what autosave has kept is what the form shows from then on
  addEventListener("pageshow", ({ persisted }) => {
    if (!cameBack || persisted) return;
    const boxes = [...form.querySelectorAll("textarea, select, input:not([type='hidden'])")];
    if (!boxes.some(typedInto)) return note();
    shown.value = history.state?.[name] ?? shown.value;
    if (form.querySelector("textarea")) unsaved.add(form);
  });
}

// ------------------------------------------------------- one press, one request

const sent = new Map();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.set(form, setTimeout(() => sent.delete(form), 3000)); // a download leaves the page standing
});
addEventListener("pageshow", () => {
  sent.forEach(clearTimeout);
  sent.clear();
});

// ----------------------------------------------------------- printing, passwords

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll(".govuk-js-password-input-toggle")) {
  const box = document.getElementById(button.getAttribute("aria-controls"));
  if (!box) continue;
  const show = (shown) => {
    box.type = shown ? "text" : "password";
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
  };
  button.hidden = false;
  button.addEventListener("click", () => show(box.type === "password"));
  box.form?.addEventListener("submit", () => show(false)); // browsers remember what was typed into text boxes
}

// ------------------------------------------- boxes that belong to another answer

for (const input of document.querySelectorAll("[data-aria-controls]")) {
  const part = document.getElementById(input.dataset.ariaControls);
  if (!part) continue;
  input.setAttribute("aria-controls", part.id);
  const follow = () => {
    const hidden = part.matches(".govuk-radios__conditional")
      ? "govuk-radios__conditional--hidden"
      : "govuk-checkboxes__conditional--hidden";
    part.classList.toggle(hidden, !input.checked);
    input.setAttribute("aria-expanded", String(input.checked));
  };
  const group = input.form ?? document;
  group.addEventListener("change", (event) => event.target.name === input.name && follow());
  follow();
}
