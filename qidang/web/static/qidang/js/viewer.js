// 阅览: zoom, turn, and the way from a field to its evidence.
(() => {
  const viewer = () => document.querySelector("[data-viewer]");
  const state = { zoom: 1, turn: 0 };

  function apply() {
    const page = viewer()?.querySelector(".viewer-page");
    if (!page) return;
    page.style.maxWidth = `${Math.round(900 * state.zoom)}px`;
    page.style.width = state.zoom > 1 ? `${Math.round(100 * state.zoom)}%` : "";
    page.style.transform = state.turn ? `rotate(${state.turn}deg)` : "";
  }

  function mark(name) {
    const root = viewer();
    if (!root) return false;
    let first = null;
    for (const one of root.querySelectorAll("[data-mark]")) {
      const here = one.dataset.mark === name;
      one.classList.toggle("is-here", here);
      if (here && !first) first = one;
    }
    first?.scrollIntoView({ block: "center", inline: "nearest" });
    return Boolean(first);
  }

  function unhide() {
    for (const tool of document.querySelectorAll(".viewer-tools button")) tool.hidden = false;
    const named = document.querySelector("[data-mark-first]")?.dataset.markFirst;
    if (named) mark(named);
  }

  document.addEventListener("click", (event) => {
    const zoom = event.target.closest("[data-zoom]");
    if (zoom) state.zoom = Math.min(3, Math.max(0.5, state.zoom * (zoom.dataset.zoom === "+" ? 1.25 : 0.8)));
    const turn = event.target.closest("[data-turn]");
    if (turn) state.turn = (state.turn + 90) % 360;
    if (zoom || turn) apply();
  });

  document.addEventListener("qidang:evidence", async (event) => {
    const { page, name } = event.detail;
    const root = viewer();
    if (!root || !name) return;
    if (String(page) !== root.dataset.page) {
      const address = new URL(window.location.href);
      address.searchParams.set("page", page);
      const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": "viewer" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-viewer]");
      if (!fresh) return;
      root.replaceWith(fresh);
      window.history.replaceState(null, "", address);
      unhide();
      apply();
    }
    mark(name);
  });

  unhide();
})();
