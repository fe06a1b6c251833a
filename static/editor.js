// What makes the text area of a note an editor. Without it the form is a plain one, and works.
import "./markdown-toolbar.js";
import { attach } from "./attach.js";
import { complete, completeTags } from "./completion.js";
import { editKeys } from "./keys.js";
import { editLists } from "./lists.js";
import { pasting } from "./paste.js";
import { hand, headings, take } from "./place.js";
import { preview, showWords } from "./preview.js";
import { surface } from "./surface.js";
import { tagChips } from "./tags.js";
import { $, lineAt, placeAt } from "./text.js";

const started = new WeakSet();

// A heading, a quote and a task are whole lines, whatever is selected of them.
function markLines(form, field) {
  const select = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (!event.target.closest("md-header, md-quote, md-task-list")) return;
    const { start } = lineAt(field, field.selectionStart);
    const { end } = lineAt(field, field.selectionEnd);
    field.setSelectionRange(start, end);
  };
  const bar = $("markdown-toolbar", form);
  bar.addEventListener("click", select, { capture: true });
  bar.addEventListener("keydown", select, { capture: true });
}

// keepPlace begins where the note was being read, and has it shown where it was being written.
function keepPlace(form, field) {
  const { pathname } = new URL(form.action);
  const heading = take(pathname, headings(field.value));
  if (heading) {
    field.focus({ preventScroll: true });
    field.setSelectionRange(heading.end, heading.end);
    const top = field.getBoundingClientRect().top + placeAt(field, heading.end).top;
    scrollBy({ top: top - innerHeight / 4, behavior: "instant" });
  }
  const leave = () => {
    const list = headings(field.value);
    const caret = field.selectionStart; // 0 where nobody has been in the text
    hand(pathname, list, caret === 0 ? -1 : list.findLastIndex(({ start }) => start <= caret));
  };
  form.addEventListener("submit", ({ submitter }) => submitter?.hasAttribute("formaction") || leave());
  form.addEventListener("click", ({ target }) => target.closest(".cancel") && leave());
}

// saver returns what saves the form while one goes on writing. It is loaded once somebody does so.
function saver(form, field) {
  let loading;
  return async () => {
    try {
      loading ??= import("./saving.js").then(({ stay }) => stay(form, field));
      const save = await loading;
      save();
    } catch {
      loading = null; // the next one tries anew
      $("#notices").replaceChildren($("#offline").content.cloneNode(true));
    }
  };
}

function start() {
  const form = $("#editor");
  if (!form || started.has(form)) return;
  started.add(form);
  const field = $("#content", form);
  const others = $("#presence");
  if (others && !started.has(others)) {
    started.add(others);
    import("./presence.js").then(({ meet }) => meet(others)).catch(() => {}); // it is as without scripts
  }
  attach(form, field);
  complete(field);
  pasting(field);
  editLists(field);
  editKeys(form, field, saver(form, field));
  markLines(form, field);
  tagChips(form);
  completeTags(form);
  surface(form, field);
  preview(form, field);
  showWords(form, field);
  for (const element of form.querySelectorAll(".scripted")) element.hidden = false;
  keepPlace(form, field);
}

start();
document.addEventListener("htmx:after:settle", start);
