// The rendered text beside the form, and how long it is.
import { $, after } from "./text.js";

function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    // where nothing may be stored, the choice holds for the page
  }
  return null;
}

// patch makes the nodes of a page those of another, and leaves what is alike before and behind what differs: a long note
// isn't laid out anew for a word.
function patch(page, nodes) {
  const old = [...page.childNodes];
  const most = Math.min(old.length, nodes.length);
  let same = 0;
  while (same < most && old[same].isEqualNode(nodes[same])) same++;
  let tail = 0;
  while (tail < most - same && old.at(-1 - tail).isEqualNode(nodes.at(-1 - tail))) tail++;
  for (const node of old.slice(same, old.length - tail)) node.remove();
  const behind = old[old.length - tail] ?? null;
  for (const node of nodes.slice(same, nodes.length - tail)) page.insertBefore(node, behind);
}

export function preview(form, field) {
  const pane = $("#preview", form);
  const page = $(".prose", pane);
  const stale = $(".stale", pane);
  const button = $(".preview-button", form);
  let abort;
  let shown; // the text that the preview is of

  // Both sides are as far down as each other, in proportion to their heights, unless somebody goes through the preview by
  // keyboard: what has the focus stays in sight.
  function follow() {
    if ($(":focus-visible", page)) return;
    const { top, height } = field.getBoundingClientRect();
    const rest = height - pane.clientHeight;
    const down = rest > 0 ? Math.min(1, Math.max(0, -top / rest)) : 0;
    pane.scrollTop = down * (pane.scrollHeight - pane.clientHeight);
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
      patch(page, [...new DOMParser().parseFromString(html, "text/html").body.childNodes]);
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
  });
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) link.target = "_blank"; // the form stays
  });
  field.addEventListener("input", after(300, render));
  document.addEventListener("scroll", () => !pane.hidden && follow(), { passive: true });
  show(remember("octavo.preview") === "on" && matchMedia("(min-width: 46rem)").matches); // else it takes the text's place
}

const words = Intl.Segmenter && new Intl.Segmenter(undefined, { granularity: "word" });

function countWords(text) {
  if (!words) return (text.match(/\S+/g) ?? []).length;
  let n = 0;
  for (const { isWordLike } of words.segment(text)) if (isWordLike) n++;
  return n;
}

export function showWords(form, field) {
  const place = $(".words", form);
  let known = new Map(); // the words of each line, so that only those are counted that have been changed
  const show = () => {
    const lines = new Map();
    let count = 0;
    for (const line of field.value.split("\n")) {
      const words = known.get(line) ?? lines.get(line) ?? countWords(line);
      lines.set(line, words);
      count += words;
    }
    known = lines;
    const minutes = Math.max(1, Math.round(count / 220));
    place.textContent = count === 0 ? "" : say("script.editor.words", { count, minutes });
  };
  field.addEventListener("input", after(300, show));
  show();
}
