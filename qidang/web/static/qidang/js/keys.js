// 键盘: / search, g c register, g t to-dos, j k move, x choose, o open, ? help.
(() => {
  let waiting = 0;
  const goes = { c: "/contracts/", t: "/#todo", h: "/" };

  const rows = () => [...document.querySelectorAll(".rows tbody :is(tr[data-href], tr[data-glance])")];
  const here = () => document.querySelector(".rows tbody tr.is-here");

  function move(step) {
    const all = rows();
    const at = all.indexOf(here());
    const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (next) next.dispatchEvent(new CustomEvent("qidang:here", { bubbles: true }));
  }

  function open() {
    const row = here();
    if (!row) return;
    const drawer = document.getElementById("drawer");
    if (drawer.open) drawer.querySelector("a")?.click();
    else row.dispatchEvent(new CustomEvent("qidang:open", { bubbles: true }));
  }

  const acts = {
    "/": () => document.getElementById("find")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    g: () => { waiting = Date.now(); },
    j: () => move(1),
    k: () => move(-1),
    x: () => here()?.querySelector(".pick input")?.click(),
    o: open,
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open].keys")) return;
    if (waiting && Date.now() - waiting < 1200 && goes[event.key]) {
      waiting = 0;
      window.location.href = goes[event.key];
      return;
    }
    waiting = 0;
    if (acts[event.key]) {
      event.preventDefault();
      acts[event.key]();
    }
  });
})();
