// The receiver's signature: drawn on the page, sent with the form as a picture; without script the receiver confirms.
(() => {
  const box = document.querySelector("[data-signature]");
  const field = document.getElementById("id_signature");
  if (!box || !field || !window.SignaturePad) return;
  const canvas = box.querySelector("canvas");
  const confirmed = document.getElementById("id_is_confirmed");
  box.hidden = false;
  const pad = new window.SignaturePad(canvas, { penColor: "#111" });

  // As many pixels as the screen has, at most two a point; what is drawn already is drawn again.
  function fit() {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const strokes = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(strokes);
  }

  pad.addEventListener("endStroke", () => {
    field.value = pad.toDataURL("image/png");
    if (confirmed) confirmed.checked = false;
  });
  box.querySelector("[data-clear]").addEventListener("click", () => {
    pad.clear();
    field.value = "";
  });
  field.value = "";
  window.addEventListener("resize", fit);
  fit();
})();
