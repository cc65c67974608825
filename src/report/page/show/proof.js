// The answers of the verifier, and what the reader brings to ask it more.

function proofPanel(state) {
  const { report, brought } = state;
  const outcome = verdictOf(report);
  const bad = firstBad(report);
  const words = {
    pass: say("모든 기록이 온전합니다.", "All records are intact."),
    "not-checked": say("잘못된 것은 없지만 확인하지 못한 것이 있습니다.", "Nothing is wrong, and something could not be checked."),
    fail: isOfBroughtAlone(report)
      ? say("기록이 가져온 것에서 이어지지 않습니다. 아래 연속성의 사유를 보십시오. 이 기록부의 것이 맞다면 그대로 두고 감사 담당자에게 알리십시오.",
        "The records do not continue what was brought: see the reason at continuity. If it is of this ledger, leave everything as it is and call the auditor.")
      : say("기록이 온전하지 않습니다. 그대로 두고 감사 담당자에게 알리십시오.", "The records are not intact. Leave everything as it is and call the auditor."),
  };
  return el("section", {},
    el("h2", {}, say("검증", "Verification")),
    el("p", { class: "note" }, say(
      "이 문서가 브라우저 안에서 모든 기록을 다시 해시하고 서명을 확인한 결과입니다. 네트워크를 쓰지 않습니다.",
      "This page hashed every record again and checked the signatures, in this browser and without a network.")),
    el("div", { class: `verdict ${outcome}`, id: "verdict" },
      el("p", {}, badge(outcome), " ", el("b", {}, words[outcome])),
      bad === null ? null : el("p", {}, say("첫 번째 잘못된 기록: ", "First bad record: "), el("b", { id: "first-bad" }, place(bad))),
      el("p", {}, say("감사 확인번호: ", "Audit number: "), el("code", {}, auditNumber(report)), " · ", say("기록 수와 뿌리값: ", "size and root: "), el("code", {}, `${report.size}:${report.root}`)),
      el("p", { class: "note" }, say(
        "다음 확인을 위해 둘 가운데 하나를 적어 두십시오. 기록이 늘면 둘 다 달라지므로, 전에 적어 둔 값은 눈으로 비교하지 말고 표 아래의 칸에 넣으십시오.",
        "Write one of them down for the next time. Both change as records are added, so do not compare by eye what you wrote down earlier: enter it below the table.")),
    ),
    checksTable(report), dropZone(report, brought),
    el("p", { class: "note" }, `SHA-256: ${state.selfTest ? say("자체 시험 통과(WebCrypto와 같음)", "self-test passed (agrees with WebCrypto)") : say("자체 시험 실패", "self-test FAILED")} · ${count(report.size)} ${say("기록", "records")} · ${count(Math.round(state.times.verify))} ms`),
  );
}

/** Whether nothing is wrong but what the reader brought and the ledger with each other. */
function isOfBroughtAlone({ checks }) {
  return checks.every(({ check, outcome }) => outcome !== "fail" || check === "continuity");
}

function place({ seq, file, offset }) {
  const parts = [seq === null ? null : say(`기록 ${seq}`, `record ${seq}`), file, offset === null ? null : say(`바이트 ${offset}`, `byte ${offset}`)];
  return parts.filter((part) => part !== null && part !== "").join(", ");
}

function checksTable(report) {
  return table([
    column("결과", "Answer", "14%", ({ outcome }) => badge(outcome)),
    column("검사", "Check", "22%", ({ check }) => {
      const [korean, english, about, aboutEnglish] = check === DATA_CHECK.check ? DATA_WORDS : CHECK_WORDS[check];
      return el("div", {}, el("b", {}, say(korean, english)), el("div", { class: "note" }, say(about, aboutEnglish)));
    }),
    { ...column("확인한 수", "Examined", "10%", ({ examined }) => count(examined)), number: true },
    column("사유·발견", "Reason or findings", "54%", findingsOf),
  ], [...report.checks, DATA_CHECK]);
}

/** Findings shown for one check; the rest are told by their number. */
const FINDINGS_SHOWN = 5;
/** Numbers shown of records that were held back. */
const HELD_SHOWN = 100;

function findingsOf({ reason, findings, omitted, held }) {
  const numbers = held === undefined ? "" : ` ${say("일련번호", "Records")}: ${held.slice(0, HELD_SHOWN).join(", ")}${held.length > HELD_SHOWN ? " …" : ""}`;
  if (reason !== null) return say(...(REASON_WORDS[reason] ?? [reason, reason])) + numbers;
  const shownOnes = findings.slice(0, FINDINGS_SHOWN).map((finding) => el("div", {},
    el("b", {}, place(finding)),
    el("div", { class: "hash" }, `${say("있어야 할 것", "expected")}: ${findingWord(finding.expected)}`),
    el("div", { class: "hash" }, `${say("있는 것", "found")}: ${findingWord(finding.found)}`)));
  const rest = findings.length - shownOnes.length + omitted;
  const more = rest > 0 ? el("div", { class: "note" }, say(`그 밖에 ${count(rest)}건`, `and ${count(rest)} more`)) : null;
  return el("div", {}, shownOnes, more);
}

function dropZone(report, brought) {
  const input = el("input", { type: "file", multiple: true, onchange: () => bringFiles(input.files) });
  const zone = el("div", { class: "drop screen-only" },
    el("p", {}, el("b", {}, say("이전 체크포인트(.note), 증명(.tlog-proof), 시점확인(.tsr), 따로 받은 검증키(keys.txt)나 증인 공개키를 여기에 놓으십시오.", "Drop earlier checkpoints (.note), proofs (.tlog-proof), time stamps (.tsr), or public keys of the ledger (keys.txt) or of witnesses, received elsewhere, here."))),
    el("p", { class: "note" }, say("증명한 기록(gamyeong ledger show 번호 --json)을 증명과 함께 놓으면 그 기록이 맞는지도 확인합니다.", "With a proof its record (gamyeong ledger show NUMBER --json) can be dropped, to be checked by it.")),
    el("p", {}, input), notedInput(),
    el("ul", {}, brought.map((item) => broughtItem(report, item))),
  );
  const over = (isOver) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", isOver);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    bringFiles(event.dataTransfer.files);
  });
  return zone;
}

/** Where what stands on paper is entered. */
function notedInput() {
  const fault = el("span", { id: "noted-fault", class: "note", role: "alert" });
  const ask = () => {
    const noted = readNoted(input.value);
    if (noted !== null) return bring([{ ...noted, kind: "noted" }]);
    fault.textContent = say(
      "기록 수, 쌍점, 16진수 64자리의 뿌리값(예: 71:e8ae…) 또는 감사 확인번호를 넣으십시오.",
      "Enter the size, a colon and the root in 64 hexadecimal digits (such as 71:e8ae…), or an audit number.");
  };
  const input = el("input", { type: "text", id: "noted", size: 75, placeholder: "71:e8ae…", autocomplete: "off", spellcheck: "false", onkeydown: (event) => event.key === "Enter" && ask() });
  return el("p", {},
    el("label", { for: "noted" }, say("적어 둔 기록 수와 뿌리값(또는 감사 확인번호)", "Size and root that you wrote down (or an audit number)")), " ",
    input, " ", el("button", { type: "button", id: "noted-ask", onclick: ask }, say("대조", "compare")), " ", fault);
}

/** One thing that was brought: what it is, what came of it, and a button to take it back. */
function broughtItem(report, item) {
  const [outcome, said] = cameOf(report, item);
  const drop = () => {
    shown.brought = shown.brought.filter((other) => other !== item);
    return again();
  };
  return el("li", {},
    el("span", { class: "what" }, `${item.name}: ${say(...BROUGHT_WORDS[item.kind])}`), " ",
    outcome === null ? null : badge(outcome), " ", el("span", { class: "note" }, said), " ",
    el("button", { type: "button", onclick: drop }, say("빼기", "take back")));
}

/** The answer to one thing that was brought, null where there is none of its own, and words. */
function cameOf({ checks, proved: records }, { name, kind }) {
  if (kind === "unknown") return [null, say("확인에 쓰지 않았습니다.", "It was not used.")];
  if (kind === "keys" || kind === "witness") return [null, ""];
  if (kind === "record") return cameOfRecord(records.find((one) => one.name === name));
  const { findings } = checks.find(({ check }) => check === "continuity");
  const finding = findings.find(({ file }) => file === name);
  return finding === undefined ? ["pass", ""] : ["fail", findingWord(finding.found)];
}

function cameOfRecord({ seq, outcome, isHere }) {
  const words = {
    pass: say(`증명한 기록 ${seq}번입니다.`, `It is record ${seq}, as it was proved.`),
    fail: say(`증명한 기록 ${seq}번이 아닙니다.`, `It is not record ${seq} as it was proved.`),
    "not-checked": say(`맞는 증명(gamyeong ledger prove ${seq})이 함께 있어야 확인합니다.`, `Only with a proof that counts (gamyeong ledger prove ${seq}) can it be checked.`),
  };
  const here = isHere
    ? say(`이 기록부의 기록 ${seq}번과 같습니다.`, `This ledger has it as record ${seq}.`)
    : say(`이 기록부의 기록 ${seq}번과 다릅니다.`, `This ledger has another record ${seq}, or none.`);
  const apart = say("이 파일에 대한 것이며 기록부의 판정에는 들지 않습니다.", "That is about this file, and no part of the answer about the ledger.");
  return [outcome, `${words[outcome]} ${here} ${apart}`];
}

async function bringFiles(files) {
  const read = [];
  for (const file of files) read.push(broughtFile(file.name, new Uint8Array(await file.arrayBuffer())));
  return bring(read);
}

/** Checks once more with what was brought, each under a name of its own. */
function bring(items) {
  for (const item of items) {
    let name = item.name;
    for (let number = 2; shown.brought.some((other) => other.name === name); number++) name = `${item.name} (${number})`;
    shown.brought.push({ ...item, name });
  }
  return again();
}

async function again() {
  await check();
  draw();
}

/** A file that was brought, and what it is in the form of: whether it counts is for the check. */
function broughtFile(name, bytes) {
  if (readStamp(bytes) !== null) return { name, kind: "stamp", base64: toBase64(bytes) };
  const text = (fromUtf8(bytes) ?? "").replace(/^\uFEFF/, "");
  if ((readKeys(text) ?? []).length > 0) return { name, kind: "keys", text };
  if ((readWitnessKeys(text) ?? []).length > 0) return { name, kind: "witness", text };
  const proof = readProof(text);
  const note = readNote(toUtf8(proof === null ? text : proof.note));
  if (note !== null && readCheckpoint(note.text) !== null) return { name, kind: proof === null ? "checkpoint" : "proof", text };
  const record = readRecordFile(bytes);
  return record === null ? { name, kind: "unknown" } : { name, kind: "record", ...record };
}

/** Kinds of what the ledger must continue. */
const EARLIER_KINDS = ["checkpoint", "proof", "stamp", "noted"];

/** What the verifier is asked: the ledger, and all that was brought. */
function broughtOptions(brought) {
  const of = (...kinds) => brought.filter(({ kind }) => kinds.includes(kind));
  const joined = (files) => (files.length === 0 ? null : files.map((file) => file.text.trimEnd()).join("\n"));
  return { trusted: joined(of("keys")), witnesses: joined(of("witness")), earlier: of(...EARLIER_KINDS), brought: of("record") };
}
