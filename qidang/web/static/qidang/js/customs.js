// 自定义字段: the fields of another type of contract are folded away while they are empty.
(() => {
  const type = document.querySelector("#id_contract_type");
  const sections = [...document.querySelectorAll("[data-for-type]")];
  if (!type || !sections.length) return;
  const isFilled = (section) => [...section.querySelectorAll("input, select, textarea")].some((one) => one.value);
  const fold = () => {
    for (const one of sections) one.hidden = one.dataset.forType !== type.value && !isFilled(one);
  };
  type.addEventListener("change", fold);
  fold();
})();
