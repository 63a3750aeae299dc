// 上传: each file by tus in pieces of 4 MB, three at a time, going on by itself after a broken line.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form || !window.tus) return;
  const labels = JSON.parse(form.dataset.labels);
  const box = form.querySelector("[data-progress]");
  const list = form.querySelector("[data-files]");
  const bar = form.querySelector("[data-progress-all]");
  const words = form.querySelector("[data-progress-words]");
  const page = form.querySelector("[data-progress-page]");
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const queue = [];
  let batch = null;
  let running = 0;
  let total = 0;
  let sent = 0;
  let done = 0;
  let refused = 0;

  for (const part of form.querySelectorAll("[data-script-only]")) part.hidden = false;
  form.querySelector("[data-plain-send]").hidden = true;

  async function opened() {
    if (!batch) {
      const body = new FormData(form);
      body.delete("files");
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(await answer.text());
      batch = await answer.json();
      page.href = batch.page;
      page.hidden = false;
    }
    return batch;
  }

  function told() {
    words.textContent = `${done} / ${done + refused + queue.length + running}`;
    bar.value = total ? sent / total : 0;
    if (!queue.length && !running && done && !refused) window.location.href = batch.page;
  }

  function line(file, name) {
    const item = document.createElement("li");
    const title = document.createElement("span");
    title.className = "file-title";
    title.textContent = name;
    const meter = document.createElement("progress");
    meter.max = Math.max(file.size, 1);
    meter.value = 0;
    const state = document.createElement("span");
    state.className = "file-state";
    state.textContent = labels.waiting;
    item.append(title, meter, state);
    list.append(item);
    return { item, meter, state };
  }

  function send(job) {
    running += 1;
    let before = 0;
    const upload = new window.tus.Upload(job.file, {
      endpoint: form.dataset.tus,
      chunkSize: 4 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
      metadata: { filename: job.file.name, path: job.name, batch: batch.batch },
      headers: { "X-CSRFToken": csrf },
      removeFingerprintOnSuccess: true,
      onShouldRetry(error) {
        const status = error.originalResponse?.getStatus() || 0;
        job.line.state.textContent = labels.broken;
        return status === 0 || status === 409 || status === 423 || status >= 500 && status !== 507;
      },
      onProgress(bytes) {
        job.line.meter.value = bytes;
        job.line.state.textContent = `${Math.floor((100 * bytes) / Math.max(job.file.size, 1))}%`;
        sent += bytes - before;
        before = bytes;
        told();
      },
      onSuccess() {
        job.line.item.classList.add("is-kept");
        job.line.state.textContent = labels.kept;
        done += 1;
        next();
      },
      onError(error) {
        job.line.item.classList.add("is-refused");
        job.line.state.textContent = error.originalResponse?.getBody() || labels.refused;
        refused += 1;
        next();
      },
    });
    upload.findPreviousUploads().then((earlier) => {
      const same = earlier.find((one) => one.metadata.batch === batch.batch);
      if (same) upload.resumeFromPreviousUpload(same);
      upload.start();
    });
  }

  function next() {
    running = Math.max(0, running - 1);
    fill();
    told();
  }

  function fill() {
    while (queue.length && running < 3) send(queue.shift());
  }

  async function take(files) {
    if (!files.length) return;
    box.hidden = false;
    for (const [file, name] of files) {
      total += file.size;
      queue.push({ file, name, line: line(file, name) });
    }
    try {
      await opened();
    } catch {
      words.textContent = labels.refused;
      return;
    }
    fill();
    told();
  }

  const named = (files) => [...files].map((file) => [file, file.webkitRelativePath || file.name]);

  async function walk(entry, path, found) {
    if (entry.isFile) {
      const file = await new Promise((yes, no) => { entry.file(yes, no); });
      found.push([file, path + file.name]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((yes, no) => { reader.readEntries(yes, no); });
      if (!some.length) return;
      for (const one of some) await walk(one, `${path}${entry.name}/`, found);
    }
  }

  form.addEventListener("change", (event) => {
    if (!event.target.matches("input[type=file]")) return;
    take(named(event.target.files));
    event.target.value = "";
  });
  const drop = form.querySelector("[data-drop]");
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = [];
    for (const entry of entries) await walk(entry, "", found);
    take(found.length ? found : named(event.dataTransfer.files));
  });
})();
