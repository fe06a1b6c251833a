// What makes the text area of a note an editor. Without it the form is a plain one, and works.
import "./markdown-toolbar.js";
import "./text-expander.js";
import { subscribe } from "./paste-markdown.js";

const $ = (selector, root = document) => root.querySelector(selector);
const announce = (text) => ($("#announcer").textContent = text);

// replace puts text in the place of what stands from start to end, so that it can be undone where the browser can. The
// selection stays with the text it was in.
function replace(field, start, end, text) {
  const { selectionStart, selectionEnd, scrollTop } = field;
  const moved = (at) => (at <= start ? at : at < end ? start + text.length : at + text.length - (end - start));
  if (document.activeElement === field) {
    field.setSelectionRange(start, end);
    if (document.execCommand(text === "" ? "delete" : "insertText", false, text)) {
      field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
      field.scrollTop = scrollTop;
      return;
    }
  }
  field.setRangeText(text, start, end);
  field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}

// type puts text in the place of the selection, and the caret behind it.
function type(field, text) {
  field.focus();
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}

// after returns act as a function that runs once nobody has called it for that many milliseconds.
function after(wait, act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}

// Lists

// What a line of a quote or of a list begins with: quote signs, indentation, marker, blanks, box.
const beginning = /^((?:[ \t]{0,3}> ?)*)([ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?)?/;
const rule = /^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/;

function lineAt(field, at) {
  const start = field.value.lastIndexOf("\n", at - 1) + 1;
  const end = field.value.indexOf("\n", at);
  return { start, end: end < 0 ? field.value.length : end };
}

function inCode(field, at) {
  return (field.value.slice(0, at).match(/^[ \t]{0,3}(?:```|~~~)/gm) ?? []).length % 2 === 1;
}

// nextItem returns what a line that is broken at the caret goes on with, in a list or a quote: the beginning of the
// next item, or null where it just ends. An empty item ends the list instead, which the function does itself: then it
// returns "".
function nextItem(field) {
  const at = field.selectionStart;
  if (at !== field.selectionEnd) return null;
  const { start, end } = lineAt(field, at);
  const line = field.value.slice(start, end);
  const [all, quote, indent, marker, blanks, box] = beginning.exec(line);
  if ((!quote && !marker) || at < start + all.length || rule.test(line) || inCode(field, start)) return null;
  if (line.slice(all.length).trim() === "") {
    replace(field, start, end, marker ? quote : "");
    return "";
  }
  const number = marker && parseInt(marker, 10);
  const next = number >= 0 ? `${number + 1}${marker.at(-1)}` : (marker ?? "");
  return `${quote}${indent}${next}${blanks ?? ""}${box ? "[ ] " : ""}`;
}

// indentList moves the items whose lines are selected one level in, or out. It reports whether there are any.
function indentList(field, out) {
  const { selectionStart, selectionEnd } = field;
  const { start } = lineAt(field, selectionStart);
  const { end } = lineAt(field, selectionEnd > selectionStart ? selectionEnd - 1 : selectionEnd);
  const lines = field.value.slice(start, end).split("\n");
  const item = lines.map((line) => beginning.exec(line)).find((match) => match[3]);
  if (!item || inCode(field, start)) return false;
  const step = item[3].length + 1; // an item's children stand below its text
  let first = 0;
  const moved = lines.map((line, n) => {
    const [, quote, indent] = beginning.exec(line);
    const rest = line.slice(quote.length);
    let changed = rest;
    if (out) changed = indent.startsWith("\t") ? rest.slice(1) : rest.slice(Math.min(step, indent.length));
    else if (rest.trim() !== "") changed = " ".repeat(step) + rest;
    if (n === 0) first = changed.length - rest.length;
    return quote + changed;
  });
  const text = moved.join("\n");
  if (text !== lines.join("\n")) {
    replace(field, start, end, text);
    const grown = text.length - (end - start);
    field.setSelectionRange(Math.max(start, selectionStart + first), Math.max(start, selectionEnd + grown));
  }
  return true;
}

function editLists(field) {
  let leaving = false; // Escape has been pressed, so that Tab leaves the field and nobody is caught in it
  let plain = false; // Shift is held, so that Enter breaks the line and no more
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    plain = event.shiftKey;
    const choosing = field.getAttribute("aria-expanded") === "true";
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (choosing && !(key === "Tab" && !event.shiftKey && chooseFirst(field))) return;
    if (choosing) return event.preventDefault();
    if (key === "Tab" && !leaving && indentList(field, event.shiftKey)) event.preventDefault();
    if (key !== "Shift") leaving = key === "Escape";
  });
  field.addEventListener("blur", () => (leaving = false));

  // The browser breaks the line, since it brings the caret into sight as well.
  field.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" || event.isComposing || plain) return;
    const next = nextItem(field);
    if (next === "") event.preventDefault();
    else if (next) field.addEventListener("input", () => type(field, next), { once: true });
  });
}

// Completion

async function ask(url, signal) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return response.json();
}

// asker returns a function that asks for completions from time to time: whoever asks again while an answer is on its
// way gets the later one for both.
function asker(base) {
  let asked;
  let abort;
  return function (path, typed) {
    abort?.abort();
    abort = new AbortController();
    const { signal } = abort;
    const answer = new Promise((resolve) => setTimeout(resolve, 100))
      .then(() => (signal.aborted ? [] : ask(`${base}/complete/${path}?q=${encodeURIComponent(typed)}`, signal)))
      .catch(() => [])
      .then((found) => (answer === asked ? found : asked));
    asked = answer;
    return answer;
  };
}

function option(text, aside) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `choice-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  item.dir = "auto";
  item.dataset.value = text;
  item.textContent = text;
  if (aside) {
    const small = document.createElement("small");
    small.textContent = ` ${aside}`;
    item.append(small);
  }
  return item;
}

function chooseFirst(field) {
  const menu = document.getElementById(field.getAttribute("aria-controls"));
  if (!menu || $("[aria-selected=true]", menu)) return false;
  $("[role=option]", menu)?.click();
  return true;
}

const countNotes = (count) => say("script.editor.notes", { count });

function complete(form, field) {
  const expander = field.closest("text-expander");
  const findTags = asker(form.dataset.base);
  const findTitles = asker(form.dataset.base);
  let typed = "";

  async function menu(key, text) {
    const items =
      key === "#"
        ? (await findTags("tags", text)).map(({ tag, notes }) => option(tag, countNotes(notes)))
        : (await findTitles("titles", text)).map(({ title }) => option(title));
    const done = items.length === 1 && items[0].dataset.value === text;
    if (items.length === 0 || done) return { matched: false };
    const fragment = document.createElement("ul");
    fragment.className = "choices";
    fragment.role = "listbox";
    fragment.ariaLabel = key === "#" ? say("script.editor.tags") : say("script.editor.titles");
    fragment.dataset.key = key;
    fragment.append(...items);
    return { matched: true, fragment };
  }

  expander.addEventListener("text-expander-change", (event) => {
    const { key, text, provide } = event.detail;
    typed = text;
    const possible = key === "#" ? /^[^\s#[\]()]+$/ : /^[^[\]\n]*$/;
    const before = field.value.slice(0, field.selectionEnd - text.length - key.length);
    const inTitle = /\[\[[^\]\n]*$/.test(before);
    if (possible.test(text) && !inTitle && !inCode(field, field.selectionEnd)) provide(menu(key, text));
  });
  // A tag that is typed to its end is often a new one: Enter must not take another that begins alike. Tab and the
  // arrows choose.
  expander.addEventListener("text-expander-activate", () =>
    queueMicrotask(() => {
      const choices = $(".choices", expander);
      if (choices?.dataset.key !== "#") return;
      for (const chosen of choices.querySelectorAll("[aria-selected=true]")) chosen.ariaSelected = "false";
      field.removeAttribute("aria-activedescendant");
    }),
  );
  // The element would set the field's value, which can't be undone.
  expander.addEventListener("text-expander-value", (event) => {
    event.preventDefault();
    const { key, item } = event.detail;
    const caret = field.selectionEnd;
    const start = caret - typed.length - key.length;
    let end = caret;
    let text = `${key}${item.dataset.value} `;
    if (key === "[[") {
      text = `[[${item.dataset.value}]]`;
      if (field.value.startsWith("]]", caret)) end += 2;
    }
    expander.dismiss();
    field.setSelectionRange(start, end);
    type(field, text);
  });
}

function completeTags(form) {
  const { tags } = form.elements;
  const find = asker(form.dataset.base);
  tags.addEventListener("input", async () => {
    const last = () => /\S*$/.exec(tags.value)[0];
    const found = last() === "" ? [] : await find("tags", last());
    const before = tags.value.slice(0, tags.value.length - last().length); // it may have grown meanwhile
    const known = found.map(({ tag, notes }) => new Option(countNotes(notes), `${before}${tag} `));
    tags.list.replaceChildren(...known);
  });
}

// Preview

function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    // where nothing may be stored, the choice holds for the page
  }
  return null;
}

function preview(form, field) {
  const pane = $("#preview", form);
  const page = $(".prose", pane);
  const stale = $(".stale", pane);
  const button = $(".preview-button", form);
  let abort;
  let shown; // the text that the preview is of

  // Both sides are as far down as each other, in proportion to their heights.
  function follow() {
    const rest = field.scrollHeight - field.clientHeight;
    pane.scrollTop = rest > 0 ? ((pane.scrollHeight - pane.clientHeight) * field.scrollTop) / rest : 0;
  }

  async function render() {
    const text = field.value;
    if (pane.hidden || text === shown) return;
    abort?.abort();
    abort = new AbortController();
    try {
      const { signal } = abort;
      const response = await fetch(button.formAction, {
        method: "POST",
        body: new URLSearchParams({ content: text }),
        headers: { "HX-Request": "true" }, // the rendered text alone
        redirect: "manual",
        signal,
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const html = await response.text();
      if (signal.aborted) return;
      page.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      shown = text;
      stale.hidden = true;
      follow();
    } catch (error) {
      if (error.name !== "AbortError") stale.hidden = false;
    }
  }

  function show(on) {
    pane.hidden = !on;
    button.ariaPressed = String(on);
    form.classList.toggle("previewed", on);
    return render();
  }

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    remember("octavo.preview", pane.hidden ? "on" : "off");
    await show(pane.hidden);
    if (pane.getBoundingClientRect().top > innerHeight / 2) pane.scrollIntoView(); // below the text, out of sight
  });
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank"; // the form stays
  });
  field.addEventListener("input", after(300, render));
  field.addEventListener("scroll", follow, { passive: true });
  show(remember("octavo.preview") === "on");
}

// Words

const words = Intl.Segmenter && new Intl.Segmenter(undefined, { granularity: "word" });

function countWords(text) {
  if (!words) return (text.match(/\S+/g) ?? []).length;
  let n = 0;
  for (const { isWordLike } of words.segment(text)) if (isWordLike) n++;
  return n;
}

function showWords(form, field) {
  const place = $(".words", form);
  const show = () => {
    const count = countWords(field.value);
    const minutes = Math.max(1, Math.round(count / 220));
    place.textContent = count === 0 ? "" : say("script.editor.words", { count, minutes });
  };
  field.addEventListener("input", after(300, show));
  show();
}

// Attachments

function attach(form, field) {
  const list = $(".uploads", form);
  const largest = Number(list.dataset.largest); // bytes of a file that the server takes
  const picker = document.createElement("input");
  const underWay = new Set();
  let next = 0;
  let save = null; // sends the form, once all files have arrived

  function placeholder(name) {
    const plain = name.replace(/[[\]\\\n]/g, "_");
    for (let n = 1; ; n++) {
      const text = `![${say("script.editor.uploading", { name: n > 1 ? `${plain} (${n})` : plain })}]()`;
      if (!field.value.includes(text)) return text;
    }
  }

  function row(name) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = name;
    label.dir = "auto";
    label.id = `upload-${next++}`;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-labelledby", label.id);
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "quiet";
    cancel.textContent = say("script.editor.cancel");
    cancel.setAttribute("aria-describedby", label.id);
    item.append(label, bar, cancel);
    list.append(item);
    return { item, bar, cancel };
  }

  function complain(name, text) {
    const item = document.createElement("li");
    item.className = "error";
    item.textContent = `${name}: ${text}`;
    list.append(item);
    announce(item.textContent);
  }

  function upload(file) {
    if (file.size > largest) {
      complain(file.name, say("script.editor.too_large", { limit: largest >> 20 }));
      return "";
    }
    const name = file.name || "file";
    const mark = placeholder(name);
    const { item, bar, cancel } = row(name);
    const request = new XMLHttpRequest();
    const end = (markdown) => {
      underWay.delete(request);
      if (underWay.size === 0) form.ariaBusy = null;
      if (cancel === document.activeElement) field.focus();
      item.remove();
      const start = field.value.indexOf(mark);
      if (start >= 0) replace(field, start, start + mark.length, markdown);
      if (underWay.size === 0 && save) {
        const send = save;
        save = null;
        if (!$(".error", list)) send();
      }
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status === 201 && response?.markdown) {
        announce(say("script.editor.attached", { name }));
        end(response.markdown);
      } else {
        complain(name, response?.errors?.[0]?.message || response?.detail || say("script.editor.refused"));
        end("");
      }
    });
    request.addEventListener("error", () => {
      complain(name, say("script.editor.unreachable"));
      end("");
    });
    request.addEventListener("abort", () => end(""));
    cancel.addEventListener("click", () => request.abort());
    const body = new FormData();
    body.append("file", file, name);
    request.open("POST", `${form.dataset.base}/files`);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
    underWay.add(request);
    form.ariaBusy = "true";
    return mark;
  }

  function take(files) {
    for (const old of list.querySelectorAll(".error")) old.remove();
    for (const file of files) {
      const mark = upload(file);
      if (mark) type(field, (/(^|\s)$/.test(field.value.slice(0, field.selectionStart)) ? "" : " ") + mark);
    }
  }

  picker.type = "file";
  picker.multiple = true;
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  $(".attach", form).addEventListener("click", () => picker.click());

  // What is copied from a document or a sheet has text and a picture of it: then the text is meant.
  field.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (files.length === 0 || event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take([...files]);
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    field.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.classList.toggle("dropping", name === "dragenter" || name === "dragover");
      if (name === "dragover") event.dataTransfer.dropEffect = "copy";
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }

  // A note that is saved meanwhile would keep the placeholders.
  form.addEventListener(
    "submit",
    (event) => {
      if (underWay.size === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save = () => form.requestSubmit(event.submitter);
      announce(say("script.editor.waiting"));
    },
    { capture: true },
  );
}

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

function start() {
  const form = $("#editor");
  if (!form || started.has(form)) return;
  started.add(form);
  const field = $("#content", form);
  attach(form, field);
  subscribe(field);
  editLists(field);
  markLines(form, field);
  complete(form, field);
  completeTags(form);
  preview(form, field);
  showWords(form, field);
  for (const element of form.querySelectorAll(".scripted")) element.hidden = false;
}

start();
document.addEventListener("htmx:after:settle", start);
