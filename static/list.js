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

  // What is folded up in the tree of tags. The page comes as the cookie says, so that nothing moves: how all of them are, and
  // after it those that aren't so, of which there are only so many.
  const maxApart = 150;
  const foldsOf = (tree) => {
    const open = tree.hasAttribute("data-open");
    const apart = [...tree.querySelectorAll("details[data-fold]")].filter((details) => details.open !== open);
    return [open ? "none" : "all", ...apart.slice(-maxApart).map((details) => details.dataset.fold)].join(".");
  };
  const tree = document.querySelector("#tag-tree[data-cookie]");
  let kept = tree && foldsOf(tree);
  const keepFolds = (tree) => {
    const folds = foldsOf(tree);
    if (folds === kept) return;
    kept = folds;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${tree.dataset.cookie}=${folds}; path=/; max-age=${400 * 24 * 60 * 60}; samesite=lax${secure}`;
  };
  document.addEventListener(
    "toggle",
    ({ target }) => {
      const tree = target.matches("details[data-fold]") && target.closest("#tag-tree[data-cookie]");
      if (tree) keepFolds(tree);
    },
    { capture: true },
  );
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".folding a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const tree = link.closest("#tag-tree");
    const open = new URL(link.href).searchParams.get("fold") === "none";
    tree.toggleAttribute("data-open", open);
    for (const details of tree.querySelectorAll("details[data-fold]")) details.open = open;
    keepFolds(tree);
  });

  // A link is copied by a button. Where the page isn't secure, as with plain HTTP, browsers copy only what is selected.
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      const copied = await (navigator.clipboard?.writeText(field.value) ?? Promise.reject()).then(
        () => true,
        () => document.execCommand("copy"),
      );
      document.querySelector("#announcer").textContent = button.textContent = copied ? say("script.list.copied") : say("script.list.not_copied");
    });
  }

  // A note that has just been added comes on top of the list, and goes below the pinned ones, as it does when the page is loaded
  // again.
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const card = document.querySelector("#cards > .card:first-child:not(:has(h2 .pin))");
    if (!card || !detail.ctx.sourceElement?.closest("#capture")) return;
    let above = card;
    while (above.nextElementSibling?.matches(".card:has(h2 .pin)")) above = above.nextElementSibling; // one pinned just now is elsewhere
    if (above !== card) above.after(card);
  });

  // How many notes there are is asked for again when one may have come or gone.
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") document.querySelector(".list-count")?.dispatchEvent(new Event("recount"));
  });

  // Choosing notes: a range with Shift, all at once, and how many they are.
  const form = document.getElementById("bulk");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=id]")];
  const all = form.querySelector(".all");
  completeTags(form);
  if (!all) return; // all are chosen, on whatever page
  const every = form.querySelector(".every");
  let last = null;
  let range = false;

  function tell() {
    const chosen = boxes().filter((box) => box.checked).length;
    const output = form.querySelector(".chosen");
    if (output) output.textContent = chosen === 0 ? "" : say("script.list.chosen", { count: chosen });
    const whole = chosen > 0 && chosen === boxes().length;
    all.textContent = whole ? say("script.list.none") : say("script.list.all");
    if (every) every.hidden = !whole;
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

  // Behind the tags of the notes on the page, those that begin with what is typed are offered.
  function completeTags({ dataset }) {
    const field = form.querySelector("#bulk-tag");
    if (!field) return;
    const own = [...field.list.options];
    let asked;
    field.addEventListener("input", () => {
      asked?.abort();
      asked = new AbortController();
      const { signal } = asked;
      fetch(`${dataset.complete}?q=${encodeURIComponent(field.value.replace(/^#/, ""))}`, { signal })
        .then((response) => (response.ok ? response.json() : []))
        .then((found) => {
          const others = found.filter(({ tag }) => !own.some(({ value }) => value === tag));
          field.list.replaceChildren(...own, ...others.map(({ tag }) => new Option("", tag)));
        })
        .catch(() => {}); // nothing is offered
    });
  }
})();
