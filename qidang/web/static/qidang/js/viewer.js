// 阅览: turning pages without losing what stands beside, zoom, turn, and the way from a field to its evidence.
(() => {
  const states = new WeakMap();
  const places = () => [...document.querySelectorAll(".viewer-place")];
  const stateOf = (place) => {
    if (!states.has(place)) states.set(place, { zoom: 1, turn: 0, asked: 0 });
    return states.get(place);
  };
  const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

  function apply(place) {
    const frame = place.querySelector(".viewer-frame");
    if (!frame) return;
    const page = frame.querySelector(".viewer-page");
    const image = page.querySelector("img");
    const { zoom, turn } = stateOf(place);
    for (const style of [frame.style, page.style]) style.cssText = "";
    if (zoom === 1 && !turn) return;
    const ratio = image.getAttribute("height") / image.getAttribute("width");
    const fit = Math.min(900, frame.parentElement.clientWidth - 20);
    const lies = turn % 180 === 90;
    const width = Math.round((lies ? fit / ratio : fit) * zoom);
    const height = Math.round(width * ratio);
    const [x, y] = { 0: [0, 0], 90: [height, 0], 180: [width, height], 270: [0, width] }[turn];
    frame.style.maxWidth = "none";
    frame.style.width = `${lies ? height : width}px`;
    frame.style.height = `${lies ? width : height}px`;
    page.style.width = `${width}px`;
    page.style.transform = `translate(${x}px, ${y}px) rotate(${turn}deg)`;
    if (zoom > 1.3 && !image.src.includes("size=l")) image.src = `${image.src.split("?")[0]}?size=l`;
  }

  // Only the paper scrolls, never the page around it.
  function bring(one, body) {
    const [inner, outer] = [one.getBoundingClientRect(), body.getBoundingClientRect()];
    body.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
    if (inner.left < outer.left || inner.right > outer.right) body.scrollLeft += inner.left - outer.left - 40;
  }

  function mark(place, name) {
    let first = null;
    for (const one of place.querySelectorAll("[data-mark]")) {
      const here = one.dataset.mark === name;
      one.classList.toggle("is-here", here && name !== "hit");
      if (here && !first) first = one;
    }
    if (first) bring(first, place.querySelector(".viewer-body"));
  }

  // The next page is drawn while this one is read.
  function ahead(place, image) {
    const number = Number(place.querySelector("[data-viewer]").dataset.page);
    if (place.querySelector("[rel=next]")) new Image().src = image.src.replace(/pages\/\d+\//, `pages/${number + 1}/`);
  }

  function fitted(place) {
    for (const tool of place.querySelectorAll(".viewer-tools button")) tool.hidden = false;
    const image = place.querySelector(".viewer-page img");
    const broken = () => {
      place.querySelector(".viewer-frame").hidden = true;
      place.querySelector(".viewer-broken").hidden = false;
    };
    if (image?.complete && image.naturalWidth === 0 && image.src) broken();
    image?.addEventListener("error", broken);
    image?.addEventListener("load", () => ahead(place, image), { once: true });
    if (image?.complete && image.naturalWidth) ahead(place, image);
    apply(place);
    const shown = place.querySelector("[data-viewer]");
    for (const thumb of shown && place.id === "viewer" ? document.querySelectorAll(".thumbs a") : []) {
      const here = thumb.dataset.number === shown.dataset.page;
      if (here) {
        thumb.setAttribute("aria-current", "page");
        const [inner, outer] = [thumb.getBoundingClientRect(), thumb.parentElement.getBoundingClientRect()];
        if (inner.top < outer.top || inner.bottom > outer.bottom) thumb.parentElement.scrollTop += inner.top - outer.top - 40;
      } else thumb.removeAttribute("aria-current");
    }
  }

  async function show(place, address, name) {
    const state = stateOf(place);
    const asked = (state.asked += 1);
    place.classList.add("is-loading");
    const answer = await fetch(address, { headers: { "HX-Request": "true", "Qidang-Part": place.id } }).catch(() => null);
    if (asked !== state.asked) return;
    place.classList.remove("is-loading");
    if (!answer?.ok || answer.redirected) {
      window.location.href = address;
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-viewer]");
    if (!fresh || asked !== state.asked) return;
    place.replaceChildren(fresh);
    window.history.replaceState(null, "", address);
    fitted(place);
    mark(place, name || place.dataset.markFirst || "");
  }

  document.addEventListener("click", (event) => {
    const place = event.target.closest(".viewer-place");
    const turned = event.target.closest("[data-turn-page]");
    if (turned && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      show(place || document.getElementById("viewer"), new URL(turned.href));
      return;
    }
    const zoom = event.target.closest("[data-zoom]");
    const turn = event.target.closest("[data-turn]");
    if (!place || (!zoom && !turn)) return;
    const state = stateOf(place);
    if (zoom) state.zoom = Math.min(3, Math.max(0.5, state.zoom * (zoom.dataset.zoom === "+" ? 1.25 : 0.8)));
    if (Math.abs(state.zoom - 1) < 0.05) state.zoom = 1;
    if (turn) state.turn = (state.turn + 90) % 360;
    apply(place);
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const wanted = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]", "+": "[data-zoom='+']", "-": "[data-zoom='-']", r: "[data-turn]" };
    const button = wanted[event.key] && document.querySelector(`#viewer .viewer-bar ${wanted[event.key]}`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Asked before anything else on the page shuts what Esc is meant for.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (document.querySelector("dialog[open], details.pop[open], #find[aria-expanded=true]")) return;
    if (event.target.matches?.("input[type=search]") && event.target.value) return;
    const leave = document.querySelector("[data-leave]");
    if (leave) window.location.href = leave.href;
  }, true);

  document.addEventListener("qidang:evidence", (event) => {
    const { page, name } = event.detail;
    const place = document.getElementById("viewer");
    const shown = place?.querySelector("[data-viewer]");
    if (!shown) return;
    if (String(page) === shown.dataset.page) {
      stateOf(place).asked += 1;
      mark(place, name);
      return;
    }
    const address = new URL(window.location.href);
    address.searchParams.set("page", page);
    show(place, address, name);
  });

  window.addEventListener("resize", () => places().forEach(apply));
  for (const place of places()) {
    fitted(place);
    if (place.dataset.markFirst) mark(place, place.dataset.markFirst);
  }
})();
