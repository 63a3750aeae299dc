// 检索框: what the top bar offers while somebody types; the arrows choose, Enter opens, Esc shuts.
(() => {
  const box = document.getElementById("find");
  const list = document.getElementById("find-list");
  if (!box || !list) return;
  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(option) {
    for (const one of options()) one.setAttribute("aria-selected", String(one === option));
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function open(is) {
    const shown = is && options().length > 0 && box.closest("form").contains(document.activeElement);
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) choose(null);
  }

  // 清除: what was looked for last, without leaving the page.
  async function forget(option) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(option.dataset.forget, { method: "POST", body }).catch(() => null);
    if (!answer?.ok) return;
    list.replaceChildren();
    open(false);
  }

  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-forget]");
    if (!option) return;
    event.preventDefault();
    forget(option);
  });
  list.addEventListener("htmx:after:swap", () => open(true));
  document.addEventListener("htmx:after:swap", (event) => { if (event.detail?.ctx?.target === list) open(true); });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      event.preventDefault();
      open(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (step && all.length) {
      event.preventDefault();
      open(true);
      choose(all[(at + step + (at < 0 && step < 0 ? 1 : 0) + all.length) % all.length]);
    }
    if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      all[at].click();
    }
  });
  box.closest("form").addEventListener("focusout", (event) => {
    if (!box.closest("form").contains(event.relatedTarget)) open(false);
  });
})();
