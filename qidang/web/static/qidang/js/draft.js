// 草稿: what is typed into a form outlives a closed tab, in this browser only; passwords, files and sealed values never.
(() => {
  const person = document.body.dataset.person;
  const PREFIX = `qidang:draft:${person}:`;
  const SENT = "qidang:sent";
  const DAYS = 7;
  const form = document.querySelector("form[data-draft]");
  let store;
  try {
    store = window.localStorage;
    store.setItem("qidang:probe", "1");
    store.removeItem("qidang:probe");
  } catch {
    return; // no place to keep anything: the form still asks before it is left
  }
  if (!person) return;

  function read(key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch {
      return null;
    }
  }

  for (const key of Object.keys(store).filter((one) => one.startsWith("qidang:draft:"))) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > DAYS * 86400000) store.removeItem(key);
  }

  // The page after a sent form: with a word of success the draft has served; without, the page holds what was typed.
  const sent = window.sessionStorage.getItem(SENT);
  window.sessionStorage.removeItem(SENT);
  if (sent && document.querySelector("#notices .notice-success")) store.removeItem(sent);
  if (!form) return;

  const key = PREFIX + form.dataset.draft;
  const offer = document.querySelector("[data-draft-offer]");
  const kept = (field) => field.name && field.name !== "csrfmiddlewaretoken" && !field.matches("[type=file], [type=password], [data-sealed], button");
  const ticked = (field) => field.matches("[type=checkbox], [type=radio]");

  function typed() {
    const values = {};
    for (const field of form.elements) {
      if (!kept(field)) continue;
      if (!ticked(field)) values[field.name] = field.value;
      else if (field.checked) values[field.name] = field.value || "on";
    }
    return values;
  }

  const same = (one, other) => Object.keys({ ...one, ...other }).every((name) => (one[name] ?? "") === (other[name] ?? ""));
  const before = typed();
  const isPristine = sent !== key; // otherwise the page came back with what was typed
  let timer;

  function keep() {
    clearTimeout(timer);
    timer = null;
    const values = typed();
    try {
      if (isPristine && same(values, before)) store.removeItem(key);
      else store.setItem(key, JSON.stringify({ at: Date.now(), values }));
    } catch {
      // full: the form still asks before it is left
    }
  }

  function restore(values) {
    for (const [name, value] of Object.entries(values)) {
      if (!name.endsWith("-TOTAL_FORMS")) continue;
      const detail = { kind: name.replace("-TOTAL_FORMS", ""), total: Math.min(Number(value), 400) };
      document.dispatchEvent(new CustomEvent("qidang:rows", { detail }));
    }
    for (const field of form.elements) {
      if (!kept(field) || field.name.endsWith("-TOTAL_FORMS")) continue;
      if (ticked(field)) field.checked = values[field.name] === (field.value || "on");
      else if (field.name in values) field.value = values[field.name];
    }
    document.dispatchEvent(new CustomEvent("qidang:restored"));
    for (const field of form.querySelectorAll("[data-words]")) field.dispatchEvent(new Event("input", { bubbles: true }));
    keep();
  }

  delete form.dataset.keep;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  });
  form.addEventListener("submit", () => {
    keep();
    window.sessionStorage.setItem(SENT, key);
  });
  window.addEventListener("pagehide", () => { if (timer) keep(); });

  const draft = read(key);
  if (!draft || !offer || !isPristine || same(draft.values, before)) return;
  const when = new Date(draft.at - new Date(draft.at).getTimezoneOffset() * 60000).toISOString();
  offer.querySelector("time").textContent = when.slice(0, 16).replace("T", " ");
  offer.hidden = false;
  offer.addEventListener("click", (event) => {
    if (event.target.closest("[data-draft-take]")) restore(draft.values);
    else if (event.target.closest("[data-draft-drop]")) store.removeItem(key);
    else return;
    offer.hidden = true;
    form.querySelector("input:not([type=hidden], [type=file]), select")?.focus();
  });
})();
