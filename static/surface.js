// The page that is written on: it grows with the text, and leaves the text what a keyboard on the screen leaves of it.
import { $, grow } from "./text.js";

export function surface(form, field) {
  const title = $("#title", form);
  const tools = $("markdown-toolbar", form);
  grow(title);
  grow(field);

  // A title is one line, however it wraps.
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    field.focus();
  });
  title.addEventListener("beforeinput", (event) => {
    const pasted = event.data ?? event.dataTransfer?.getData("text/plain");
    if (!/[\r\n]/.test(pasted ?? "")) return;
    event.preventDefault();
    document.execCommand("insertText", false, pasted.trim().replace(/\s*[\r\n]+\s*/g, " "));
  });

  // Where the keyboard has taken most of the window, the text has what is left of it.
  const low = matchMedia("(max-height: 40rem) and (max-width: 40rem), (max-height: 40rem) and (pointer: coarse)");
  function makeRoom() {
    const { height, offsetTop } = visualViewport;
    form.style.setProperty("--covered", `${Math.max(0, Math.round(innerHeight - height - offsetTop))}px`);
    if (!low.matches || document.activeElement !== field) return;
    const above = tools.getBoundingClientRect().top;
    if (above > 0) scrollBy({ top: above, behavior: "instant" });
  }
  field.addEventListener("focus", () => requestAnimationFrame(makeRoom)); // once the caret is in sight
  visualViewport.addEventListener("resize", makeRoom);
}
