// 上传: each file by tus in pieces of 4 MB, three at a time, going on by itself after a broken line.
(() => {
  const form = document.querySelector("[data-upload]");
  if (!form || !window.tus) return;
  const labels = JSON.parse(form.dataset.labels);
  const place = (name) => form.querySelector(`[data-${name}]`);
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const queue = [];
  const count = { all: 0, done: 0, refused: 0, skipped: 0, running: 0, bytes: 0, sent: 0 };
  let batch = null;

  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name]);

  function named(page) {
    place("progress-page").href = page;
    place("progress-page").hidden = false;
  }

  // A batch is opened once, by the first file that has none to go on with.
  function opened() {
    batch ||= (async () => {
      const body = new FormData(form);
      body.delete("files");
      const answer = await fetch(window.location.pathname, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.redirected ? labels.signed_out : labels.refused);
      const made = await answer.json();
      named(made.page);
      return made;
    })();
    return batch;
  }

  function told() {
    const words = [filled(labels.done, { done: count.done, all: count.all })];
    if (count.skipped) words.push(filled(labels.skipped, { n: count.skipped }));
    if (count.refused) words.push(filled(labels.failed, { n: count.refused }));
    place("progress-words").textContent = words.join(" · ");
    place("progress-all").value = count.bytes ? count.sent / count.bytes : 0;
    const over = !queue.length && !count.running;
    if (over && count.done && !count.refused) window.location.href = place("progress-page").href;
  }

  function line(file, name) {
    const item = document.createElement("li");
    const title = document.createElement("span");
    title.className = "file-title";
    title.textContent = title.title = name;
    const meter = document.createElement("progress");
    meter.max = Math.max(file.size, 1);
    meter.value = 0;
    meter.setAttribute("aria-label", name);
    const state = document.createElement("span");
    state.className = "file-state";
    state.textContent = labels.waiting;
    item.append(title, meter, state);
    place("files").append(item);
    return { item, meter, state };
  }

  // How a file ended: kept, refused, or skipped as one that says nothing.
  function ended(job, how, words) {
    job.line.item.classList.add(`is-${how}`);
    job.line.state.textContent = words;
    if (how === "refused") place("files").prepend(job.line.item);
    if (how === "skipped") count.all -= 1;
    count[how === "kept" ? "done" : how] += 1;
    count.running -= 1;
    fill();
    told();
  }

  function outcome(error) {
    const code = error.originalResponse?.getHeader("Qidang-Code");
    return code === "intake.litter" || code === "intake.empty_file" ? "skipped" : "refused";
  }

  function reason(error) {
    const answer = error.originalResponse;
    if (answer?.getStatus() === 401) return labels.signed_out;
    const words = answer?.getHeader("Tus-Resumable") ? answer.getBody() : "";
    return words || labels.refused;
  }

  // What an earlier visit left unfinished is asked for at the server: it may have been thrown away meanwhile.
  async function unfinished(upload) {
    for (const one of await upload.findPreviousUploads()) {
      const answer = await fetch(one.uploadUrl, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } }).catch(() => null);
      if (answer?.ok && Number(answer.headers.get("Upload-Offset")) < one.size) return one;
    }
    return null;
  }

  function uploadOf(job) {
    let before = 0;
    return new window.tus.Upload(job.file, {
      endpoint: form.dataset.tus,
      chunkSize: 4 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
      headers: { "X-CSRFToken": csrf },
      removeFingerprintOnSuccess: true,
      onShouldRetry(error) {
        const status = error.originalResponse?.getStatus() || 0;
        const again = status === 0 || status === 409 || status === 423 || (status >= 500 && status !== 507);
        if (again) job.line.state.textContent = labels.broken;
        return again;
      },
      onProgress(bytes) {
        job.line.meter.value = bytes;
        job.line.state.textContent = `${Math.floor((100 * bytes) / Math.max(job.file.size, 1))}%`;
        count.sent += bytes - before;
        before = bytes;
        told();
      },
      onSuccess: () => ended(job, "kept", labels.kept),
      onError: (error) => ended(job, outcome(error), reason(error)),
    });
  }

  async function send(job) {
    count.running += 1;
    const upload = uploadOf(job);
    try {
      const earlier = await unfinished(upload);
      if (earlier) {
        upload.resumeFromPreviousUpload(earlier);
        job.line.state.textContent = labels.resumed;
        named(`${form.dataset.batches}${earlier.metadata.batch}/`);
      } else {
        upload.options.metadata = { filename: job.file.name, path: job.name, batch: (await opened()).batch };
      }
    } catch (error) {
      ended(job, "refused", error.message || labels.refused);
      return;
    }
    upload.start();
  }

  function fill() {
    while (queue.length && count.running < 3) send(queue.shift());
  }

  function take(files) {
    if (!files.length) return;
    place("progress").hidden = false;
    for (const [file, name] of files) {
      count.all += 1;
      count.bytes += file.size;
      queue.push({ file, name, line: line(file, name) });
    }
    fill();
    told();
  }

  const listed = (files) => [...files].map((file) => [file, file.webkitRelativePath || file.name]);

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
    take(listed(event.target.files));
    event.target.value = "";
  });
  // The whole page takes what is dropped: a file let go beside the mark would otherwise replace the page.
  const drop = place("drop");
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("is-over"); });
  document.addEventListener("drop", async (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const flat = listed(event.dataTransfer.files);
    const found = [];
    for (const entry of entries) await walk(entry, "", found);
    take(found.length ? found : flat);
  });
  window.addEventListener("beforeunload", (event) => { if (count.running || queue.length) event.preventDefault(); });
})();
