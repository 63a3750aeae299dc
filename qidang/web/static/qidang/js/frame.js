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
    const copier = event.target.closest("[data-copy]");
    if (copier) {
      navigator.clipboard.writeText(copier.dataset.copy).then(() => {
        copier.title = copier.dataset.copied;
        copier.classList.add("is-copied");
        setTimeout(() => copier.classList.remove("is-copied"), 1600);
      });
    }
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

  // Copying needs a secure address (https or this machine); elsewhere the button stays away.
  function offer() {
    if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  }
  document.addEventListener("htmx:after:swap", offer);
  offer();

  document.addEventListener("error", (event) => {
    if (event.target.matches?.("img[data-or-icon]")) event.target.remove();
  }, true);

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
