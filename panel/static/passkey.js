// Passkeys: makes one, or has one sign. The page works without this file: it offers a code then.
//
//   <form method="post" data-passkey-use="/address">   or data-passkey-make="/address"
//     <input type="hidden" name="passkey">             gets the answer, and the form is sent; at once and without an
//                                                      answer if the box that data-passkey-needs names is empty
//     <div data-passkey hidden> <button type="button" data-passkey-button> <p data-passkey-said hidden>
//
// The address gives what is to be signed, once and for this browser alone. Nothing is stored here.

const REFUSED = "That did not work, or was stopped. Try again, or use another way.";
const SIGNED_OUT = "You have waited too long. Open the sign-in page and begin again.";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function asked(form, address) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
    redirect: "manual",
  });
  if (!answer.ok) throw new Error(answer.status === 422 ? REFUSED : SIGNED_OUT);
  return answer.json();
}

async function made(form) {
  const options = await asked(form, form.dataset.passkeyMake);
  const key = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return written(key, {
    attestationObject: text(key.response.attestationObject),
    transports: key.response.getTransports?.() ?? [],
  });
}

async function used(form) {
  const options = await asked(form, form.dataset.passkeyUse);
  const key = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return written(key, {
    authenticatorData: text(key.response.authenticatorData),
    signature: text(key.response.signature),
  });
}

function written(key, more) {
  const response = { clientDataJSON: text(key.response.clientDataJSON), ...more };
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey-use], form[data-passkey-make]")) {
  const part = form.querySelector("[data-passkey]");
  if (!window.PublicKeyCredential || !part) continue;
  const button = part.querySelector("[data-passkey-button]");
  const said = part.querySelector("[data-passkey-said]");
  part.hidden = false;
  document.querySelector("[data-passkey-none]")?.setAttribute("hidden", "");

  button.addEventListener("click", async () => {
    const needed = form.elements[form.dataset.passkeyNeeds];
    if (needed && !needed.value) return form.requestSubmit();
    button.disabled = true;
    said.hidden = true;
    try {
      form.elements.passkey.value = await (form.dataset.passkeyMake ? made(form) : used(form));
      form.requestSubmit();
    } catch (error) {
      said.textContent = error.message === SIGNED_OUT ? SIGNED_OUT : REFUSED;
      said.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
