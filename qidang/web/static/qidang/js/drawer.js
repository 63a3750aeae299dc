// 抽屉: a click on a row shows it at the right; Ctrl-click opens its page. On a phone the page opens at once.
(() => {
  const drawer = document.getElementById("drawer");
  const body = document.getElementById("drawer-body");
  let asked = 0; // only the row that was asked for last is shown
  const narrow = window.matchMedia("(max-width: 767px)");
  if (!drawer) return;

  function show(row) {
    for (const other of document.querySelectorAll("tr.is-here")) other.classList.remove("is-here");
    row.classList.add("is-here");
    row.scrollIntoView({ block: "nearest" });
  }

  const page = (row) => row.dataset.href || row.querySelector(".first a").href;

  async function open(row) {
    show(row);
    if (narrow.matches || row.dataset.glance === undefined) {
      window.location.href = page(row);
      return;
    }
    const mine = (asked += 1);
    const slow = setTimeout(() => {
      body.replaceChildren();
      body.classList.add("skeleton");
      if (!drawer.open) drawer.show();
    }, 200);
    const answer = await fetch(row.dataset.glance || `${page(row)}glance/`, { headers: { "HX-Request": "true" } }).catch(() => null);
    clearTimeout(slow);
    if (mine !== asked) return;
    body.classList.remove("skeleton");
    if (!answer || answer.redirected || !answer.ok) {
      window.location.href = page(row);
      return;
    }
    body.innerHTML = await answer.text();
    if (window.htmx) window.htmx.process(drawer);
    if (!drawer.open) drawer.show();
  }

  function shut() {
    asked += 1;
    drawer.close();
    for (const row of document.querySelectorAll("tr.is-here")) row.classList.remove("is-here");
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-shut]")) return shut();
    const row = event.target.closest("tr[data-href], tr[data-glance]");
    if (!row || event.defaultPrevented || event.button !== 0) return undefined;
    const link = event.target.closest("a");
    if (link && !link.closest(".first, .title")) return undefined;
    if (event.target.closest("input, button, label, select, summary, .pick")) return undefined;
    if (String(window.getSelection())) return undefined;
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      if (!link) window.open(page(row), "_blank", "noopener");
      return undefined;
    }
    event.preventDefault();
    return open(row);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.open && !document.querySelector("details.pop[open]")) shut();
  });

  document.addEventListener("qidang:open", (event) => open(event.target));
  document.addEventListener("qidang:here", (event) => (drawer.open ? open(event.target) : show(event.target)));
})();
