// What all of the editor does with the text of a field.
export const $ = (selector, root = document) => root.querySelector(selector);
export const announce = (text) => ($("#announcer").textContent = text);
export const alarm = (text) => ($("#alarm").textContent = text); // at once: something failed

// put puts text in the place of what stands from start to end, by the browser's own command, so that it can be undone as
// one step where the browser can. That acts on what has the focus. The caret stands behind it then.
function put(field, start, end, text) {
  field.setSelectionRange(start, end);
  if (start === end && text === "") return;
  if (document.activeElement === field && document.execCommand(text === "" ? "delete" : "insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
}

// replace puts text in the place of what stands from start to end, as two steps to undo: that is taken away, and then there
// is text. The selection stays with the text it was in, and the focus and the page where they are.
export function replace(field, start, end, text) {
  const { selectionStart, selectionEnd } = field;
  const { scrollX, scrollY } = window;
  const focused = document.activeElement;
  const moved = (at) => (at <= start ? at : at < end ? start + text.length : at + text.length - (end - start));
  if (focused !== field) field.focus({ preventScroll: true });
  put(field, start, end, "");
  put(field, start, start, text);
  field.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  if (focused === document.body) field.blur();
  else if (focused !== field) focused?.focus({ preventScroll: true });
  scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
}

// edit makes a text of what stands from start to end, and changes no more than what differs. Then [from, to] is selected.
export function edit(field, start, end, text, [from, to]) {
  const old = field.value.slice(start, end);
  const most = Math.min(old.length, text.length);
  let same = 0;
  while (same < most && old[same] === text[same]) same++;
  let tail = 0;
  while (tail < most - same && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  put(field, start + same, end - tail, text.slice(same, text.length - tail));
  field.setSelectionRange(from, to);
}

// type puts text in the place of the selection, and the caret behind it.
export function type(field, text) {
  field.focus();
  put(field, field.selectionStart, field.selectionEnd, text);
}

// after returns act as a function that runs once nobody has called it for that many milliseconds.
export function after(wait, act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}

export function lineAt(field, at) {
  const start = field.value.lastIndexOf("\n", at - 1) + 1;
  const end = field.value.indexOf("\n", at);
  return { start, end: end < 0 ? field.value.length : end };
}

export function inCode(field, at) {
  const text = field.value;
  if (text.lastIndexOf("```", at) < 0 && text.lastIndexOf("~~~", at) < 0) return false;
  return (text.slice(0, at).match(/^[ \t]{0,3}(?:```|~~~)/gm) ?? []).length % 2 === 1;
}

// grow has a field be as high as its text: it does what field-sizing does, where a browser doesn't know that yet.
export function grow(field) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    const { scrollX, scrollY } = window;
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight}px`;
    scrollTo(scrollX, scrollY);
  };
  field.addEventListener("input", fit);
  addEventListener("resize", fit);
  fit();
}

// placeAt returns where in a field the character with an offset stands, in pixels. It lays out all that is before it.
export function placeAt(field, offset) {
  const mirror = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of ["font", "letterSpacing", "paddingInline", "paddingBlock", "direction", "tabSize", "boxSizing"]) {
    mirror.style[name] = style[name];
  }
  Object.assign(mirror.style, { position: "absolute", visibility: "hidden", insetBlockStart: "0", whiteSpace: "pre-wrap" });
  Object.assign(mirror.style, { overflowWrap: "break-word", inlineSize: `${field.clientWidth}px` });
  const caret = document.createElement("span");
  caret.textContent = "\u200b";
  mirror.append(field.value.slice(0, offset), caret);
  field.after(mirror);
  const { offsetLeft: left, offsetTop: top, offsetHeight: height } = caret;
  mirror.remove();
  return { left, top, height };
}

// reveal brings the caret into sight where a script has moved it: browsers do so only for what is typed.
export function reveal(field) {
  const { top, height } = placeAt(field, field.selectionEnd);
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement);
  const from = field.getBoundingClientRect().top + top - field.scrollTop;
  const above = from - (parseFloat(scrollPaddingTop) || 0);
  const below = from + height - innerHeight + (parseFloat(scrollPaddingBottom) || 0);
  if (above < 0) scrollBy({ top: above, behavior: "instant" });
  else if (below > 0) scrollBy({ top: below, behavior: "instant" });
}
