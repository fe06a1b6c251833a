// What lists do beyond links, forms and htmx. Nothing here is needed.
"use strict";

(() => {
  // A search as long as one letter finds too much to be of use while more is being typed; one ideograph is a word.
  const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
  const tooShort = (text) => [...text].length === 1 && !ideograph.test(text);

  document.addEventListener(
    "input",
    (event) => {
      const field = event.target;
      if (!field.matches("#q, #tag-filter")) return;
      if (event.isComposing || (field.id === "q" && tooShort(field.value.trim()))) event.stopPropagation();
    },
    { capture: true },
  );
  document.addEventListener("compositionend", ({ target }) => {
    if (target.matches("#q, #tag-filter")) target.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Choosing notes: a range with Shift, all at once, and how many they are.
  const form = document.getElementById("bulk");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=id]")];
  const all = form.querySelector(".all");
  const allText = all.textContent;
  let last = null;
  let range = false;

  function tell() {
    const chosen = boxes().filter((box) => box.checked).length;
    const output = form.querySelector(".chosen");
    if (output) output.textContent = chosen === 0 ? "" : say("script.list.chosen", { count: chosen });
    all.textContent = chosen > 0 && chosen === boxes().length ? say("script.list.none") : allText;
  }

  form.addEventListener("click", (event) => (range = event.shiftKey), { capture: true });
  form.addEventListener("change", ({ target }) => {
    if (target.name !== "id") return;
    const list = boxes();
    const [from, to] = [list.indexOf(last), list.indexOf(target)].sort((a, b) => a - b);
    if (range && from >= 0) for (const box of list.slice(from, to + 1)) box.checked = target.checked;
    last = target;
    tell();
  });
  all.addEventListener("click", (event) => {
    event.preventDefault();
    const list = boxes();
    const check = list.some((box) => !box.checked);
    for (const box of list) box.checked = check;
    tell();
  });
  document.addEventListener("htmx:after:settle", tell);
  addEventListener("pageshow", tell);
  tell();
})();
