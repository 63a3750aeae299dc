// 核对台: the evidence follows the field in focus; Enter registers, arrows move between fields.
(() => {
  const form = document.querySelector("[data-bench-form]");
  if (!form) return;
  const button = document.querySelector(`button[form="${form.id}"]`);
  const fields = () => [...form.querySelectorAll("input:not([type=hidden], [type=radio]), input:checked, select, textarea")];

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

  // An input hands Enter to the form by itself; a list does not, nor does the page beside.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !button) return;
    const field = event.target;
    const ours = field.matches(".bench-fields select, body, main, .viewer-body");
    if (!ours && !(event.ctrlKey && field.matches(".bench-fields textarea"))) return;
    event.preventDefault();
    form.requestSubmit(button);
  });

  form.addEventListener("submit", () => {
    if (button) setTimeout(() => { button.disabled = true; });
  });
  window.addEventListener("pageshow", () => { if (button) button.disabled = false; });

  const first = document.getElementById("password") || form.querySelector(".is-wrong :is(input, select), .is-unsure :is(input, select)") || fields()[0];
  const quiet = new URLSearchParams(window.location.search).has("q") || window.matchMedia("(max-width: 1023px)").matches;
  if (!quiet) first?.focus({ preventScroll: false });
})();
