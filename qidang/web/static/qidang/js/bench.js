// 核对台: the evidence follows the field in focus; Enter registers, Esc goes back, arrows move between fields.
(() => {
  const form = document.querySelector("[data-bench-form]");
  if (!form) return;
  const fields = () => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")];

  function show(field) {
    const row = field.closest("[data-field]");
    if (!row?.dataset.page) return;
    const detail = { page: row.dataset.page, name: row.dataset.field };
    document.dispatchEvent(new CustomEvent("qidang:evidence", { detail }));
  }

  form.addEventListener("focusin", (event) => show(event.target));
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-evidence]");
    if (!link) return;
    event.preventDefault();
    const field = link.closest("[data-field]").querySelector("input, select, textarea");
    field.focus();
    show(field);
  });

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.target.matches("select, [type=radio]")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("textarea")) return;
    event.preventDefault();
    const all = fields();
    all[all.indexOf(event.target) + step]?.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    const back = document.querySelector("[data-back]");
    if (back) window.location.href = back.href;
  });

  const first = form.querySelector(".is-wrong input, .is-unsure input, .is-unsure select") || fields()[0];
  first?.focus({ preventScroll: true });
})();
