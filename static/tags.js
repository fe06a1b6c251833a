// Tags, shown as chips. What is sent is still words separated by spaces, in a field out of sight.
import { $, announce } from "./text.js";

export function tagChips(form) {
  const typed = $("#tags", form);
  const list = $(".chips", form);
  const blank = $("template.chip", form);
  const hint = typed.placeholder;
  const sent = typed.cloneNode();
  sent.hidden = true;
  for (const name of ["id", "list", "aria-describedby"]) sent.removeAttribute(name);
  typed.removeAttribute("name");
  typed.after(sent);

  const tags = () => [...list.querySelectorAll("span")].map((tag) => tag.textContent);

  function add(typedTag) {
    const tag = typedTag.replace(/^#+/, "");
    const known = tags().map((other) => other.toLowerCase());
    if (tag === "" || known.includes(tag.toLowerCase())) return;
    const item = blank.content.cloneNode(true);
    $("span", item).textContent = tag;
    $("button", item).ariaLabel = say("script.editor.remove_tag", { tag });
    list.append(item);
  }

  function remove(item) {
    const tag = $("span", item).textContent;
    item.remove();
    announce(say("script.editor.tag_removed", { tag }));
    return tag;
  }

  // Words are parted as the server parts them.
  const split = (text) => text.split(/[\s,;，、；]+/);

  // settle makes chips of what is typed to its end, all of it or what stands before a space.
  function settle(all) {
    const words = split(typed.value);
    const rest = all ? "" : words.pop();
    for (const word of words) add(word);
    if (typed.value !== rest) typed.value = rest;
    tell();
  }

  function tell() {
    typed.placeholder = tags().length > 0 ? say("script.editor.add_tag") : hint;
    const value = [...tags(), ...split(typed.value)].filter(Boolean).join(" ");
    if (value === sent.value) return;
    sent.value = value;
    sent.dispatchEvent(new Event("input", { bubbles: true }));
  }

  typed.addEventListener("input", (event) => {
    event.stopPropagation(); // the field that is sent says so
    if (!event.isComposing) settle(false);
  });
  typed.addEventListener("compositionend", () => settle(false));
  typed.addEventListener("change", () => settle(true));
  typed.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (typed.value.trim() === "") $("#content", form).focus();
      settle(true);
    }
    if (event.key === "Backspace" && typed.value === "" && list.lastElementChild) {
      event.preventDefault();
      typed.value = remove(list.lastElementChild);
      tell();
    }
  });
  list.addEventListener("click", (event) => {
    const item = event.target.closest("button")?.closest("li");
    if (!item) return;
    remove(item);
    typed.focus();
    tell();
  });
  form.addEventListener("octavo:adopted", () => {
    list.replaceChildren();
    for (const tag of split(sent.value)) add(tag);
    typed.value = ""; // it has been saved, half a word or not
    tell();
  });
  typed.value = "";
  typed.placeholder = tags().length > 0 ? say("script.editor.add_tag") : hint;
}
