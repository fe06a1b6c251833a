// What is typed and not saved yet is kept as a draft: on the server and, until that has it, in the browser too.
import { allCopies, leftBehind, removeCopies, removeCopy } from "./copies.js";
import { Draft, forgetSaved, hold, newKey, rename, send, unsaved } from "./draft.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const drafts = new WeakMap(); // by form

function keepDrafts(root) {
  for (const form of $$("form", root).concat(root.matches?.("form") ? root : [])) {
    if (form.elements.draft?.dataset.url && !drafts.has(form)) drafts.set(form, new Draft(form));
  }
}

const eachDraft = (act) => $$("form").forEach((form) => drafts.has(form) && act(drafts.get(form)));
addEventListener("pagehide", () => eachDraft((draft) => draft.leave()));
addEventListener("pageshow", (event) => event.persisted && eachDraft((draft) => draft.open()));
// A page isn't loaded anew while it has something that isn't saved; what has been sent is.
document.addEventListener("octavo:anew", (event) => {
  const typing = (form) => drafts.has(form) && !drafts.get(form).isSent && unsaved(form);
  if ($$("form").some(typing)) event.preventDefault();
});
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
    const draft = drafts.get(form);
    if (event.submitter?.hasAttribute("formaction")) {
      event.stopImmediatePropagation(); // it goes to another address, which htmx doesn't look at
      if (draft && event.submitter.matches(".cancel")) {
        event.submitter.formAction = `${draft.key.dataset.url}/cancel`;
        leaving = true; // what is typed goes along
        draft.close();
        document.dispatchEvent(new Event("octavo:kept"));
      }
      return;
    }
    if (!draft || form.ariaBusy === "true") return; // busy: it isn't sent yet
    if (!draft.isSending && !waiting.has(form)) {
      draft.close();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.add(form);
    const button = event.submitter ?? $("button:not([type=button])", form);
    button.ariaBusy = "true"; // it shows that it is at work
    await draft.close();
    button.ariaBusy = null;
    waiting.delete(form);
    form.requestSubmit(event.submitter);
  },
  { capture: true },
);

// htmx. What is being sent stays as it is until there is an answer: a word typed meanwhile would be lost when the
// answer takes the form's place.
const holdsDraft = (element) => element.matches("#editor, #capture");

document.addEventListener("htmx:before:request", (event) => {
  const { sourceElement } = event.detail.ctx;
  if (holdsDraft(sourceElement)) hold(sourceElement, true);
});
document.addEventListener("htmx:finally:request", (event) => {
  const { sourceElement, hx } = event.detail.ctx;
  leaving = false;
  forgetSaved();
  if (hx?.redirect && sourceElement.matches("#editor")) handOn();
  if (hx?.redirect || !holdsDraft(sourceElement)) return;
  hold(sourceElement, false);
  if (sourceElement.isConnected) drafts.get(sourceElement)?.open();
});
document.addEventListener("htmx:after:settle", (event) => {
  for (const node of event.detail.newContent) {
    if (node.nodeType === Node.ELEMENT_NODE) keepDrafts(node);
  }
});

// A note that is saved leads to its page, where that is said unless a notice says more.
const savedNote = "octavo-saved";

function handOn() {
  try {
    sessionStorage.setItem(savedNote, "1");
  } catch {
    // then it isn't said
  }
}

addEventListener("load", () => {
  try {
    if (sessionStorage.getItem(savedNote) && !$("#notices .notice")) $("#announcer").textContent = say("script.drafts.note_saved");
    sessionStorage.removeItem(savedNote);
  } catch {
    // nothing was handed on
  }
});

// Whoever signs out leaves nothing behind.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".signing-out")) return;
  event.preventDefault();
  await removeCopies();
  form.submit();
});

// What a page that has died left in the browser goes to the server, which offers it from then on.

// deliver sends a copy. It reports whether there is a draft of it now.
async function deliver(copy) {
  const body = new URLSearchParams(copy.fields).toString();
  let answer = await send(copy.url, body);
  if (answer.status === 409) {
    // Its form has been sent or discarded before this was typed, so it becomes a draft of its own.
    copy.url = copy.url.replace(/[^/]*$/, newKey());
    answer = await send(copy.url, body);
  }
  if (!answer.ok) return false;
  await removeCopy(copy.key);
  return answer.status !== 205; // with which a note says so already
}

async function deliverAll() {
  for (const copy of await allCopies()) {
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

// The page may be one that the browser has kept: what is typed into it is a draft of its own each time.
const capture = $("#capture")?.elements.draft;
if (capture?.dataset.url) rename(capture);
keepDrafts(document);
forgetSaved();
if ($("#left-behind")) deliverAll().catch(() => {}); // the next page tries again
