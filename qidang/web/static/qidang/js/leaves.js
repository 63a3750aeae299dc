// 整理页面: keys and dragging for what the buttons do; without script the buttons do it all.
(() => {
  const form = () => document.querySelector("form[data-leaves]");
  if (!form()) return;
  const picks = () => [...form().querySelectorAll(".leaf > input")];
  const press = (act) => form().querySelector(`button[value="${act}"]`)?.click();
  const KEYS = { l: "left", r: "right", s: "part", Delete: "remove", Backspace: "remove" };

  // What is done without a choice is done to the page in focus.
  function choose(pick) {
    if (!picks().some((one) => one.checked)) pick.checked = true;
  }

  function step(pick, by) {
    const all = picks();
    all[Math.min(Math.max(all.indexOf(pick) + by, 0), all.length - 1)].focus();
  }

  function across(pick) {
    const top = pick.closest(".leaf").offsetTop;
    return [...pick.closest(".leaves").children].filter((one) => one.offsetTop === top).length;
  }

  document.addEventListener("keydown", (event) => {
    const pick = event.target;
    if (!pick.matches?.(".leaf > input") || event.ctrlKey || event.metaKey) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across(pick), ArrowUp: -across(pick) };
    const act = event.altKey ? { ArrowLeft: "earlier", ArrowRight: "later" }[event.key] : KEYS[event.key];
    if (act) {
      choose(pick);
      press(act);
    } else if (moves[event.key] && !event.altKey) {
      step(pick, moves[event.key]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);

  let carried = null;
  document.addEventListener("dragstart", (event) => {
    carried = event.target.closest?.(".leaf");
    event.dataTransfer?.setData("text/plain", carried?.dataset.place ?? "");
  });
  document.addEventListener("dragover", (event) => {
    const leaf = event.target.closest?.(".leaf");
    for (const one of document.querySelectorAll(".leaf.is-target")) one.classList.toggle("is-target", one === leaf);
    if (!carried || !leaf) return;
    leaf.classList.add("is-target");
    event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const leaf = event.target.closest?.(".leaf");
    if (!carried || !leaf) return;
    event.preventDefault();
    const pick = carried.querySelector("input");
    if (!pick.checked) for (const one of picks()) one.checked = one === pick;
    carried = null;
    form().elements.to.value = Number(leaf.dataset.place) + 1;
    press("move");
  });
  document.addEventListener("dragend", () => {
    carried = null;
    for (const one of document.querySelectorAll(".leaf.is-target")) one.classList.remove("is-target");
  });

  // What came anew says what is chosen.
  document.addEventListener("htmx:after:swap", () => {
    for (const pick of picks()) pick.checked = pick.hasAttribute("checked");
  });
})();
