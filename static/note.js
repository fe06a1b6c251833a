// What a note does while it is read, beyond links, forms and htmx.
"use strict";

(() => {
  // A box shows its tick at once, and not only when the answer is there. Answers come in the order in which boxes were
  // pressed. Each brings the note as it is stored, in which what was pressed since is shown again; where one doesn't, the
  // box goes back.
  const pressed = []; // the numbers of the boxes whose answers are still to come
  let shown; // the last request whose answer is what the page shows

  function flip(number) {
    const box = document.querySelector(`[form=tasks][value="${number}"]`);
    box?.setAttribute("aria-checked", box.getAttribute("aria-checked") !== "true");
  }

  document.addEventListener("submit", ({ submitter }) => {
    if (submitter?.getAttribute("form") !== "tasks") return;
    pressed.push(submitter.value);
    flip(submitter.value);
  });
  document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
    if (ctx.target.id !== "note") return;
    shown = ctx;
    pressed.slice(1).forEach(flip);
    offerCopies();
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (ctx.sourceEvent?.submitter?.name !== "task") return;
    const number = pressed.shift();
    if (ctx !== shown) flip(number);
  });

  // Code can be copied. Its style sheet keeps the room for the button, so that nothing moves when it comes.
  function offerCopies() {
    if (!navigator.clipboard && !document.queryCommandSupported?.("copy")) return;
    for (const pre of document.querySelectorAll(".note > .prose pre:has(> code)")) {
      if (pre.previousElementSibling?.matches(".copy")) continue;
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "copy", dir: "auto", textContent: say("script.note.copy") });
      button.ariaLabel = say("script.note.copy_code");
      button.addEventListener("click", () => copy(pre.firstElementChild, button));
      pre.before(button);
    }
  }

  async function copy(code, button) {
    const copied = await write(code);
    const done = copied ? say("script.note.copied") : say("script.note.not_copied");
    const announcer = document.querySelector(copied ? "#announcer" : "#alarm");
    button.textContent = button.ariaLabel = announcer.textContent = done;
    setTimeout(() => {
      button.textContent = say("script.note.copy");
      button.ariaLabel = say("script.note.copy_code");
      if (announcer.textContent === done) announcer.textContent = "";
    }, 2000);
  }

  // write puts code into the clipboard. Where the page isn't secure, as with plain HTTP, browsers copy only what is selected.
  async function write(code) {
    try {
      await navigator.clipboard.writeText(code.textContent.replace(/\n$/, "")); // a shell would run what ends a line
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      const copied = document.execCommand("copy");
      if (copied) getSelection().removeAllRanges(); // what couldn't be copied can be so by hand
      return copied;
    }
  }

  // On paper an address stands behind the words that link to it, unless they are the address.
  addEventListener("beforeprint", () => {
    for (const link of document.querySelectorAll(".prose a")) {
      link.classList.toggle("bare", [link.textContent, `http://${link.textContent}`].includes(link.getAttribute("href")));
    }
  });

  offerCopies();
})();
