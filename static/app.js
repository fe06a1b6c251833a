// What the pages do beyond links, forms and htmx. Nothing here is needed: without it every page still works.
"use strict";

// Text becomes HTML in no other way than by being parsed into a document of its own, where nothing of it runs: htmx and
// the editor take what they show from there. Every other way is closed by the pages' policy.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (html, _type, sink) => (/^(DOMParser parseFromString|Document parseHTMLUnsafe)$/.test(sink) ? html : null),
});

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // What scripts say stands in the page, in its language: the tag of each script has its own texts.
  const texts = Object.assign({}, ...$$("script[data-texts]").map((script) => JSON.parse(script.dataset.texts)));
  const plurals = new Intl.PluralRules(document.documentElement.lang);

  // say returns the text with a code and the values in their places. A count chooses among the forms of a text.
  globalThis.say = (code, values = {}) => {
    const text = texts[code];
    const words = typeof text === "string" ? text : (text[plurals.select(values.count)] ?? text.other);
    return words.replace(/\{\{\.(\w+)\}\}/g, (_place, name) => values[name]);
  };

  // Dates come in English and UTC; show them the way and in the time zone that the reader is used to.
  const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
  const language = short.resolvedOptions().locale;

  function localise(root) {
    for (const time of $$("time[datetime]:not([lang])", root)) {
      const date = new Date(time.dateTime);
      if (Number.isNaN(date.getTime())) continue;
      time.textContent = (time.classList.contains("full") ? full : short).format(date);
      time.title = full.format(date);
      time.lang = language;
    }
  }
  localise(document);

  // What is folded up for want of room is open where there is room: beside the text or the page.
  for (const [selector, query] of Object.entries({ ".toc": "(min-width: 78rem)", ".searches": "(min-width: 62rem)" })) {
    const wide = matchMedia(query);
    const unfold = () => $$(selector).forEach((details) => (details.open = wide.matches));
    wide.addEventListener("change", unfold);
    unfold();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // htmx. Where a swap takes the focused element away, what came instead has the focus.
  let hadFocus = false;
  let arrived = [];

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const { status } = ctx.response;
    // An error page that isn't the app's own, from a proxy perhaps, must not replace a part of this one.
    if (status >= 400 && status !== 409 && status !== 422 && !ctx.hx.retarget) {
      event.preventDefault();
      offline();
      return;
    }
    arrived = [];
    hadFocus = tasks.some((task) => task.type === "main" && task.target?.contains(document.activeElement));
  });

  document.addEventListener("htmx:after:settle", (event) => {
    const elements = event.detail.newContent.filter((node) => node.nodeType === Node.ELEMENT_NODE);
    if (event.detail.task.type === "main") arrived = elements;
    for (const element of elements) {
      localise(element);
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    if (hadFocus && document.activeElement === document.body) {
      arrived.map((element) => $("a[href], button, [tabindex]", element)).find(Boolean)?.focus();
    }
    const cards = arrived.filter((element) => element.matches(".card, .hit"));
    if (cards.length > 1) $("#announcer").textContent = say("script.app.more", { count: cards.length });
  });

  // A message is about the last thing done.
  document.addEventListener("htmx:before:request", () => $("#notices").replaceChildren());
  document.addEventListener("htmx:error", offline);

  function offline() {
    $("#notices").replaceChildren($("#offline").content.cloneNode(true));
  }
})();
