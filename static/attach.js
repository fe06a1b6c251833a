// Files that are pasted, dropped or chosen are uploaded, and stand in the text.
import { $, alarm, announce, replace, type } from "./text.js";

// attach returns a function that takes files as if they had been dropped.
export function attach(form, field) {
  const { base } = document.documentElement.dataset;
  const list = $(".uploads", form);
  const largest = Number(list.dataset.largest); // bytes of a file that the server takes
  const picker = document.createElement("input");
  const underWay = new Set();
  const over = new Map(); // by the placeholder of a file that has arrived or never will: what came in its place
  let next = 0;
  let save = null; // sends the form, once all files have arrived

  function placeholder(name) {
    const plain = name.replace(/[[\]\\\n]/g, "_");
    for (let n = 1; ; n++) {
      const text = `![${say("script.editor.uploading", { name: n > 1 ? `${plain} (${n})` : plain })}]()`;
      if (!field.value.includes(text) && !over.has(text)) return text;
    }
  }

  const standing = () => [...over.keys()].filter((mark) => field.value.includes(mark));

  // settle puts what has come in the place of its placeholder, if that still stands, with the space that was put before it.
  function settle(mark) {
    const { markdown, lead } = over.get(mark);
    const start = field.value.indexOf(mark);
    const from = field.value.startsWith(lead, start - lead.length) ? start - lead.length : start;
    const text = markdown && field.value.slice(from, start) + markdown;
    if (start >= 0) replace(field, from, start + mark.length, text);
  }

  // A placeholder of what is over stands for nothing, so whoever takes steps back, or goes on again, never stops at one, nor at
  // a text that is as it was.
  field.addEventListener("beforeinput", (event) => {
    const command = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
    if (!command || over.size === 0) return;
    event.preventDefault();
    const before = field.value;
    while (document.execCommand(command) && (field.value === before || standing().length > 0));
    standing().forEach(settle); // it was taken back while its file was on its way
  });

  function row(name) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = name;
    label.dir = "auto";
    label.id = `upload-${next++}`;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-labelledby", label.id);
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "quiet";
    cancel.textContent = say("script.editor.cancel");
    cancel.setAttribute("aria-describedby", label.id);
    item.append(label, bar, cancel);
    list.append(item);
    return { item, bar, cancel };
  }

  function complain(name, text) {
    const item = document.createElement("li");
    item.className = "error";
    item.textContent = `${name}: ${text}`;
    list.append(item);
    alarm(item.textContent);
  }

  // upload sends a file, and has its placeholder stand at the caret meanwhile.
  function upload(file) {
    if (file.size > largest) {
      complain(file.name, say("script.editor.too_large", { limit: largest >> 20 }));
      return;
    }
    const name = file.name || "file";
    const mark = placeholder(name);
    const lead = /(^|\s)$/.test(field.value.slice(0, field.selectionStart)) ? "" : " ";
    const { item, bar, cancel } = row(name);
    const request = new XMLHttpRequest();
    const end = (markdown) => {
      underWay.delete(request);
      if (underWay.size === 0) form.ariaBusy = null;
      if (cancel === document.activeElement) field.focus();
      item.remove();
      over.set(mark, { markdown, lead });
      settle(mark);
      if (underWay.size === 0 && save) {
        const send = save;
        save = null;
        if (!$(".error", list)) send();
      }
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status === 201 && response?.markdown) {
        if (field.value.includes(mark)) announce(say("script.editor.attached", { name }));
        end(response.markdown);
      } else {
        complain(name, response?.errors?.[0]?.message || response?.detail || say("script.editor.refused"));
        end("");
      }
    });
    request.addEventListener("error", () => {
      complain(name, say("script.editor.unreachable"));
      end("");
    });
    request.addEventListener("abort", () => end(""));
    cancel.addEventListener("click", () => request.abort());
    const body = new FormData();
    body.append("file", file, name);
    request.open("POST", `${base}/files`);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
    underWay.add(request);
    form.ariaBusy = "true";
    type(field, lead + mark);
  }

  function take(files) {
    for (const old of list.querySelectorAll(".error")) old.remove();
    for (const file of files) upload(file);
  }

  picker.type = "file";
  picker.multiple = true;
  picker.addEventListener("change", () => {
    take([...picker.files]);
    picker.value = "";
  });
  $(".attach", form)?.addEventListener("click", () => picker.click());

  // What is copied from a document or a sheet has text and a picture of it: then the text is meant.
  field.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (files.length === 0 || event.clipboardData.getData("text/plain") !== "") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take([...files]);
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    field.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      field.classList.toggle("dropping", name === "dragenter" || name === "dragover");
      if (name === "dragover") event.dataTransfer.dropEffect = "copy";
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }

  // A note that is saved meanwhile would keep the placeholders.
  form.addEventListener(
    "submit",
    (event) => {
      if (underWay.size === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save = () => form.requestSubmit(event.submitter);
      announce(say("script.editor.waiting"));
    },
    { capture: true },
  );

  return take;
}
