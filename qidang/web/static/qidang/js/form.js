// 表单: money says itself in words while typing; a draft that is left is asked about.
(() => {
  let timer;

  async function say(field) {
    const place = document.getElementById(field.dataset.words);
    if (!place) return;
    const answer = await fetch(`/words/?amount=${encodeURIComponent(field.value)}`);
    if (answer.ok) place.textContent = await answer.text();
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    const form = field.closest("form[data-keep]");
    if (form) form.dataset.changed = "yes";
    if (!field.matches("[data-words]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => say(field), 200);
  });

  document.addEventListener("click", (event) => {
    const quick = event.target.closest("[data-fill]");
    if (quick) document.querySelector(quick.dataset.fill).value = quick.textContent.trim();
  });

  document.addEventListener("submit", (event) => delete event.target.dataset.changed);

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });
})();
