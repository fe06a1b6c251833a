// HTML of a clipboard, as Markdown. Loaded when something is pasted that needs it.
import TurndownService from "./turndown.js";

const dropped = ["script", "style", "meta", "base", "title", "link", "xml", "noscript", "template", "iframe", "object", "embed", "svg",
  "math", "video", "audio", "select", "textarea", "colgroup", "col", "[hidden]", "br.Apple-interchange-newline"].join();
const safe = /^(?:https?:|mailto:|tel:)/i;

const tag = /<[a-z](?:[^>"']|"[^"]{0,5000}"|'[^']{0,5000}')*>|<[a-z][^>]*>/gi;

// parse returns the HTML as a document in which nothing runs, no style is looked at and no address has another base: the page's
// policy would complain of each, as soon as it is parsed.
function parse(html) {
  const inert = html
    .replace(/<style\b[\s\S]*?(?:<\/style\s*>|$)/gi, "")
    .replace(tag, (text) => (/^<base\b/i.test(text) ? "" : text.replace(/([\s"'/])(style|on\w+)\s*=/gi, "$1 data-$2=")));
  return new DOMParser().parseFromString(inert, "text/html");
}

const styleOf = (node) => node.dataset?.style ?? "";

function rename(node, name) {
  const other = node.ownerDocument.createElement(name);
  other.append(...node.childNodes);
  node.replaceWith(other);
  return other;
}

function unwrap(node) {
  node.replaceWith(...node.childNodes);
}

function wrap(node, name) {
  const inner = node.ownerDocument.createElement(name);
  inner.append(...node.childNodes);
  node.append(inner);
}

// clean leaves nothing that could do something: no scripts, no addresses but those of pages and mail.
function clean(doc) {
  for (const box of doc.querySelectorAll("[role=checkbox]")) {
    const mark = box.getAttribute("aria-checked") === "true" ? "[x] " : "[ ] ";
    if (box.nodeName === "LI") itemToTick(box, mark);
    else box.replaceWith(mark);
  }
  for (const box of doc.querySelectorAll("li input[type=checkbox]")) box.replaceWith(box.hasAttribute("checked") ? "[x] " : "[ ] ");
  for (const node of doc.querySelectorAll(`${dropped}, input, button`)) node.remove();
  for (const node of doc.querySelectorAll("[data-style]")) {
    if (/display:\s*none|mso-hide:\s*all/i.test(styleOf(node))) node.remove();
  }
  for (const link of doc.querySelectorAll("a")) {
    const href = link.getAttribute("href")?.trim() ?? "";
    if (!safe.test(href)) unwrap(link);
    else link.setAttribute("href", direct(href));
  }
  for (const image of doc.querySelectorAll("img")) if (!/^https?:/i.test(image.getAttribute("src") ?? "")) image.remove();
}

// itemToTick puts the mark of its box in front of an item that is the box itself, as in Google's documents. There what is done
// is struck through as well.
function itemToTick(item, mark) {
  for (const node of item.querySelectorAll("[data-style]")) node.dataset.style = styleOf(node).replace(/line-through/g, "none");
  item.prepend(mark);
}

// direct returns where an address leads that goes by way of Google's documents.
function direct(href) {
  const by = /^https:\/\/www\.google\.com\/url\?/.test(href) && new URL(href).searchParams.get("q");
  return by && safe.test(by) ? by : href;
}

// nest makes lists of blocks that follow each other, each with its level and the name of its list.
function nest(doc, items) {
  let open = []; // the lists that the next block may go on, from the outermost
  let last = null;
  for (const { block, level, name, start } of items) {
    if (block.previousElementSibling !== last) open = [];
    open.length = Math.min(open.length, level);
    if (open[level - 1] && open[level - 1].nodeName !== name) open.length = level - 1;
    while (open.length < level) {
      const list = doc.createElement(name);
      if (start) list.setAttribute("start", start);
      const into = open.at(-1)?.lastElementChild;
      if (into) into.append(list);
      else if (open.length > 0) open.at(-1).append(list);
      else block.before(list);
      open.push(list);
    }
    last = open[0];
    open.at(-1).append(rename(block, "li"));
  }
}

// listsOfWord makes lists of the paragraphs that Word writes in their place.
function listsOfWord(doc) {
  nest(doc, [...doc.querySelectorAll("p[data-style*=mso-list], [class*=MsoListParagraph][data-style*=mso-list]")].map((block) => {
    const marker = [...block.querySelectorAll("[data-style*=mso-list]")].find((mark) => /mso-list:\s*Ignore/i.test(styleOf(mark)));
    const ordered = /^\s*\(?[\da-z]{1,4}[.)]/i.test(marker?.textContent ?? "");
    marker?.remove();
    return { block, level: Number(/level(\d+)/.exec(styleOf(block))?.[1] ?? 1), name: ordered ? "OL" : "UL" };
  }));
}

// listsOfWordOnline makes lists of items that each come in a list of its own, as in a browser's Word.
function listsOfWordOnline(doc) {
  const items = [...doc.querySelectorAll(".ListContainerWrapper li[data-aria-level]")].map((block) => {
    const list = block.parentNode;
    return { block, level: Number(block.dataset.ariaLevel), name: list.nodeName, start: list.getAttribute("start") };
  });
  for (const around of doc.querySelectorAll(".ListContainerWrapper")) around.replaceWith(...around.querySelectorAll("li[data-aria-level]"));
  nest(doc, items);
}

// byStyle gives what looks bold, italic or struck through the elements that say so.
function byStyle(doc) {
  for (const node of doc.querySelectorAll("b, strong")) if (/font-weight:\s*(?:normal|400)/i.test(styleOf(node))) unwrap(node);
  for (const node of doc.querySelectorAll("span[data-style], font[data-style]")) {
    const style = styleOf(node);
    const heading = node.closest("h1, h2, h3, h4, h5, h6, th");
    if (/font-weight:\s*(?:bold|[6-9]00)/i.test(style) && !heading) wrap(node, "strong");
    if (/font-style:\s*italic/i.test(style)) wrap(node, "em");
    if (/text-decoration[^;]*line-through/i.test(style)) wrap(node, "del");
    if (/vertical-align:\s*super/i.test(style)) wrap(node, "sup");
    if (/vertical-align:\s*sub/i.test(style)) wrap(node, "sub");
  }
  for (const node of doc.querySelectorAll(":is(h1, h2, h3, h4, h5, h6, th) :is(b, strong)")) unwrap(node);
}

// tidy brings what programs write in ways of their own into the usual one.
function tidy(doc) {
  for (const [selector, name] of [["p.MsoTitle", "h1"], ["p.MsoSubtitle", "h2"], ["p.MsoQuote, p.MsoIntenseQuote", "blockquote"]]) {
    for (const node of doc.querySelectorAll(selector)) rename(node, name);
  }
  for (const node of doc.querySelectorAll("p[role=heading]")) {
    rename(node, `h${Math.min(Math.max(Number(node.getAttribute("aria-level")) || 1, 1), 6)}`);
  }
  listsOfWord(doc);
  listsOfWordOnline(doc);
  byStyle(doc);
  for (const list of doc.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) list.previousElementSibling?.append(list);
  // A paragraph of its own would part an item from the others.
  for (const only of doc.querySelectorAll("li > :is(p, div)")) {
    if (!only.nextElementSibling || /^[UO]L$/.test(only.nextElementSibling.nodeName)) unwrap(only);
  }
  for (const table of doc.querySelectorAll("table")) {
    if (table.rows.length === 1 && table.rows[0].cells.length === 1) rename(table.rows[0].cells[0], "div");
    if (table.rows.length === 0 || table.rows[0].cells.length === 0) unwrap(table);
  }
  const texts = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) texts.currentNode.data = texts.currentNode.data.replaceAll("\u00a0", " ");
}

// tableOf returns rows of cells as a table of Markdown, the first as its head. The columns at right are aligned there.
export function tableOf(rows, atRight = []) {
  const filled = rows.filter((row) => row.some((cell) => cell.trim() !== ""));
  if (filled.length === 0) return "";
  const width = Math.max(...filled.map((row) => row.findLastIndex((cell) => cell.trim() !== "") + 1));
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const text = (cell = "") => cell.trim().replace(/(?<!\\)\|/g, "\\|").replace(/\s*\n\s*/g, "<br>");
  const [head, ...body] = filled.map((row) => line(Array.from({ length: width }, (_, n) => text(row[n]))));
  return [head, line(Array.from({ length: width }, (_, n) => (atRight[n] ? "---:" : "---"))), ...body].join("\n");
}

const alignedRight = (cell) => cell.matches("[align=right], :has(> p[align=right])") || /text-align:\s*right/i.test(styleOf(cell));

// spread returns rows of cells with empty ones where others span columns or rows.
function spread(rows, table) {
  const below = []; // by the column: how many rows a cell above goes on for
  return rows.map((row, n) => {
    const line = [];
    const skip = () => {
      for (; below[line.length] > 0; line.push("")) below[line.length]--;
    };
    row.forEach((cell, i) => {
      skip();
      const { colSpan, rowSpan } = table.rows[n].cells[i];
      for (let span = 0; span < Math.min(colSpan, 100); span++) {
        below[line.length] = rowSpan - 1;
        line.push(span === 0 ? cell : "");
      }
    });
    skip();
    return line;
  });
}

function service() {
  const turndown = new TurndownService({
    headingStyle: "atx", bulletListMarker: "-", codeBlockStyle: "fenced", emDelimiter: "*", hr: "---", br: "",
  });
  turndown.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => (content.trim() ? `~~${content}~~` : content) });
  turndown.addRule("raised", { filter: ["sup", "sub"], replacement: (content, { localName }) => (content.trim() ? `<${localName}>${content}</${localName}>` : content) });
  turndown.addRule("link", {
    filter: (node) => node.nodeName === "A" && node.getAttribute("href"),
    replacement(content, node) {
      const href = node.getAttribute("href").replace(/[()\s]/g, encodeURIComponent).replaceAll("(", "%28").replaceAll(")", "%29");
      if (content.trim() === "") return "";
      return node.textContent.trim() === node.getAttribute("href") ? href : `[${content.trim().replace(/\s*\n\s*/g, " ")}](${href})`;
    },
  });
  turndown.addRule("item", {
    filter: "li",
    replacement(content, node) {
      const list = node.parentNode;
      const first = Number(list.getAttribute("start") ?? 1);
      const marker = list.nodeName === "OL" ? `${first + [...list.children].indexOf(node)}. ` : "- ";
      const text = content.trim().replace(/^\\\[( |x)\\\] /, "[$1] ").replace(/\n+(?=\s*(?:[-*]|\d+\.) )/g, "\n");
      return marker + text.replace(/\n(?!\n|$)/g, `\n${" ".repeat(marker.length)}`) + (node.nextElementSibling ? "\n" : "");
    },
  });
  turndown.addRule("code", {
    filter: "pre",
    replacement(_content, node) {
      const text = node.textContent.replace(/\n$/, "");
      const name = /(?:language|lang|highlight-source)-([\w+-]+)/.exec(`${node.className} ${node.parentNode.className} ${node.firstElementChild?.className ?? ""}`);
      const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
      return `\n\n${fence}${name?.[1] ?? ""}\n${text}\n${fence}\n\n`;
    },
  });
  turndown.addRule("cell", { filter: ["td", "th"], replacement: (content) => `\u0000${content.trim()}` });
  turndown.addRule("rows", { filter: ["tr", "thead", "tbody", "tfoot"], replacement: (content, { nodeName }) => (nodeName === "TR" ? `\u0001${content}` : content) });
  turndown.addRule("table", {
    filter: "table",
    replacement(content, node) {
      const rows = spread(content.split("\u0001").slice(1).map((row) => row.split("\u0000").slice(1)), node);
      const [head = [], ...body] = spread([...node.rows].map((row) => [...row.cells]), node);
      const atRight = head.map((_, n) => {
        const filled = body.map((row) => row[n]).filter((cell) => cell && cell.textContent.trim());
        return filled.length > 0 && filled.every(alignedRight);
      });
      return `\n\n${tableOf(rows, atRight)}\n\n`;
    },
  });
  return turndown;
}

// toMarkdown returns what HTML says as Markdown, or "" where it says nothing.
export function toMarkdown(html) {
  const doc = parse(html);
  clean(doc);
  tidy(doc);
  return service().turndown(doc.body).replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
}
