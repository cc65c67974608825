// All records, and one of them whole.

function recordsList(state) {
  const rows = state.collection.all.filter(state.shows);
  return ledger(
    say("전체 기록", "All records"),
    say("저장된 그대로입니다. 줄을 누르면 기록 전체를 봅니다.", "As stored. A row opens its record."),
    table([
      { ...column("기록", "Record", "8%", ({ seq }) => seq), number: true },
      column("시각", "Time", "17%", ({ time }) => state.collection.timeOf(time)),
      column("종류", "Kind", "16%", ({ type }) => `${kindWord(type)}\n${type}`),
      column("대상", "Subject", "20%", ({ subject }) => subject),
      column("처리", "Run", "27%", ({ run }) => run),
      column("행위자", "Actor", "12%", ({ actor }) => actor),
    ], rows, { open: openRecord }),
  );
}

/** Shows a record as it is stored, in a window of its own. */
function showRecord(seq) {
  const { collection } = shown;
  const entry = collection.all.find((one) => one.seq === seq);
  if (entry === undefined) return;
  const record = collection.read(entry);
  const dialog = el("dialog", {});
  const close = () => dialog.remove();
  const run = collection.runs.get(record.run);
  const toForms = run?.commit === undefined ? null : el("button", { type: "button", onclick: () => { close(); showForms(run.name); } }, say("서식 보기", "forms"));
  dialog.append(
    el("h2", {}, `${say("기록", "Record")} ${seq} · ${kindWord(record.type)}`),
    el("p", { class: "note" }, `${entry.place.file}, ${say("바이트", "byte")} ${entry.place.offset} · ${collection.timeOf(record.time)}`),
    el("pre", {}, JSON.stringify(record, null, 2)),
    el("p", {}, toForms, " ", el("button", { type: "button", onclick: close }, say("닫기", "close"))),
  );
  dialog.addEventListener("close", close);
  document.body.append(dialog);
  dialog.showModal();
}
