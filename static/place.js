// The place in a note: its page and the editor each open where the other was left, below the same heading. It is handed on
// in the tab, to the page that is opened next.
const stored = "octavo-place";

const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

// hand hands on the place below the heading of a list with an index, or none.
export function hand(path, list, index) {
  try {
    if (index < 0) sessionStorage.removeItem(stored);
    else sessionStorage.setItem(stored, JSON.stringify({ path, behind: list.length - 1 - index, words: list[index].words }));
  } catch {
    // then the other one opens at its beginning
  }
}

// take returns the heading of a list that was handed on, if one was. Headings are counted from the end: whether the title
// is one of them makes no difference there. Where something else is counted on one side, the words tell.
export function take(path, list) {
  try {
    const place = JSON.parse(sessionStorage.getItem(stored));
    sessionStorage.removeItem(stored);
    if (place?.path !== path) return undefined;
    const one = list.at(-1 - place.behind);
    return one?.words === place.words ? one : (list.find(({ words }) => words === place.words) ?? one);
  } catch {
    return undefined;
  }
}

// headings returns the headings of a text in Markdown: their words, and where their lines begin and end.
export function headings(text) {
  const list = [];
  const frontMatter = /^---[ \t]*\n[^]*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text)?.[0].length ?? 0;
  let fence = "";
  let before = ""; // the line before, if a line of = or - makes it a heading
  let at = 0;
  for (const line of text.split("\n")) {
    const start = at;
    at += line.length + 1;
    if (start < frontMatter) continue;
    const inner = line.replace(/^(?: {0,3}(?:>|(?:[-+*]|\d{1,9}[.)])(?=\s))[ \t]?)+/, ""); // of quotes and lists
    const ticks = /^\s*(`{3,}(?!.*`)|~{3,})/.exec(inner)?.[1];
    if (fence) {
      if (ticks?.startsWith(fence) && inner.trim() === ticks) fence = "";
      continue;
    }
    const words = /^ {0,3}#{1,6}(?:[ \t](.*))?$/.exec(inner);
    const underline = before && /^ {0,3}(?:=+|-+)[ \t]*$/.test(line);
    const add = (said, from, end) =>
      list.push({ words: plain(said.replace(/\]\([^)]*\)/g, "").replace(/\[\[[^\]|]*\|/g, "")), start: from, end });
    if (words) add(words[1] ?? "", start, start + line.length);
    else if (underline) add(before, start - before.length - 1, start - 1);
    before = !words && !underline && !ticks && inner === line && /^ {0,3}\S/.test(line) ? line : "";
    fence = ticks ?? "";
  }
  return list;
}

// The page of a note.

const shown = () =>
  [...document.querySelectorAll("#note > .prose :is(h1, h2, h3, h4, h5, h6)[id]")].map((element) => ({
    element,
    words: plain(element.textContent),
  }));

if (document.querySelector("#note")) {
  const heading = take(location.pathname, shown());
  if (!location.hash) heading?.element.scrollIntoView({ behavior: "instant" });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#note a[href]");
    if (link?.pathname !== `${location.pathname}/edit` || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const list = shown();
    const top = (element) => element.getBoundingClientRect().top;
    const atTop = document.querySelector("#note > header").getBoundingClientRect().bottom > 0; // where the editor opens anyway
    hand(location.pathname, list, atTop ? -1 : list.findLastIndex(({ element }) => top(element) < innerHeight / 2));
  });
}
