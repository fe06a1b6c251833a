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

  // Leaving a form with something in it that is kept nowhere asks first.
  let sending = false;
  const changed = (field) => field.name && field.value !== (field.id === "capture-content" ? "" : field.defaultValue);
  const unsaved = (form) => "unsaved" in form.dataset || [...form.elements].some(changed);

  document.addEventListener("submit", () => (sending = true));
  addEventListener("pageshow", () => (sending = false));
  addEventListener("beforeunload", (event) => {
    const lost = $$("#editor, #capture").filter((form) => unsaved(form) && !drafts.get(form)?.isKept());
    if (sending || lost.length === 0) return;
    event.preventDefault();
    for (const form of lost) drafts.get(form)?.save(); // for those who stay
  });

  // Drafts: what is typed is kept on the server until it is saved. Times are in milliseconds.
  const pause = 1_000; // without a key, after which a draft is written
  const longest = 10_000; // that somebody types on and on without a draft
  const patience = 30_000; // for one answer
  const rarest = 60_000; // between two attempts
  const parting = 60_000; // bytes; browsers send at most 64 KiB on behalf of a page that has gone
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
  const drafts = new WeakMap(); // by form

  class Draft {
    #kept; // the fields as they are stored, or null when nothing is
    #typed = 0; // when the first key was pressed that isn't kept
    #failures = 0;
    #timer;
    #sending = null; // the one request that is under way
    #closed = false; // the form itself is being sent

    constructor(form) {
      this.form = form;
      this.key = form.elements.draft;
      this.#kept = unsaved(form) ? null : this.#fields();
      form.addEventListener("input", () => this.#soon());
      if (this.#kept === null) this.#soon();
    }

    #fields() {
      const fields = new URLSearchParams(new FormData(this.form));
      fields.delete("draft");
      fields.set("note", this.key.dataset.note);
      return fields.toString();
    }

    isKept() {
      return this.#fields() === this.#kept;
    }

    #soon() {
      this.#typed ||= Date.now();
      this.#after(Math.max(0, Math.min(pause, this.#typed + longest - Date.now())));
    }

    #after(wait) {
      clearTimeout(this.#timer);
      if (!this.#closed) this.#timer = setTimeout(() => this.save(), wait);
    }

    // save writes the draft, unless a request is under way: then it is written again once there is an answer, so that
    // an older text never comes last.
    save() {
      clearTimeout(this.#timer);
      const fields = this.#fields();
      if (this.#closed || this.#sending || !this.form.isConnected || fields === this.#kept) return;
      this.#typed = 0;
      const sending = { fields, outlives: fields.length <= parting, abort: new AbortController() };
      sending.done = this.#send(sending).then((problem) => {
        if (this.#sending !== sending) return; // given up for a later one
        this.#sending = null;
        this.#tell(problem);
        if (problem === "") {
          this.#kept = fields;
          this.#failures = 0;
          if (!this.#closed && !this.isKept()) this.#soon();
        } else if (problem === unreachable) {
          this.#after(Math.min(rarest, pause * 2 ** ++this.#failures));
        }
      });
      this.#sending = sending;
    }

    // #send returns why the draft could not be stored, or "".
    async #send({ fields, outlives, abort }) {
      const enough = setTimeout(() => abort.abort(), patience);
      try {
        const response = await fetch(this.key.dataset.url, {
          method: "POST",
          body: new URLSearchParams(fields),
          headers: { Accept: "application/json" },
          redirect: "manual",
          keepalive: outlives,
          signal: abort.signal,
        });
        if (response.ok) return "";
        if (response.status === 401 || response.type === "opaqueredirect") return "you are signed out";
        if (response.status >= 500 || response.status === 429) return unreachable;
        return (await response.json()).detail || unreachable;
      } catch {
        return unreachable;
      } finally {
        clearTimeout(enough);
      }
    }

    #tell(problem) {
      const state = $(".draft-state", this.form);
      const text = problem === "" ? `Draft saved ${clock.format(new Date())}` : `Draft not saved – ${problem}`;
      if (problem !== "" && state.textContent !== text) $("#announcer").textContent = text;
      state.textContent = text;
      state.classList.toggle("wrong", problem !== "");
    }

    // leave writes what isn't kept yet, on behalf of a page that goes away.
    leave() {
      if (this.#sending && (this.#sending.fields === this.#fields() || !this.#sending.outlives)) return;
      this.#giveUp();
      this.save();
    }

    // close has no draft written from now on. It waits for one that is under way, but not for long.
    async close() {
      this.#closed = true;
      clearTimeout(this.#timer);
      await Promise.race([this.#sending?.done, new Promise((resolve) => setTimeout(resolve, 3 * pause))]);
      this.#giveUp();
    }

    #giveUp() {
      this.#sending?.abort.abort();
      this.#sending = null;
    }

    open() {
      this.#closed = false;
      if (!this.isKept()) this.#soon();
    }

    get isSending() {
      return this.#sending !== null;
    }
  }
  const unreachable = "offline, trying again";

  function keepDrafts(root) {
    for (const form of $$("form", root).concat(root.matches?.("form") ? root : [])) {
      if (form.elements.draft?.dataset.url) drafts.set(form, new Draft(form));
    }
  }
  keepDrafts(document);

  const eachDraft = (act) => $$("form").forEach((form) => drafts.has(form) && act(drafts.get(form)));
  addEventListener("pagehide", () => eachDraft((draft) => draft.leave()));
  addEventListener("pageshow", (event) => event.persisted && eachDraft((draft) => draft.open()));
  addEventListener("online", () => eachDraft((draft) => draft.save()));
  document.addEventListener("visibilitychange", () => document.hidden && eachDraft((draft) => draft.save()));

  // A draft that is under way when its form is sent could arrive after it, and be offered although all is saved.
  const waiting = new WeakSet();
  addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (event.submitter?.hasAttribute("formaction")) {
        event.stopImmediatePropagation(); // it goes to another address, which htmx doesn't look at
        return;
      }
      const draft = drafts.get(form);
      if (!draft || form.ariaBusy === "true") return; // busy: it isn't sent yet
      if (!draft.isSending && !waiting.has(form)) {
        draft.close();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting.has(form)) return;
      waiting.add(form);
      await draft.close();
      waiting.delete(form);
      form.requestSubmit(event.submitter);
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
      keepDrafts(element);
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    sending = false;
    if (hadFocus && document.activeElement === document.body) {
      arrived.map((element) => $("a[href], button, [tabindex]", element)).find(Boolean)?.focus();
    }
    const cards = arrived.filter((element) => element.matches(".card, .hit"));
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
    if (hx?.redirect || !sourceElement.matches("#editor, #capture")) return;
    hold(sourceElement, false);
    if (sourceElement.isConnected) drafts.get(sourceElement)?.open();
  });
  document.addEventListener("htmx:error", offline);

  function offline() {
    sending = false;
    $("#notices").replaceChildren($("#offline").content.cloneNode(true));
  }
})();
