// 列表: choosing rows, and the totals of what is chosen. Amounts are summed in cents, never as floats.
(() => {
  const picks = () => [...document.querySelectorAll(".rows tbody .pick input")];

  function cents(text) {
    const [whole, part = ""] = text.split(".");
    return BigInt(whole + part.padEnd(2, "0"));
  }

  function written(sum) {
    const sign = sum < 0n ? "-" : "";
    const digits = String(sum < 0n ? -sum : sum).padStart(3, "0");
    const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${sign}${whole}.${digits.slice(-2)}`;
  }

  function retotal() {
    const chosen = picks().filter((pick) => pick.checked);
    const sums = new Map();
    for (const pick of chosen) {
      const { amount, currency } = pick.closest("tr").dataset;
      if (amount) sums.set(currency, (sums.get(currency) || 0n) + cents(amount));
    }
    const words = [...sums].map(([currency, sum]) => `${currency} ${written(sum)}`).join(" · ");
    for (const place of document.querySelectorAll("[data-picked]")) {
      place.hidden = chosen.length === 0;
      place.querySelector("[data-picked-count]").textContent = chosen.length;
      const totals = place.querySelector("[data-picked-totals]");
      if (totals) totals.textContent = words;
    }
    const all = document.querySelector(".rows thead .pick input");
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === picks().length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
  }

  document.addEventListener("change", (event) => {
    if (!event.target.closest(".rows .pick")) return;
    if (event.target.closest("thead")) for (const pick of picks()) pick.checked = event.target.checked;
    retotal();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-unpick]")) return;
    for (const pick of picks()) pick.checked = false;
    retotal();
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form && event.target.matches("select, input[type=date], input[type=checkbox]")) form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-auto]")) return;
    for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
  });

  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-auto] [disabled]")) field.disabled = false;
    retotal();
  });

  document.addEventListener("htmx:after:swap", () => retotal());
})();
