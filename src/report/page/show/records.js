// All records, and one of them whole.

function recordsList(state) {
  const rows = state.collection.all.filter(state.shows);
  return ledger(
    say("전체 기록", "All records"),
    say(
      `줄을 누르면 저장된 그대로의 기록을 봅니다. 여기 시각은 ${state.collection.zone} 시간대로 바꾼 것이고, 관리번호는 같은 처리의 다른 기록에 있는 것일 수 있습니다.`,
      `A row opens the record as it is stored. Times here are those of ${state.collection.zone}, and a number may stand in another record of the same run.`),
    table([
      { ...recordNumber(), width: "7%" },
      column("시각", "Time", "16%", ({ time }) => state.collection.timeOf(time)),
      column("종류", "Kind", "16%", ({ type }) => `${kindWord(type)}\n${type}`),
      column("관리번호", "Management no.", "9%", (entry) => state.collection.numberOf(entry)),
      column("대상", "Subject", "17%", ({ subject }) => subject),
      column("처리", "Run", "23%", ({ run }) => run),
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
    el("p", { class: "note" }, `${entry.place.file}, ${say("바이트", "byte")} ${entry.place.offset} · ${collection.timeOf(record.time)} (${collection.zone})`),
    el("pre", {}, JSON.stringify(record, null, 2)),
    el("p", {}, toForms, " ", el("button", { type: "button", onclick: close }, say("닫기", "close"))),
  );
  dialog.addEventListener("close", close);
  document.body.append(dialog);
  dialog.showModal();
}
