// Keeps what is typed into a form while it is being typed. The page works without this file, by its ordinary button.
//
//   <form method="post" data-autosave="/address"> … <input type="hidden" name="version" value="3">
//
// The form is posted as it stands, token and version included. The address answers with JSON:
//   200 {"version": 4}             kept: the form carries the new version from now on
//   409                            changed elsewhere: nothing was kept, and saving by the button shows both texts
//   422 {"error": "Shorten …"}     not kept as it stands, with the reason; the same with any other status,
//                                  such as 403 when the deadline has passed
// Nothing is stored in the browser. Where the line "Saved" stands: in [data-autosave-status], else above the button.

const PAUSE = 1500; // milliseconds without a key before it is sent
const AGAIN = 10000; // and before it is tried again when the service did not answer

const SAVING = "Saving…";
const SAVED = "Saved";
const ELSEWHERE = "Not saved – this page was changed elsewhere. Save to see both texts.";
const SIGNED_OUT = "Not saved – you are signed out. Sign in again in another tab, then save.";
const UNREACHABLE = "Not saved – the service cannot be reached. Trying again.";

// one line by the button for all to see, and one read out only when it says something new
function status(form) {
  const line = document.createElement("p");
  line.className = "govuk-body-s save-state";
  const aloud = document.createElement("span");
  aloud.className = "govuk-visually-hidden";
  aloud.setAttribute("role", "status");
  const button = form.querySelector("button[type=submit], button:not([type])");
  const place = form.querySelector("[data-autosave-status]");
  if (place) place.append(line, aloud);
  else if (button) (button.closest(".govuk-button-group") ?? button).before(line, aloud);
  else form.append(line, aloud);
  return (text) => {
    line.textContent = text;
    line.classList.toggle("save-state--failed", text.startsWith("Not saved"));
    line.setAttribute("aria-hidden", "true");
    if (text !== SAVING && text !== aloud.textContent) aloud.textContent = text;
  };
}

function keep(form) {
  const say = status(form);
  let timer = null;
  let sending = null; // the request on its way, as a promise
  let edits = 0;
  let over = false; // a conflict: from here on only the person decides

  const later = (pause) => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(send, pause);
  };

  async function post() {
    const before = edits;
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") {
      over = true;
      say(SIGNED_OUT);
    } else if (answer.status === 409) {
      over = true;
      say(ELSEWHERE);
    } else if (answer.ok) {
      form.elements.version.value = (await answer.json()).version;
      if (edits !== before) return;
      say(SAVED);
      form.dispatchEvent(new Event("panel:saved"));
    } else {
      const { error } = await answer.json().catch(() => ({}));
      say(`Not saved – ${error ?? "the service could not take it."}`);
    }
  }

  function send() {
    if (sending) return later(PAUSE);
    say(SAVING);
    sending = post()
      .catch(() => {
        say(UNREACHABLE);
        later(AGAIN);
      })
      .finally(() => (sending = null));
  }

  form.addEventListener("input", () => {
    edits += 1;
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!sending) return;
    // the button waits for the request on its way, or the two would be taken for two tabs
    event.preventDefault();
    over = true;
    sending.then(() => form.requestSubmit(event.submitter));
  });
}

document.querySelectorAll("form[data-autosave]").forEach(keep);
