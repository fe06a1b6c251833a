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

  const numbers = new Intl.NumberFormat(document.documentElement.lang);

  // say returns the text with a code and the values in their places. A count chooses among the forms of a text.
  globalThis.say = (code, values = {}) => {
    const text = texts[code];
    const words = typeof text === "string" ? text : (text[plurals.select(values.count)] ?? text.other);
    return words.replace(/\{\{\.(\w+)\}\}/g, (_place, name) => (typeof values[name] === "number" ? numbers.format(values[name]) : values[name]));
  };

  // Times come in English and UTC. Show them the way and in the time zone that the reader is used to, and recent ones by
  // how long ago they were. Where the time of the day matters, "yesterday" would say too little.
  const short = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });
  const ago = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  const language = short.resolvedOptions().locale;
  const units = [["day", 24 * 60 * 60], ["hour", 60 * 60], ["minute", 60]]; // with their seconds

  // worded returns how a time is shown, and the language of that. "Now" would say that it is still going on.
  function worded(date, exact) {
    const seconds = Math.round((Date.now() - date) / 1000);
    if (seconds < -60 || seconds >= (exact ? 1 : 7) * 24 * 60 * 60) return [(exact ? full : short).format(date), language];
    if (seconds < 60) return [say("script.app.just_now"), document.documentElement.lang];
    const [unit, length] = units.find(([, length]) => seconds >= length);
    return [ago.format(-Math.floor(seconds / length), unit), language];
  }

  function localise(root) {
    for (const time of $$("time[datetime]", root)) {
      const date = new Date(time.dateTime);
      if (Number.isNaN(date.getTime())) continue;
      const [text, lang] = worded(date, time.classList.contains("full"));
      if (time.textContent === text) continue; // nothing is announced or laid out anew
      time.textContent = text;
      time.title = full.format(date);
      time.lang = lang;
    }
  }
  setInterval(() => document.hidden || localise(document), 60_000);
  document.addEventListener("visibilitychange", () => document.hidden || localise(document));
  localise(document);

  // What is folded up for want of room is open where there is room: beside the text or the page.
  for (const [selector, query] of Object.entries({ ".toc": "(min-width: 78rem)", ".searches": "(min-width: 62rem)" })) {
    const wide = matchMedia(query);
    const unfold = () => $$(selector).forEach((details) => (details.open = wide.matches));
    wide.addEventListener("change", unfold);
    unfold();
  }

  // Back shows a page as it was left. Where anything has been changed since, in whatever tab, that would be an old one, and so
  // it is loaded anew: then the browser asks whether it has changed. Times of changes are common to all tabs.
  const changes = `octavo changes ${document.documentElement.dataset.base}`;

  function lastChange() {
    try {
      return (localStorage[changes] ??= newChange());
    } catch {
      return NaN; // never the same
    }
  }
  function changed() {
    try {
      localStorage[changes] = newChange();
    } catch {
      // then it is never the same
    }
  }
  const newChange = () => `${Date.now()} ${Math.random()}`;
  let seen = lastChange();

  document.addEventListener("submit", ({ target }) => target.method !== "get" && changed());
  // What the page has done by itself, it shows.
  const here = () => {
    changed();
    seen = lastChange();
  };
  document.addEventListener("octavo:kept", here);
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    if (detail.ctx.request.method !== "GET") here();
  });
  addEventListener("pageshow", ({ persisted }) => {
    const [{ type, transferSize }] = performance.getEntriesByType("navigation");
    const old = persisted ? seen !== lastChange() : type === "back_forward" && transferSize === 0; // nobody was asked
    if (old && document.dispatchEvent(new Event("octavo:anew", { cancelable: true }))) location.reload();
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // What is pressed shows at once that it is at work, on however slow a line, and isn't sent twice.
  const atWork = new WeakSet(); // forms that a browser is sending
  const work = (element, is) => element && (element.ariaBusy = is ? "true" : null);
  const pressed = ({ submitter, target }) => target.id !== "tasks" && (submitter ?? $("button:not([type=button])", target)); // a box shows its tick

  const patience = 15_000; // milliseconds: nobody is told when somebody has the browser stop

  function rest(form) {
    atWork.delete(form);
    for (const button of form.elements) work(button, false);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.method !== "get") {
      if (atWork.has(form)) return event.preventDefault();
      atWork.add(form);
    }
    work(pressed(event), true);
    setTimeout(rest, patience, form);
  });

  // So does a link to another page. Whoever listens on the document may have it do something else.
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const { defaultPrevented, button, ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!link || defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
    const { origin, pathname, search, hash, target } = link;
    const here = pathname === location.pathname && search === location.search && hash !== "";
    if (origin !== location.origin || target || here || pathname.startsWith(`${document.documentElement.dataset.base}/files/`)) return;
    work(link, true);
    setTimeout(work, patience, link, false);
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    $$("form").forEach(rest);
    $$("a[aria-busy]").forEach((link) => work(link, false));
  });

  // What htmx asks for may be asked for anew, before there is an answer to the first: as what is typed into a search.
  const waits = new WeakMap(); // what a button or link waits for
  const source = ({ sourceElement, sourceEvent }) => {
    if (!sourceElement.matches("form")) return sourceElement;
    return (sourceEvent?.type === "submit" || sourceElement.method === "get") && pressed({ submitter: sourceEvent?.submitter, target: sourceElement });
  };
  function follow({ ctx }, change) {
    const element = source(ctx);
    if (!element) return;
    if (!waits.has(element)) waits.set(element, new Set());
    waits.get(element)[change](ctx);
    work(element, waits.get(element).size > 0);
  }
  document.addEventListener("htmx:before:request", ({ detail }) => follow(detail, "add"));
  document.addEventListener("htmx:finally:request", ({ detail }) => follow(detail, "delete"));

  // A form that htmx is sending is let go once there is an answer.
  document.addEventListener(
    "submit",
    (event) => {
      const button = pressed(event);
      if (button?.ariaBusy !== "true" || event.target.matches("#editor, #capture, [method=get]")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );

  // htmx. Where a swap takes the focused element away, what came instead has the focus.
  let hadFocus = false;
  let arrived = [];

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const { status } = ctx.response;
    // An error page that isn't the app's own, from a proxy perhaps, must not replace a part of this one.
    if (status >= 400 && status !== 409 && status !== 422 && !ctx.hx.retarget) {
      event.preventDefault();
      if (!unasked(event.detail)) offline();
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
      const focusable = (element) => (element.matches("[tabindex]") ? element : $("a[href], button, [tabindex]", element));
      arrived.map(focusable).find(Boolean)?.focus();
    }
    const cards = arrived.filter((element) => element.matches(".card, .hit"));
    if (cards.length > 1) $("#announcer").textContent = say("script.app.more", { count: cards.length });
  });

  // A message is about the last thing done, not about what a page asks for by itself, as the count of what was found.
  const unasked = ({ ctx }) => ["load", "intersect"].includes(ctx?.sourceEvent?.type);
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (!unasked(detail)) $("#notices").replaceChildren();
  });
  document.addEventListener("htmx:error", ({ detail }) => {
    if (!unasked(detail)) offline();
  });

  // What happened last is said, however it is shown. What comes with the page is said once that is there.
  function tell(nodes) {
    const notices = nodes.filter((node) => node.matches?.(".notice:not([role])"));
    const words = (notice) => $("p", notice).textContent.trim().replace(/\s+/g, " ");
    if (notices.length > 0) $("#announcer").textContent = notices.map(words).join(" ");
  }
  new MutationObserver((changes) => tell(changes.flatMap(({ addedNodes }) => [...addedNodes]))).observe($("#notices"), { childList: true });
  addEventListener("load", () => tell([...$("#notices").children]));

  function offline() {
    $("#notices").replaceChildren($("#offline").content.cloneNode(true));
  }
})();
