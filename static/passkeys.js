// Passkeys: what the server asks for goes to the browser, and what that answers goes with the form. Without this the forms
// ask for what is typed.
"use strict";

(() => {
  const knows = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.parseCreationOptionsFromJSON;

  // answered returns what the browser answers to what is asked at a URL, as JSON.
  async function answered(url, form, makes) {
    const halfway = form.elements.namedItem("halfway")?.value ?? "";
    const response = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ halfway }),
    });
    const asked = await response.json();
    if (!response.ok) throw new Error(asked.detail);
    const credential = makes
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
    return JSON.stringify(credential);
  }

  // worded returns what is said of what a browser or the server says.
  function worded({ name, message }) {
    if (name === "NotAllowedError") return say("script.passkeys.cancelled"); // somebody has changed their mind
    if (name === "InvalidStateError") return say("script.passkeys.had");
    return name === "Error" && message ? message : say("script.passkeys.failed");
  }

  for (const part of document.querySelectorAll("[data-passkey]")) {
    if (!knows || part.dataset.host !== location.hostname) continue;
    part.hidden = false;
    for (const hint of document.querySelectorAll("[data-without-passkeys]")) hint.hidden = true;
    const form = part.closest("form");
    const failed = part.querySelector("[data-failed]");
    const run = async (event) => {
      event.preventDefault();
      failed.hidden = true;
      try {
        const answer = await answered(part.dataset.passkey, form, "makes" in part.dataset);
        part.querySelector("input[type=hidden]").value = answer;
        form.submit();
      } catch (error) {
        failed.textContent = worded(error);
        failed.hidden = false;
      }
    };
    if (part === form) form.addEventListener("submit", run);
    else part.querySelector("button").addEventListener("click", run);
  }
})();
