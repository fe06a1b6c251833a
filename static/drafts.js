// What is typed and not saved yet is kept as a draft: on the server and, until that has it, in the browser too. Times are
// in milliseconds.
"use strict";

(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  const pause = 1_000; // without a key, after which a draft is sent
  const longest = 10_000; // that somebody types on and on without a draft
  const breath = 200; // between two copies in the browser
  const patience = 30_000; // for one answer
  const rarest = 60_000; // between two attempts
  const parting = 60_000; // bytes; browsers send at most 64 KiB on behalf of a page that has gone
  const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

  // The browser's copies: { key, url, fields, typed }, by the key of the draft.

  // A page that is put aside for the Back button is frozen as it is, and what it had begun in the database would keep all
  // others waiting. So the database is made only when there is something to put into it, and nothing is left unfinished.

  const database = `octavo ${document.documentElement.dataset.base}`;
  let connection = null;

  const opened = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("drafts", { keyPath: "key" });
        request.transaction.commit();
      };
      request.onsuccess = () => {
        request.result.onclose = () => (connection = null);
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
      setTimeout(() => reject(new Error("the browser's database doesn't open")), 3 * pause);
    });

  // copies runs act on the copies. The promise is kept when what act has changed is on the disk.
  async function copies(mode, act) {
    try {
      connection ??= opened();
      const transaction = (await connection).transaction("drafts", mode, { durability: "strict" });
      const request = act(transaction.objectStore("drafts"));
      transaction.commit();
      return await new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch (error) {
      connection = null; // the next one tries anew
      throw error;
    }
  }

  addEventListener("pagehide", () => {
    connection?.then((open) => open.close(), () => {});
    connection = null;
  });

  async function hasCopies() {
    const all = await indexedDB.databases?.();
    return !all || all.some(({ name }) => name === database);
  }

  // removeCopy removes the copy with a key.
  async function removeCopy(key) {
    if (await hasCopies()) await copies("readwrite", (store) => store.delete(key)).catch(() => {});
  }

  // forgetSaved removes the copies of what the server says is saved, or discarded: it names the draft in a cookie.
  function forgetSaved() {
    for (const [, key] of document.cookie.matchAll(/_saved=([0-9a-f-]{36})/g)) removeCopy(key);
  }

  // send stores a draft on the server. It returns what kept it from being stored, with the status of the answer, or null.
  async function send(url, fields, options) {
    try {
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Accept: "application/json" },
        redirect: "manual",
        ...options,
      });
      const { ok, status, type } = response;
      if (ok) return null;
      if (status === 401 || type === "opaqueredirect") return { status: 401, text: say("script.drafts.signed_out") };
      if (status >= 500 || status === 429) return { status };
      return { status, text: (await response.json()).detail };
    } catch {
      return { status: 0 };
    }
  }

  // A tab holds the lock of a draft that it has a copy of, so that no other one takes it for left behind.
  const lockOf = (url) => `octavo draft ${url}`;

  const drafts = new WeakMap(); // by form
  const changed = (field) => field.name && field.value !== (field.id === "capture-content" ? "" : field.defaultValue);
  const unsaved = (form) => "unsaved" in form.dataset || [...form.elements].some(changed);

  class Draft {
    #kept; // the fields as the server has them, or null when it has none
    #copied = null; // the fields as the browser has them, likewise
    #copying = false;
    #release; // gives up the lock
    #typed = 0; // when the first key was pressed that the server doesn't know of
    #failures = 0;
    #problem; // what the server has said of the last failure
    #timer;
    #sending = null; // the one request that is under way
    #closed = false; // the form itself is being sent

    constructor(form) {
      this.form = form;
      this.key = form.elements.draft;
      this.#kept = unsaved(form) ? null : this.#fields();
      form.addEventListener("input", () => this.#changed());
      if (this.#kept === null) this.#changed();
    }

    #fields() {
      const fields = new URLSearchParams(new FormData(this.form));
      fields.delete("draft");
      fields.set("note", this.key.dataset.note);
      return fields.toString();
    }

    // isKept reports whether what is typed can't be lost: it is on the server, or in the browser's own storage.
    isKept() {
      const fields = this.#fields();
      return fields === this.#kept || fields === this.#copied;
    }

    #changed() {
      this.#typed ||= Date.now();
      this.#after(Math.max(0, Math.min(pause, this.#typed + longest - Date.now())));
      if (this.#failures === 0) this.#tell(say("script.drafts.saving"));
      this.#copy();
    }

    #after(wait) {
      clearTimeout(this.#timer);
      if (!this.#closed) this.#timer = setTimeout(() => this.save(), wait);
    }

    // #copy keeps a copy in the browser of what is typed, now and until nothing has been typed meanwhile.
    async #copy() {
      if (this.#copying) return;
      this.#copying = true;
      this.#lock();
      for (let fields = this.#fields(); this.#wantsCopy(fields); fields = this.#fields()) {
        const copy = { key: this.key.value, url: this.key.dataset.url, fields, typed: Date.now() };
        try {
          await copies("readwrite", (store) => store.put(copy));
          this.#copied = fields;
        } catch {
          break; // it may not, or there is no room: the page says so when the server hasn't got it either
        }
        await new Promise((resolve) => setTimeout(resolve, breath));
      }
      this.#copying = false;
      if (this.#failures > 0) this.#tellFailure();
    }

    #wantsCopy(fields) {
      return !this.#closed && fields !== this.#copied && fields !== this.#kept;
    }

    #lock() {
      if (this.#release || !navigator.locks) return;
      const held = new Promise((resolve) => (this.#release = resolve));
      navigator.locks.request(lockOf(this.key.dataset.url), () => held).catch(() => {});
    }

    // #acknowledged forgets the copy of what the server has.
    async #acknowledged(fields) {
      this.#kept = fields;
      this.#failures = 0;
      if (fields !== this.#fields()) return; // there is, or will be, a copy of more
      this.#copied = null;
      await removeCopy(this.key.value);
      if (this.#fields() !== fields) return;
      this.#release?.();
      this.#release = null;
    }

    // save sends the draft, unless a request is under way: then it is sent again once there is an answer, so that an
    // older text never comes last.
    save() {
      clearTimeout(this.#timer);
      const fields = this.#fields();
      if (this.#closed || this.#sending || !this.form.isConnected || fields === this.#kept) return;
      this.#typed = 0;
      const sending = { fields, outlives: fields.length <= parting, abort: new AbortController() };
      sending.done = this.#send(sending).then((problem) => {
        if (this.#sending !== sending) return; // given up for a later one
        this.#sending = null;
        if (problem === null) {
          this.#acknowledged(fields);
          if (fields === this.#fields()) this.#tell(say("script.drafts.saved", { time: clock.format(new Date()) }));
          else if (!this.#closed) this.#changed();
          return;
        }
        this.#failures++;
        this.#problem = problem.text;
        this.#tellFailure();
        if (!problem.text) this.#after(Math.min(rarest, pause * 2 ** this.#failures));
      });
      this.#sending = sending;
    }

    async #send({ fields, outlives, abort }) {
      const enough = setTimeout(() => abort.abort(), patience);
      const problem = await send(this.key.dataset.url, fields, { keepalive: outlives, signal: abort.signal });
      clearTimeout(enough);
      return problem;
    }

    #tellFailure() {
      const text = this.#copied === this.#fields() ? say("script.drafts.kept_here") : say("script.drafts.kept_nowhere");
      this.#tell(this.#problem ? say("script.drafts.because", { text, why: this.#problem }) : text, true);
    }

    #tell(text, wrong = false) {
      const state = $(".draft-state", this.form);
      if (wrong && state.textContent !== text) $("#announcer").textContent = text;
      state.textContent = text;
      state.classList.toggle("wrong", wrong);
    }

    // leave sends what isn't kept yet, on behalf of a page that goes away.
    leave() {
      if (this.#sending && (this.#sending.fields === this.#fields() || !this.#sending.outlives)) return;
      this.#giveUp();
      this.save();
    }

    // close has no draft sent from now on. It waits for one that is under way, but not for long.
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
      if (this.#fields() !== this.#kept) this.#changed();
    }

    get isSending() {
      return this.#sending !== null;
    }
  }

  function keepDrafts(root) {
    for (const form of $$("form", root).concat(root.matches?.("form") ? root : [])) {
      if (form.elements.draft?.dataset.url && !drafts.has(form)) drafts.set(form, new Draft(form));
    }
  }

  const eachDraft = (act) => $$("form").forEach((form) => drafts.has(form) && act(drafts.get(form)));
  addEventListener("pagehide", () => eachDraft((draft) => draft.leave()));
  addEventListener("pageshow", (event) => event.persisted && eachDraft((draft) => draft.open()));
  addEventListener("online", () => eachDraft((draft) => draft.save()));
  document.addEventListener("visibilitychange", () => document.hidden && eachDraft((draft) => draft.save()));

  // Leaving a form with something in it that is kept nowhere asks first.
  let leaving = false; // a form is being sent

  document.addEventListener("submit", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("beforeunload", (event) => {
    const lost = $$("#editor, #capture").filter((form) => unsaved(form) && !drafts.get(form)?.isKept());
    if (leaving || lost.length === 0) return;
    event.preventDefault();
    for (const form of lost) drafts.get(form)?.save(); // for those who stay
  });

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

  // htmx. What is being sent stays as it is until there is an answer: a word typed meanwhile would be lost when the
  // answer takes the form's place.
  const hold = (form, held) => $$("input, textarea", form).forEach((field) => (field.readOnly = held));
  const holdsDraft = (element) => element.matches("#editor, #capture");

  document.addEventListener("htmx:before:request", (event) => {
    const { sourceElement } = event.detail.ctx;
    if (holdsDraft(sourceElement)) hold(sourceElement, true);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const { sourceElement, hx } = event.detail.ctx;
    leaving = false;
    forgetSaved();
    if (hx?.redirect || !holdsDraft(sourceElement)) return;
    hold(sourceElement, false);
    if (sourceElement.isConnected) drafts.get(sourceElement)?.open();
  });
  document.addEventListener("htmx:after:settle", (event) => {
    for (const node of event.detail.newContent) {
      if (node.nodeType === Node.ELEMENT_NODE) keepDrafts(node);
    }
  });

  // Whoever signs out leaves nothing behind.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".sign-out")) return;
    event.preventDefault();
    await copies("readwrite", (store) => store.clear()).catch(() => {});
    form.submit();
  });

  // What a page that has died left in the browser goes to the server, which offers it from then on.

  async function deliver(copy) {
    let problem = await send(copy.url, copy.fields);
    if (problem?.status === 409) {
      // Its form has made a note that says something else, so it becomes a draft of its own.
      copy.url = copy.url.replace(/[^/]*$/, newKey());
      problem = await send(copy.url, copy.fields);
    }
    if (problem) return false;
    await removeCopy(copy.key);
    return true;
  }

  // newKey returns a random UUID; crypto.randomUUID isn't there on plain http.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // leftBehind runs act on a copy unless a tab is at work on it.
  function leftBehind(copy, act) {
    if (navigator.locks) return navigator.locks.request(lockOf(copy.url), { ifAvailable: true }, (lock) => lock && act());
    return Date.now() - copy.typed > rarest ? act() : null;
  }

  async function deliverAll() {
    if (!(await hasCopies())) return;
    for (const copy of await copies("readonly", (store) => store.getAll())) {
      if ($(`[name=draft][value="${copy.key}"]`)) continue;
      if (await leftBehind(copy, () => deliver(copy))) offer(copy);
    }
  }

  // offer says where what was left behind can be gone on with.
  function offer({ url, fields }) {
    const message = $("#left-behind").content.cloneNode(true);
    const note = new URLSearchParams(fields).get("note");
    const base = document.documentElement.dataset.base;
    const key = url.slice(url.lastIndexOf("/") + 1);
    $("a", message).href = `${base}/notes/${note ? `${note}/edit` : "new"}?draft=${key}`;
    $("#notices").append(message);
  }

  keepDrafts(document);
  forgetSaved();
  if ($("#left-behind")) deliverAll().catch(() => {}); // the next page tries again
})();
