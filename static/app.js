// What the pages do beyond links, forms and htmx. Nothing here is needed: without it every page still works.
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

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

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const form = event.target.form;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // Leaving a form with something unsaved asks first.
  let sending = false;
  const changed = (field) => field.name && field.value !== (field.id === "capture-content" ? "" : field.defaultValue);
  const unsaved = () => $$("#editor, #capture").some((form) => "unsaved" in form.dataset || [...form.elements].some(changed));

  document.addEventListener("submit", () => (sending = true));
  addEventListener("pageshow", () => (sending = false));
  addEventListener("beforeunload", (event) => {
    if (!sending && unsaved()) event.preventDefault();
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
    for (const element of elements) localise(element);
  });

  document.addEventListener("htmx:after:swap", () => {
    sending = false;
    if (hadFocus && document.activeElement === document.body) {
      arrived.map((element) => $("a[href], button, [tabindex]", element)).find(Boolean)?.focus();
    }
    const cards = arrived.filter((element) => element.matches(".card"));
    if (cards.length > 1) $("#announcer").textContent = `${cards.length} more notes.`;
  });

  // A message is about the last thing done. What is being sent stays as it is until there is an answer: a word typed
  // meanwhile would be lost when the answer takes the form's place.
  const hold = (form, held) => $$("input, textarea", form).forEach((field) => (field.readOnly = held));

  document.addEventListener("htmx:before:request", (event) => {
    $("#notices").replaceChildren();
    if (event.detail.ctx.sourceElement.matches("#editor, #capture")) hold(event.detail.ctx.sourceElement, true);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, hx } = event.detail.ctx;
    if (sourceElement.matches("#editor, #capture") && !hx?.redirect) hold(sourceElement, false);
  });
  document.addEventListener("htmx:error", offline);

  function offline() {
    sending = false;
    $("#notices").replaceChildren($("#offline").content.cloneNode(true));
  }
})();
