// Reminds a marker of a break. Counted here alone: no server learns when anybody began, and it can be turned off.

import { remember, remembered } from "./remembered.js";

const LONG = 45 * 60_000; // so long at marking, and it says so
const BREAK = 10 * 60_000; // so long without a key or a click, and it counts as a break
const OFTEN = 15_000; // how often it looks

const note = document.querySelector("[data-rest]");
const turn = document.querySelector("[data-rest-switch]");
if (note && turn) {
  const on = () => remembered().rest !== false;

  const active = () => {
    const now = Date.now();
    const { since = now, last = now } = remembered();
    remember({ since: now - last > BREAK ? now : since, last: now });
  };
  const look = () => {
    note.hidden = !(on() && Date.now() - (remembered().since ?? Date.now()) >= LONG);
  };
  const name = () => {
    turn.textContent = on() ? "Turn break reminders off" : "Turn break reminders on";
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-rested]")) remember({ since: Date.now() });
    if (event.target.closest("[data-rest-switch]")) remember({ rest: !on() });
    name();
    look();
  });
  for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, active, true);
  turn.closest("[hidden]")?.removeAttribute("hidden");
  active();
  name();
  look();
  setInterval(look, OFTEN);
}
