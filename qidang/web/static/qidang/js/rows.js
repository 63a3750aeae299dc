// 表单中的行: adding and taking out, the product of quantity and price, and sums as a hint beside the contract's amount.
(() => {
  const sets = [...document.querySelectorAll("[data-rows]")];
  if (!sets.length) return;
  const total = (set) => set.querySelector(`[name=${set.dataset.rows}-TOTAL_FORMS]`);
  const rows = (set) => [...set.querySelectorAll("[data-row]:not([hidden])")];
  const box = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const isUsed = (row) => [...row.querySelectorAll("input:not([type=hidden], [type=checkbox])")].some((field) => field.value);
  const scales = { 万: 6, 万元: 6, 亿: 10, 亿元: 10, 元: 2, "": 2 };

  // The value of what is typed, in whole units of 10 to the minus ``places``; null where it is no number.
  function exact(text, places) {
    const parts = /^(-?)[¥￥]?\s*([\d,]*)(?:\.(\d*))?\s*(万元|亿元|万|亿|元)?$/.exec(text.trim());
    if (!parts || !(parts[2] || parts[3])) return null;
    const scale = scales[parts[4] || ""] - 2 + places;
    const rest = (parts[3] || "").padEnd(scale, "0");
    if (rest.length > scale && /[1-9]/.test(rest.slice(scale))) return null;
    const value = BigInt(parts[2].replaceAll(",", "") + rest.slice(0, scale) || "0");
    return parts[1] ? -value : value;
  }

  function written(cents) {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${cents < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
  }

  function add(set) {
    const number = Number(total(set).value);
    const made = document.createElement("template");
    made.innerHTML = set.querySelector("[data-row-blank]").innerHTML.replaceAll("__prefix__", number);
    set.querySelector("[data-row-place]").append(made.content);
    total(set).value = number + 1;
    return rows(set).at(-1);
  }

  function multiply(row) {
    const [quantity, price, amount] = ["quantity", "unit_price", "amount"].map((name) => box(row, name));
    if (!quantity || (amount.value && amount.dataset.worked !== amount.value)) return;
    const [many, each] = [exact(quantity.value, 4), exact(price.value, 6)];
    if (many === null || each === null) return;
    const product = many * each;
    const half = product < 0n ? -(5n * 10n ** 7n) : 5n * 10n ** 7n;
    amount.value = written((product + half) / 10n ** 8n);
    amount.dataset.worked = amount.value;
  }

  function shares(set) {
    const texts = rows(set).map((row) => box(row, "percent")?.value.trim()).filter(Boolean);
    const values = texts.map((text) => {
      const value = Number(text.replace(/[%％]$/, ""));
      return Number.isFinite(value) ? value * (value < 1 && !/[%％]$/.test(text) ? 100 : 1) : 0;
    });
    return texts.length ? Math.round(values.reduce((one, other) => one + other, 0) * 10000) / 10000 : null;
  }

  // What the amounts of a set come to, and how far that is from the contract's; null where one cannot be read.
  function summed(set) {
    const used = rows(set).filter(isUsed);
    const typed = used.map((row) => box(row, "amount")?.value || "").filter((text) => text.trim());
    const amounts = typed.map((text) => exact(text, 2));
    if (!amounts.length || amounts.includes(null)) return null;
    const sum = amounts.reduce((one, other) => one + other, 0n);
    const whole = exact(document.getElementById("id_amount")?.value || "", 2);
    return { sum, gap: whole === null || typed.length < used.length ? null : sum - whole };
  }

  function tell(set) {
    const place = set.querySelector("[data-sums]");
    const [found, share] = [summed(set), shares(set)];
    const words = [];
    if (found) {
      const kind = found.gap === null ? "one" : found.gap === 0n ? "same" : "gap";
      words.push(place.dataset[kind].replace("{sum}", written(found.sum)).replace("{gap}", written(found.gap || 0n)));
    }
    if (share !== null) words.push(place.dataset.share.replace("{sum}", share));
    place.textContent = words.join(" · ");
    place.classList.toggle("is-off", Boolean(found?.gap) || (share !== null && share !== 100));
  }

  document.addEventListener("click", (event) => {
    const set = event.target.closest("[data-rows]");
    if (!set) return;
    if (event.target.closest("[data-row-add]")) {
      [...add(set).querySelectorAll("input:not([type=hidden]), select")][0].focus();
    }
    const drop = event.target.closest("[data-row-drop]");
    if (!drop) return;
    const row = drop.closest("[data-row]");
    box(row, "DELETE").checked = true;
    row.hidden = true;
    box(row, "DELETE").dispatchEvent(new Event("input", { bubbles: true }));
    set.querySelector("[data-row-add]").focus();
  });

  document.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && /-(quantity|unit_price)$/.test(event.target.name)) multiply(row);
    const set = event.target.closest("[data-rows]");
    if (set) tell(set);
    if (event.target.id === "id_amount") sets.forEach(tell);
  });

  // What a draft kept may hold more rows than the page came with, and some that were taken out.
  document.addEventListener("qidang:rows", (event) => {
    const set = sets.find((one) => one.dataset.rows === event.detail.kind);
    while (set && Number(total(set).value) < event.detail.total) add(set);
  });
  document.addEventListener("qidang:restored", () => {
    for (const set of sets) {
      for (const row of set.querySelectorAll("[data-row]")) row.hidden = box(row, "DELETE").checked;
      if (rows(set).some(isUsed)) set.open = true;
      tell(set);
    }
  });

  for (const set of sets) {
    for (const row of rows(set)) row.hidden = box(row, "DELETE").checked;
    tell(set);
  }
})();
