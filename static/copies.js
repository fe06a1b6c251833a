// What the browser keeps of drafts until the server has them.
//
// A copy is { key, url, fields, typed }, by the key of the draft; typed is in milliseconds. Fields are pairs, and not
// one text: spelling out a long note as that of a request, and comparing such texts, would be felt while typing.
//
// A page that is put aside for the Back button is frozen as it is, and what it had begun in the database would keep all
// others waiting. So the database is made only when there is something to put into it, and nothing is left unfinished.

const patience = 3_000; // milliseconds, for the database
const rarest = 60_000; // between two copies of a tab that is at work
const database = `octavo ${document.documentElement.dataset.base}`;
let connection = null;

const opened = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "key" });
      request.transaction.commit();
    };
    request.onsuccess = () => {
      request.result.onclose = () => (connection = null);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    setTimeout(() => reject(new Error("the browser's database doesn't open")), patience);
  });

// copies runs act on the copies. The promise is kept when what act has changed is on the disk.
async function copies(mode, act) {
  try {
    connection ??= opened();
    const transaction = (await connection).transaction("drafts", mode, { durability: "strict" });
    const request = act(transaction.objectStore("drafts"));
    transaction.commit();
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } catch (error) {
    connection = null; // the next one tries anew
    throw error;
  }
}

addEventListener("pagehide", () => {
  connection?.then((open) => open.close(), () => {});
  connection = null;
});

// hasCopies reports whether there may be any.
async function hasCopies() {
  const all = await indexedDB.databases?.();
  return !all || all.some(({ name }) => name === database);
}

export const keepCopy = (copy) => copies("readwrite", (store) => store.put(copy));

// removeCopy removes the copy with a key.
export async function removeCopy(key) {
  if (await hasCopies()) await copies("readwrite", (store) => store.delete(key)).catch(() => {});
}

export const removeCopies = () => copies("readwrite", (store) => store.clear()).catch(() => {});

export const allCopies = async () => ((await hasCopies()) ? copies("readonly", (store) => store.getAll()) : []);

// A tab holds the lock of a draft that it has a copy of, so that no other one takes it for left behind.
const lockOf = (url) => `octavo draft ${url}`;

// lock holds the lock of a draft, and returns what gives it up.
export function lock(url) {
  if (!navigator.locks) return () => {};
  let release;
  const held = new Promise((resolve) => (release = resolve));
  navigator.locks.request(lockOf(url), () => held).catch(() => {});
  return release;
}

// leftBehind runs act on a copy unless a tab is at work on it.
export function leftBehind(copy, act) {
  if (navigator.locks) return navigator.locks.request(lockOf(copy.url), { ifAvailable: true }, (lock) => lock && act());
  return Date.now() - copy.typed > rarest ? act() : null;
}
