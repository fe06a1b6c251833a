// Titles and tags, offered while they are typed.
import { $, announce, inCode, placeAt, type } from "./text.js";

async function ask(url, signal) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, signal });
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
  return response.json();
}

// asker returns a function that asks for completions from time to time: whoever asks again while an answer is on its
// way gets the later one for both.
function asker() {
  const { base } = document.documentElement.dataset;
  let asked;
  let abort;
  return function (path, typed, about = "") {
    abort?.abort();
    abort = new AbortController();
    const { signal } = abort;
    const answer = new Promise((resolve) => setTimeout(resolve, 100))
      .then(() => (signal.aborted ? [] : ask(`${base}/complete/${path}?q=${encodeURIComponent(typed)}${about}`, signal)))
      .catch(() => [])
      .then((found) => (answer === asked ? found : asked));
    asked = answer;
    return answer;
  };
}

const countNotes = (count) => say("script.editor.notes", { count });

// option is one of the ways to go on: a text, of which something else may be shown, with a word about it.
function option(text, aside, shown = text) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `choice-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  item.dir = "auto";
  item.dataset.value = text;
  item.textContent = shown;
  item.ariaSelected = "false";
  if (aside) {
    const small = document.createElement("small");
    small.textContent = ` ${aside}`;
    item.append(small);
  }
  return item;
}

const menus = new WeakMap(); // by field, where something is offered

export const choosing = (field) => menus.has(field);

const farthest = 300; // characters before the caret in which something to complete may begin

// What is being typed of a link whose title is complete: a # parts it from a heading where no blank is before it.
const ofHeading = /^((?:(?!\S#).)*\S)#(?!\s)(.*)$/s;

// begun returns what is being typed at the caret that can be completed: its key, what is typed of it and where it begins.
function begun(field) {
  const caret = field.selectionEnd;
  if (field.selectionStart !== caret) return null;
  const before = field.value.slice(Math.max(0, caret - farthest), caret);
  const link = /\[\[([^[\]\n]*)$/.exec(before);
  const tag = !link && /(?:^|[\s(])#([^\s#[\]()]+)$/.exec(before);
  const found = link ?? tag;
  if (!found || (tag && caret > farthest && tag.index === 0)) return null;
  const key = link ? "[[" : "#";
  return { key, text: found[1], start: caret - found[1].length - key.length };
}

export function complete(field) {
  const findTags = asker();
  const findTitles = asker();
  const findHeadings = asker();
  let closedAt = -1; // where what nobody wants completed begins

  async function optionsFor({ key, text }) {
    if (key === "#") return (await findTags("tags", text)).map(({ tag, notes }) => option(tag, countNotes(notes)));
    const [, title, heading] = ofHeading.exec(text) ?? [];
    if (!title) return (await findTitles("titles", text)).map((found) => option(found.title));
    const found = await findHeadings("headings", heading, `&note=${encodeURIComponent(title)}`);
    return found.map((one) => option(`${title}#${one.heading}`, "", one.heading));
  }

  function close() {
    menus.get(field)?.remove();
    menus.delete(field);
    for (const name of ["aria-controls", "aria-activedescendant", "aria-haspopup"]) field.removeAttribute(name);
  }

  function select(item) {
    for (const other of menus.get(field).children) other.ariaSelected = String(other === item);
    if (item) {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function open(options, { key, text, start }) {
    const menu = menus.get(field)?.dataset.start === String(start) ? menus.get(field) : document.createElement("ul");
    menu.replaceChildren(...options);
    if (key === "#") menu.ariaLabel = say("script.editor.tags");
    else menu.ariaLabel = ofHeading.test(text) ? say("script.editor.headings") : say("script.editor.titles");
    if (!menu.isConnected) {
      close();
      menu.className = "choices";
      menu.role = "listbox";
      menu.id = `${field.id}-choices`;
      menu.dataset.start = start;
      const { left, top, height } = placeAt(field, start);
      menu.style.insetBlockStart = `${field.offsetTop - field.scrollTop + top + height}px`;
      field.after(menu);
      menu.style.left = `${Math.max(0, Math.min(left, field.clientWidth - menu.offsetWidth))}px`;
      menus.set(field, menu);
      field.setAttribute("aria-controls", menu.id);
      field.setAttribute("aria-haspopup", "listbox");
      announce(say("script.editor.choices", { count: options.length }));
      menu.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
      menu.addEventListener("click", (event) => choose(event.target.closest("li")));
    }
    // A tag that is typed to its end is often a new one: Enter must not take another that begins alike. Tab and the
    // arrows choose.
    select(key === "#" ? null : menu.firstElementChild);
  }

  function choose(item) {
    const now = begun(field);
    close();
    if (!item || !now) return;
    let text = `#${item.dataset.value} `;
    let end = field.selectionEnd;
    if (now.key === "[[") {
      text = `[[${item.dataset.value}]]`;
      if (field.value.startsWith("]]", end)) end += 2;
    }
    field.setSelectionRange(now.start, end);
    type(field, text);
  }

  field.addEventListener("input", async () => {
    const now = begun(field);
    if (!now || now.start === closedAt || (now.key === "#" && inCode(field, now.start))) {
      if (now?.start !== closedAt) closedAt = -1;
      return close();
    }
    const options = await optionsFor(now);
    const later = begun(field);
    const another = later?.start !== now.start || ofHeading.test(later.text) !== ofHeading.test(now.text);
    if (another || document.activeElement !== field) return;
    const done = options.length === 1 && options[0].dataset.value === later.text;
    if (options.length === 0 || done) close();
    else open(options, now);
  });
  field.addEventListener("blur", close);
  field.addEventListener("click", close);

  field.addEventListener("keydown", (event) => {
    const menu = menus.get(field);
    if (!menu || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const selected = $("[aria-selected=true]", menu);
    switch (event.key) {
      case "ArrowDown":
        select(selected ? selected.nextElementSibling : menu.firstElementChild);
        break;
      case "ArrowUp":
        select(selected ? selected.previousElementSibling : menu.lastElementChild);
        break;
      case "Escape":
        closedAt = Number(menu.dataset.start);
        close();
        break;
      case "Tab":
        if (event.shiftKey) return;
        choose(selected ?? menu.firstElementChild);
        break;
      case "Enter":
        if (!selected || event.shiftKey) close();
        return; // what it does is told by the line break that it is about to insert
      case "ArrowLeft":
      case "ArrowRight":
        return close();
      default:
        return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  });

  // Keyboards on a screen may not say which key was pressed, and not every key that is prevented inserts nothing.
  field.addEventListener("beforeinput", (event) => {
    const selected = menus.has(field) && $("[aria-selected=true]", menus.get(field));
    if (event.inputType !== "insertLineBreak" || !selected || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    choose(selected);
  });
}

export function completeTags(form) {
  const tags = $("#tags", form);
  const find = asker();
  tags.addEventListener("input", async () => {
    const last = () => /\S*$/.exec(tags.value)[0];
    const found = last() === "" ? [] : await find("tags", last());
    const before = tags.value.slice(0, tags.value.length - last().length); // it may have grown meanwhile
    const known = found.map(({ tag, notes }) => new Option(countNotes(notes), `${before}${tag} `));
    tags.list.replaceChildren(...known);
  });
}
