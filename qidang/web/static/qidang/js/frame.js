// The frame: folding the menu, popovers that close, dialogs that open, counts that come later.
(() => {
  const root = document.body;

  document.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold]");
    if (fold) {
      const folded = root.classList.toggle("is-folded");
      fold.setAttribute("aria-expanded", String(!folded));
      document.cookie = `menu=${folded ? "folded" : "open"};path=/;max-age=31536000;samesite=lax`;
    }
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (event.target.closest("[data-print]")) window.print();
    for (const pop of document.querySelectorAll("details.pop[open]")) {
      if (!pop.contains(event.target) || opener) pop.open = false;
    }
    if (event.target.tagName === "DIALOG") event.target.close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const pop = document.querySelector("details.pop[open]");
    if (pop) {
      pop.open = false;
      pop.querySelector("summary").focus();
    }
  });

  const places = document.querySelectorAll("[data-count]");
  if (places.length) {
    fetch("/counts/", { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then((counts) => {
        for (const place of places) {
          const count = counts[place.dataset.count] || 0;
          place.hidden = count === 0;
          place.textContent = count > 99 ? "99+" : String(count);
        }
      })
      .catch(() => {});
  }
})();
