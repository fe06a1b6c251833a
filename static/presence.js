// Says every few seconds that the editor is open, and shows who else has it open. Times are in milliseconds.
const pause = 5_000;

export function meet(place) {
  const tell = async () => {
    try {
      const { ok, status, json } = await ask(place.dataset.url);
      if (ok && place.textContent !== json.text) place.textContent = json.text;
      if ([401, 403, 404].includes(status)) {
        place.textContent = ""; // and nothing more to be said
        return;
      }
    } catch {} // the next time it may be heard
    setTimeout(tell, pause);
  };
  tell();
}

async function ask(url) {
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(pause),
  });
  const { ok, status } = response;
  return { ok, status, json: ok ? await response.json() : null };
}
