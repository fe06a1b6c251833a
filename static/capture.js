// The box above the notes is written in as the editor is: files that are pasted or dropped are uploaded, and titles and tags
// offered. What that takes is loaded once somebody turns to it.
const boxOf = (node) => node.closest?.("#capture");
const ready = new WeakMap(); // by form: the promise of what takes its files
const able = new WeakSet(); // of forms for which it is there

async function prepare(form) {
  const modules = [import("./attach.js"), import("./completion.js"), import("./paste.js"), import("./text.js")];
  const [{ attach }, { complete }, { pasting }, { grow }] = await Promise.all(modules);
  const field = form.elements.content;
  const take = attach(form, field);
  complete(field);
  pasting(field);
  grow(field);
  able.add(form);
  return take;
}

function prepared(form) {
  if (!ready.has(form)) ready.set(form, prepare(form));
  return ready.get(form);
}

// turn has a box made ready, which is tried again the next time where it fails.
const turn = (form) => form && prepared(form).catch(() => ready.delete(form));

function unreachable(form) {
  ready.delete(form);
  document.querySelector("#notices").replaceChildren(document.querySelector("#offline").content.cloneNode(true));
}

for (const name of ["focusin", "dragenter"]) document.addEventListener(name, ({ target }) => turn(boxOf(target)));
turn(boxOf(document.activeElement));

// Files may come before what takes them is there.
for (const [name, carrier] of Object.entries({ paste: "clipboardData", dragover: "dataTransfer", drop: "dataTransfer" })) {
  document.addEventListener(name, async (event) => {
    const form = boxOf(event.target);
    const data = event[carrier];
    if (!form || event.defaultPrevented || !data?.types.includes("Files")) return;
    if (name === "paste" && data.getData("text/plain") !== "") return; // which is meant then
    event.preventDefault();
    const files = [...data.files];
    if (name === "dragover") return;
    try {
      const take = await prepared(form);
      take(files);
    } catch {
      unreachable(form);
    }
  });
}

// The button does nothing until what takes files is there, and then what is pressed is pressed again.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("#capture .attach");
  if (!button || able.has(button.form)) return;
  try {
    await prepared(button.form);
    button.click();
  } catch {
    unreachable(button.form);
  }
});
