// What is pasted: an address over a selection links it, and what has a form of its own becomes Markdown.
import { inCode, lineAt, reveal, type } from "./text.js";

// Elements and styles that say more than their words do.
const form = /<(?:h[1-6]|b|strong|i|em|s|del|strike|ul|ol|li|table|blockquote|pre|code|a|img|hr|su[bp])[\s>]|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|mso-list|role="heading"/i;
const sourceCode = /^(?:<meta[^>]*>|\s)*<(?:div|pre)[^>]*(?:white-space:\s*pre;|monospace)/i; // as editors of it copy
const address = /^(?:https?:\/\/|mailto:)\S+$/;

// tabbed returns the rows of a table whose cells are parted by tabs, or null.
function tabbed(text) {
  const rows = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  const width = rows[0].length;
  return width > 1 && rows.length > 1 && rows.every((row) => row.length === width && row[0] !== "") ? rows : null;
}

// insert types Markdown at the caret, with a blank line around what can't go on in a line.
function insert(field, markdown) {
  const { start, end } = lineAt(field, field.selectionStart);
  const before = field.value.slice(start, field.selectionStart);
  const behind = field.value.slice(field.selectionEnd, Math.max(end, field.selectionEnd));
  const block = /^(?:#{1,6} |[-*] |\d+\. |\||> |```|---$)/m.test(markdown);
  const lead = !block ? "" : before.trim() ? "\n\n" : /\n[^\n]+\n$/.test(field.value.slice(0, start).slice(-300)) ? "\n" : "";
  type(field, lead + markdown + (block && behind.trim() ? "\n\n" : ""));
  reveal(field);
}

export function pasting(field) {
  let plain = false; // Ctrl+Shift+V has been pressed
  field.addEventListener("keydown", (event) => {
    plain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
  });
  field.addEventListener("paste", async (event) => {
    const text = event.clipboardData.getData("text/plain");
    const html = event.clipboardData.getData("text/html");
    const asItIs = plain || inCode(field, field.selectionStart);
    plain = false;
    if (asItIs) return;
    const selected = field.value.slice(field.selectionStart, field.selectionEnd);
    const rich = form.test(html) && !sourceCode.test(html);
    if (address.test(text.trim()) && selected.trim() !== "" && !/[\n[\]]/.test(selected) && !address.test(selected)) {
      event.preventDefault();
      type(field, `[${selected}](${text.trim()})`);
      return;
    }
    const rows = !rich && tabbed(text);
    if (!rich && !rows) return;
    event.preventDefault();
    try {
      const { tableOf, toMarkdown } = await import("./convert.js");
      insert(field, (rows ? tableOf(rows) : toMarkdown(html)) || text);
    } catch {
      type(field, text); // it couldn't be loaded
    }
  });
}
