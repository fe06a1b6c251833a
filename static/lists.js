// Lists, quotes and code: what Enter, Tab and Escape do in them. Whatever they change is one step to undo.
import { choosing } from "./completion.js";
import { edit, inCode, lineAt, reveal, type } from "./text.js";

// What a line of a quote or of a list begins with: quote signs, indentation, marker, blanks, box.
const beginning = /^((?:[ \t]{0,3}> ?)*)([ \t]*)(?:([-*+]|\d{1,9}[.)])([ \t]+)(\[[ xX]\][ \t]+)?)?/;
const rule = /^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const longest = 500; // lines of a list that are numbered anew

function parse(line) {
  const [all, quote, indent, marker, blanks, box] = beginning.exec(line);
  return { all, quote, indent, marker, blanks: blanks ?? "", box, number: parseInt(marker, 10), rest: line.slice(all.length) };
}

const following = ({ marker, number }) => (number >= 0 ? `${number + 1}${marker.at(-1)}` : marker);

// renumbered returns the lines of a list with each number one more than that of the item before, at its own level. The
// first of each level keeps its number, and where all are alike they stay so; the lines that isNew names don't tell. What
// is below an item moves with its text.
function renumbered(lines, isNew) {
  // stepAfter tells by the next item of a list whether its numbers are all alike.
  function stepAfter(line, { quote, indent, kind, first }) {
    for (let n = line; n < lines.length; n++) {
      const item = parse(lines[n]);
      if (item.quote !== quote || (item.rest !== "" && item.indent.length < indent)) break;
      if (item.indent.length === indent && item.marker?.at(-1) === kind && !isNew(n)) return item.number === first ? 0 : 1;
    }
    return 1;
  }

  const levels = []; // of the lists that a line is in, from the outermost
  let blank = false;
  return lines.map((line, n) => {
    const item = parse(line);
    const { quote, indent, marker, number } = item;
    if (item.rest === "" && !marker) {
      blank = true;
      return line;
    }
    while (levels.length > 0 && (levels.at(-1).quote !== quote || levels.at(-1).indent > indent.length)) levels.pop();
    if (!marker && blank && levels.length > 0 && levels.at(-1).indent >= indent.length) levels.pop();
    blank = false;
    const shift = levels.reduce((sum, level) => sum + (level.indent < indent.length ? level.shift : 0), 0);
    const moved = quote + (shift < 0 ? indent.slice(-shift) : " ".repeat(shift) + indent);
    if (!marker || rule.test(line)) return moved + line.slice(quote.length + indent.length);
    let level = levels.at(-1);
    if (level?.indent !== indent.length || level.kind !== marker.at(-1)) {
      if (level?.indent === indent.length) levels.pop();
      level = { quote, indent: indent.length, kind: marker.at(-1), first: number, last: number, shift: 0 };
      levels.push(level);
      return moved + line.slice(quote.length + indent.length);
    }
    level.step ??= stepAfter(n, level);
    level.last += level.step;
    const kept = number >= 0 ? `${level.last}${marker.at(-1)}` : marker;
    level.shift = kept.length - marker.length;
    return moved + kept + line.slice(quote.length + indent.length + marker.length);
  });
}

// around returns where the list that the lines from start to end are in begins and ends.
function around(text, start, end) {
  const belongs = (line) => line.trim() === "" || /^[ \t>]/.test(line) || parse(line).marker;
  let from = start;
  for (let n = 0; from > 0 && n < longest; n++) {
    const before = text.lastIndexOf("\n", from - 2) + 1;
    if (!belongs(text.slice(before, from - 1))) break;
    from = before;
  }
  let to = end;
  for (let n = 0; to < text.length && n < longest; n++) {
    const next = text.indexOf("\n", to + 1);
    const stop = next < 0 ? text.length : next;
    if (!belongs(text.slice(to + 1, stop))) break;
    to = stop;
  }
  return { from, to };
}

// restructure puts lines in the place of those from start to end, of which those from fresh on are new, and has the numbers
// of the list follow. Each end of the selection is given as the index of its line among them and what is behind it there.
function restructure(field, start, end, lines, fresh, ends) {
  const text = field.value;
  const { from, to } = around(text, start, end);
  const before = from < start ? text.slice(from, start - 1).split("\n") : [];
  const behind = end < to ? text.slice(end + 1, to).split("\n") : [];
  const isNew = (n) => n >= before.length + fresh && n < before.length + lines.length;
  const all = renumbered([...before, ...lines, ...behind], isNew);
  const selection = ends.map(({ line, tail }) => {
    const above = all.slice(0, before.length + line).reduce((sum, one) => sum + one.length + 1, from);
    return above + Math.max(0, all[before.length + line].length - tail);
  });
  edit(field, from, to, all.join("\n"), selection);
}

// breakLine goes on with a list or a quote where a line of it is broken. An empty item moves one level out, and ends the
// list where it is in none. It reports whether the line is in either.
function breakLine(field) {
  const at = field.selectionStart;
  if (at !== field.selectionEnd) return false;
  const { start, end } = lineAt(field, at);
  const line = field.value.slice(start, end);
  const item = parse(line);
  if ((!item.quote && !item.marker) || at < start + item.all.length || rule.test(line) || inCode(field, start)) return false;
  const caret = (tail, n = 0) => Array(2).fill({ line: n, tail });
  if (item.rest.trim() === "") {
    const outer = item.marker && parent(field.value, start, item);
    const left = outer ? outer.quote + outer.indent + following(outer) + outer.blanks + (outer.box ? "[ ] " : "") : "";
    restructure(field, start, end, [left || (item.marker ? item.quote : "")], 0, caret(0));
    return true;
  }
  const next = `${item.quote}${item.indent}${item.marker ? following(item) : ""}${item.blanks}${item.box ? "[ ] " : ""}`;
  const rest = field.value.slice(at, end);
  restructure(field, start, end, [field.value.slice(start, at), next + rest], 1, caret(rest.length, 1));
  return true;
}

// parent returns the item that an item which begins at start is below, or undefined.
function parent(text, start, { quote, indent }) {
  for (let end = start - 1, n = 0; end >= 0 && n < longest; n++) {
    const begin = text.lastIndexOf("\n", end - 1) + 1;
    const above = parse(text.slice(begin, end));
    if (above.quote !== quote) return undefined;
    if (above.marker && above.indent.length < indent.length) return above;
    if (above.all === "" && above.rest !== "") return undefined;
    end = begin - 1;
  }
  return undefined;
}

// indent moves the items or the lines of code that are selected one level in, or out. It reports whether there are any.
function indent(field, out) {
  const { selectionStart, selectionEnd } = field;
  const { start } = lineAt(field, selectionStart);
  const { end } = lineAt(field, selectionEnd > selectionStart ? selectionEnd - 1 : selectionEnd);
  const lines = field.value.slice(start, end).split("\n");
  const code = inCode(field, start);
  const item = lines.map(parse).find(({ marker }) => marker);
  if (!code && !item) return false;
  const step = code ? 2 : item.marker.length + 1; // an item's children stand below its text
  if (code && !out && selectionStart === selectionEnd) {
    type(field, " ".repeat(step));
    return true;
  }
  const moved = lines.map((line) => {
    const { quote, indent: blanks, marker, number } = code ? { quote: "", indent: /^[ \t]*/.exec(line)[0] } : parse(line);
    const rest = line.slice(quote.length);
    if (out) return quote + (blanks.startsWith("\t") ? rest.slice(1) : rest.slice(Math.min(step, blanks.length)));
    if (rest.trim() === "") return line;
    // In its new list an item is the first, unless there are others before it.
    return quote + " ".repeat(step) + (number >= 0 ? blanks + "1" + marker.at(-1) + rest.slice(blanks.length + marker.length) : rest);
  });
  const text = field.value;
  const place = (at) => {
    const line = text.slice(start, at).split("\n").length - 1;
    return { line: Math.min(line, lines.length - 1), tail: Math.max(0, lineAt(field, at).end - at) };
  };
  if (code) {
    const grown = moved.join("\n").length - (end - start);
    const first = Math.max(start, selectionStart + moved[0].length - lines[0].length);
    edit(field, start, end, moved.join("\n"), [first, Math.max(first, selectionEnd + grown)]);
  } else restructure(field, start, end, moved, 0, [place(selectionStart), place(selectionEnd)]);
  return true;
}

export function editLists(field) {
  let leaving = false; // Escape has been pressed, so that Tab leaves the field and nobody is caught in it
  let plain = false; // Shift is held, so that Enter breaks the line and no more
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    plain = event.shiftKey;
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || choosing(field)) return;
    if (key === "Tab" && !leaving && indent(field, event.shiftKey)) event.preventDefault();
    if (key !== "Shift") leaving = key === "Escape";
  });
  field.addEventListener("blur", () => (leaving = false));
  field.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" || event.isComposing || plain) return;
    if (!breakLine(field)) return;
    event.preventDefault();
    reveal(field);
  });
}
