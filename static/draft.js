// A draft: what is typed into a form and not saved yet. Times are in milliseconds.
import { keepCopy, lock, removeCopy } from "./copies.js";

const pause = 1_000; // without a key, after which a draft is sent
const longest = 10_000; // that somebody types on and on without a draft
const breath = 200; // between two copies in the browser
const patience = 30_000; // for one answer
const rarest = 60_000; // between two attempts
const parting = 60_000; // bytes; browsers send at most 64 KiB on behalf of a page that has gone
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

// forgetSaved removes the copies of what the server says is saved, or discarded: it names the draft in a cookie.
export function forgetSaved() {
  for (const [, key] of document.cookie.matchAll(/_saved=([0-9a-f-]{36})/g)) removeCopy(key);
}

const same = (fields, others) =>
  others !== null && fields.length === others.length && fields.every((pair, i) => pair.every((part, j) => part === others[i][j]));

// send stores a draft on the server. It returns the status of the answer, whether that is ok, and else what it says.
export async function send(url, body, options) {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      redirect: "manual",
      ...options,
    });
    const { ok, status, type } = response;
    if (ok) return { ok, status };
    if (status === 401 || type === "opaqueredirect") return { status: 401, text: say("script.drafts.signed_out") };
    if (status >= 500 || status === 429) return { status };
    const { detail, errors } = await response.json();
    return { status, text: errors?.[0]?.message ?? detail }; // a form shows what is wrong with a field once it is sent
  } catch {
    return { status: 0 };
  }
}

// newKey returns a random UUID; crypto.randomUUID isn't there on plain http.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// rename gives the draft of a form another key.
export function rename(field) {
  const key = newKey();
  field.dataset.url = field.dataset.url.replace(field.value, key);
  field.value = key;
}

const changed = (field) => field.name && field.value !== (field.defaultValue ?? field.value);
export const unsaved = (form) => "unsaved" in form.dataset || [...form.elements].some(changed);

// hold keeps the fields of a form as they are, until there is an answer to what has been sent of them.
export function hold(form, held) {
  for (const field of form.querySelectorAll("input, textarea")) field.readOnly = held;
}

export class Draft {
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
    form.addEventListener("octavo:saving", ({ detail }) => (detail.done = this.close()));
    form.addEventListener("octavo:unsaved", () => this.open());
    form.addEventListener("octavo:saved", () => this.#renew());
    if (this.#kept === null) this.#changed();
  }

  // #fields are the texts of the form. htmx has browsers read what is within noscript, too, as the field for a file.
  #fields() {
    const fields = [...new FormData(this.form)].filter(([name, value]) => name !== "draft" && typeof value === "string");
    return [...fields, ["note", this.key.dataset.note]];
  }

  // isKept reports whether what is typed can't be lost: it is on the server, or in the browser's own storage.
  isKept() {
    const fields = this.#fields();
    return same(fields, this.#kept) || same(fields, this.#copied);
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
        await keepCopy(copy);
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
    return !this.#closed && !same(fields, this.#copied) && !same(fields, this.#kept);
  }

  #lock() {
    this.#release ??= lock(this.key.dataset.url);
  }

  // #acknowledged forgets the copy of what the server has.
  async #acknowledged(fields) {
    this.#kept = fields;
    this.#failures = 0;
    if (!same(this.#fields(), fields)) return; // there is, or will be, a copy of more
    await removeCopy(this.key.value);
    this.#copied = null; // what has been copied meanwhile may have gone with it
    if (same(this.#fields(), fields)) this.#unlock();
    else this.#copy();
  }

  #unlock() {
    this.#release?.();
    this.#release = null;
  }

  // save sends the draft, unless a request is under way: then it is sent again once there is an answer, so that an
  // older text never comes last.
  save() {
    clearTimeout(this.#timer);
    const fields = this.#fields();
    if (this.#closed || this.#sending || !this.form.isConnected || same(fields, this.#kept)) return;
    this.#typed = 0;
    const body = new URLSearchParams(fields).toString();
    const sending = { fields, body, outlives: body.length <= parting, abort: new AbortController() };
    sending.done = this.#send(sending).then((answer) => {
      if (this.#sending !== sending) return; // given up for a later one
      this.#sending = null;
      if (answer.ok) {
        this.#acknowledged(fields);
        const saved = answer.status === 205 ? "" : say("script.drafts.saved", { time: clock.format(new Date()) });
        if (same(this.#fields(), fields)) this.#tell(saved);
        else if (!this.#closed) this.#changed();
        return;
      }
      if (answer.status === 409 && !this.#closed) return this.#startAnew();
      this.#failures++;
      this.#problem = answer.text;
      this.#tellFailure();
      if (!answer.text) this.#after(Math.min(rarest, pause * 2 ** this.#failures));
    });
    this.#sending = sending;
  }

  // #startAnew goes on under another key: that draft has been discarded elsewhere, or saved before somebody came back here.
  #startAnew() {
    removeCopy(this.key.value);
    this.#unlock();
    rename(this.key);
    this.#kept = this.#copied = null;
    this.#changed();
  }

  async #send({ body, outlives, abort }) {
    document.dispatchEvent(new Event("octavo:kept"));
    const enough = setTimeout(() => abort.abort(), patience);
    const answer = await send(this.key.dataset.url, body, { keepalive: outlives, signal: abort.signal });
    clearTimeout(enough);
    return answer;
  }

  #tellFailure() {
    const text = same(this.#fields(), this.#copied) ? say("script.drafts.kept_here") : say("script.drafts.kept_nowhere");
    this.#tell(this.#problem ? say("script.drafts.because", { text, why: this.#problem }) : text, true);
  }

  #tell(text, wrong = false) {
    const state = this.form.querySelector(".draft-state");
    if (state.textContent === text && state.classList.contains("wrong") === wrong) return; // nothing is laid out anew for each key
    if (wrong && state.textContent !== text) document.querySelector("#alarm").textContent = text;
    state.textContent = text;
    state.classList.toggle("wrong", wrong);
  }

  // leave sends what isn't kept yet, on behalf of a page that goes away.
  leave() {
    if (this.#sending && (same(this.#fields(), this.#sending.fields) || !this.#sending.outlives)) return;
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
    if (!same(this.#fields(), this.#kept)) this.#changed();
  }

  // isSent reports whether the form itself is being sent, or has been.
  get isSent() {
    return this.#closed;
  }

  // #renew goes on with the draft that the form has been given now that what it kept is saved.
  #renew() {
    forgetSaved();
    this.key = this.form.elements.draft;
    this.#kept = unsaved(this.form) ? null : this.#fields();
    this.#copied = null;
    this.#failures = 0;
    this.#unlock();
    this.open();
  }

  get isSending() {
    return this.#sending !== null;
  }
}
