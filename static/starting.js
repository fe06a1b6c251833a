// The page of a start: what was asked for is opened once the app is there. Somebody who reads the page isn't interrupted before.
"use strict";

(() => {
  const { ready } = document.currentScript.dataset;
  document.querySelector(".scripted").hidden = false;
  setInterval(async () => {
    const { ok } = await fetch(ready).catch(() => ({}));
    if (ok) location.replace(location.pathname + location.search);
  }, 2000);
})();
