// Keys that mark text up, and that save it.
import { $, type } from "./text.js";

const tools = { b: "md-bold", i: "md-italic", k: "md-link" };
const pairs = { "*": "*", _: "_", "`": "`", "[": "]", "(": ")", '"': '"' };

// letterOf returns the letter of a key, on a keyboard of another script the one that a Latin one has in its place.
const letterOf = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, "")).toLowerCase();

export function editKeys(form, field, save) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.shiftKey || event.ctrlKey === event.metaKey || !form.isConnected) return;
    const key = letterOf(event);
    const tool = event.target === field && tools[key];
    if (!tool && key !== "s") return;
    event.preventDefault();
    if (tool) $(tool, form).click();
    else save();
  });

  // What is typed over a selection and comes in pairs encloses it.
  field.addEventListener("beforeinput", (event) => {
    const close = pairs[event.data];
    if (event.inputType !== "insertText" || !close || event.isComposing) return;
    const { selectionStart, selectionEnd } = field;
    if (selectionStart === selectionEnd) return;
    event.preventDefault();
    type(field, event.data + field.value.slice(selectionStart, selectionEnd) + close);
    field.setSelectionRange(selectionStart + 1, selectionEnd + 1);
  });
}
