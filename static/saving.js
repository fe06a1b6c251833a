// Saving while one goes on writing: the note is saved as by the button, and the form is then that of the note as saved.
import { hold } from "./draft.js";
import { $, announce, edit } from "./text.js";

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const patience = 20_000; // milliseconds, for an answer

// stay returns a function that saves what is in the form. What the server refuses is sent as usual, and so says why.
export function stay(form, field) {
  const fields = (root) => [$("#title", root), $("[name=tags]", root), $("#content", root)];
  const state = $(".draft-state", form);
  let saving = false;

  const tell = (name) => {
    const event = new CustomEvent(name, { detail: {} });
    form.dispatchEvent(event);
    return event.detail.done;
  };

  // work has the form stay as it is, and shows that it is being sent, as when the button saves it.
  const work = (at) => {
    hold(form, at);
    $(".primary", form).ariaBusy = at ? "true" : null;
  };

  async function send() {
    const body = new URLSearchParams(new FormData(form));
    body.set("stay", "1");
    const response = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(patience) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { response, page, saved: page.querySelector("#editor") };
  }

  // adopt makes the form that of the note as it has been saved, with what was changed elsewhere meanwhile.
  function adopt(page, saved) {
    const now = fields(saved).map(({ value }) => value);
    for (const [i, one] of fields(form).entries()) {
      if (one === field && one.value !== now[i]) {
        const { selectionStart, selectionEnd, value } = field;
        edit(field, 0, value.length, now[i], [selectionStart, selectionEnd]);
      }
      if (one.value !== now[i]) one.value = now[i];
      one.defaultValue = now[i];
    }
    tell("octavo:adopted");
    for (const name of ["version", "draft", "continues"]) {
      $(`[name=${name}]`, form)?.remove();
      const input = $(`[name=${name}]`, saved);
      if (input) form.prepend(document.importNode(input));
    }
    form.action = saved.getAttribute("action");
    form.setAttribute("hx-post", form.getAttribute("action"));
    delete form.dataset.unsaved;
    $(".cancel", form).replaceWith(document.importNode($(".cancel", saved), true));
    $("#notices").replaceChildren(...[...$("#notices", page).children].map((node) => document.importNode(node, true)));
    $("h1").textContent = $("h1", page).textContent;
    document.title = page.title;
  }

  return async function save() {
    if (saving) return;
    if (form.ariaBusy === "true") return form.requestSubmit(); // which waits for the uploads, and says so
    saving = true;
    work(true);
    try {
      await tell("octavo:saving");
      const { response, page, saved } = await send();
      work(false);
      if (!response.ok || !saved) {
        tell("octavo:unsaved");
        if (response.ok) location.assign(response.url);
        else form.requestSubmit();
        return;
      }
      adopt(page, saved);
      history.replaceState(history.state, "", response.url);
      tell("octavo:saved");
      document.dispatchEvent(new Event("octavo:kept")); // what other pages show is older now
      state.textContent = say("script.editor.saved", { time: clock.format(new Date()) });
      announce(state.textContent);
    } catch {
      work(false);
      tell("octavo:unsaved"); // so that it goes on being kept as a draft
      $("#notices").replaceChildren($("#offline").content.cloneNode(true));
    } finally {
      saving = false;
    }
  };
}
