// The answers of the verifier, and what the reader brings to ask it more.

function proofPanel(state) {
  const { report, brought } = state;
  const outcome = verdictOf(report);
  const bad = firstBad(report);
  const words = {
    pass: say("모든 기록이 온전합니다.", "All records are intact."),
    "not-checked": say("잘못된 것은 없지만 확인하지 못한 것이 있습니다.", "Nothing is wrong, and something could not be checked."),
    fail: say("기록이 온전하지 않습니다. 그대로 두고 감사 담당자에게 알리십시오.", "The records are not intact. Leave everything as it is and call the auditor."),
  };
  return el("section", {},
    el("h2", {}, say("검증", "Verification")),
    el("p", { class: "note" }, say(
      "이 문서가 브라우저 안에서 모든 기록을 다시 해시하고 서명을 확인한 결과입니다. 네트워크를 쓰지 않습니다.",
      "This page hashed every record again and checked the signatures, in this browser and without a network.")),
    el("div", { class: `verdict ${outcome}`, id: "verdict" },
      el("p", {}, badge(outcome), " ", el("b", {}, words[outcome])),
      bad === null ? null : el("p", {}, say("첫 번째 잘못된 기록: ", "First bad record: "), el("b", { id: "first-bad" }, place(bad))),
      el("p", {}, say("감사 확인번호: ", "Audit number: "), el("code", {}, auditNumber(report)), " ", say("(전에 적어 둔 번호와 비교하십시오)", "(compare it with the one you wrote down)")),
    ),
    checksTable(report), dropZone(brought),
    el("p", { class: "note" }, `SHA-256: ${state.selfTest ? say("자체 시험 통과(WebCrypto와 같음)", "self-test passed (agrees with WebCrypto)") : say("자체 시험 실패", "self-test FAILED")} · ${count(report.size)} ${say("기록", "records")} · ${count(Math.round(state.times.verify))} ms`),
  );
}

function place({ seq, file, offset }) {
  const parts = [seq === null ? null : say(`기록 ${seq}`, `record ${seq}`), file, offset === null ? null : say(`바이트 ${offset}`, `byte ${offset}`)];
  return parts.filter((part) => part !== null && part !== "").join(", ");
}

function checksTable(report) {
  return table([
    column("결과", "Answer", "14%", ({ outcome }) => badge(outcome)),
    column("검사", "Check", "22%", ({ check }) => {
      const [korean, english, about, aboutEnglish] = CHECK_WORDS[check];
      return el("div", {}, el("b", {}, say(korean, english)), el("div", { class: "note" }, say(about, aboutEnglish)));
    }),
    { ...column("확인한 수", "Examined", "10%", ({ examined }) => count(examined)), number: true },
    column("사유·발견", "Reason or findings", "54%", findingsOf),
  ], report.checks);
}

/** Findings shown for one check; the rest are told by their number. */
const FINDINGS_SHOWN = 5;

function findingsOf({ reason, findings, omitted }) {
  if (reason !== null) return say(...(REASON_WORDS[reason] ?? [reason, reason]));
  const shownOnes = findings.slice(0, FINDINGS_SHOWN).map((finding) => el("div", {},
    el("b", {}, place(finding)),
    el("div", { class: "hash" }, `${say("있어야 할 것", "expected")}: ${findingWord(finding.expected)}`),
    el("div", { class: "hash" }, `${say("있는 것", "found")}: ${findingWord(finding.found)}`)));
  const rest = findings.length - shownOnes.length + omitted;
  const more = rest > 0 ? el("div", { class: "note" }, say(`그 밖에 ${count(rest)}건`, `and ${count(rest)} more`)) : null;
  return el("div", {}, shownOnes, more);
}

/** Size and the first twenty letters of the root in base32: short enough for paper. */
function auditNumber({ size, root }) {
  const bits = BigInt(`0x${root}`) >> 156n;
  let letters = "";
  for (let at = 95n; at >= 0n; at -= 5n) letters += "abcdefghijklmnopqrstuvwxyz234567"[Number((bits >> at) & 31n)];
  return `${size}-${letters.match(/.{5}/g).join("-")}`;
}

function dropZone(brought) {
  const input = el("input", { type: "file", multiple: true, onchange: () => bring(input.files) });
  const zone = el("div", { class: "drop screen-only" },
    el("p", {}, el("b", {}, say("이전 체크포인트(.note), 증명(.tlog-proof), 시점확인(.tsr), 따로 받은 검증키(keys.txt)나 증인 공개키를 여기에 놓으십시오.", "Drop earlier checkpoints (.note), proofs (.tlog-proof), time stamps (.tsr), or public keys of the ledger (keys.txt) or of witnesses, received elsewhere, here."))),
    el("p", {}, input),
    el("ul", {}, brought.map(({ name, kind }) => el("li", {}, `${name}: ${kind}`))),
  );
  const over = (isOver) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", isOver);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    bring(event.dataTransfer.files);
  });
  return zone;
}

/** Checks once more with the files that were brought. */
async function bring(files) {
  for (const file of files) shown.brought.push(broughtFile(file.name, new Uint8Array(await file.arrayBuffer())));
  await check();
  draw();
}

/** A file that was brought, and what it is. */
function broughtFile(name, bytes) {
  if (readStamp(bytes) !== null) return { name, base64: toBase64(bytes), kind: say("시점확인", "time stamp") };
  const content = new TextDecoder().decode(bytes);
  if ((readKeys(content) ?? []).length > 0) return { name, text: content, isKeys: true, kind: say("검증키", "public keys") };
  if ((readWitnessKeys(content) ?? []).length > 0) return { name, text: content, isWitness: true, kind: say("증인 공개키", "keys of witnesses") };
  return { name, text: content, kind: readProof(content) === null ? say("체크포인트", "checkpoint") : say("증명", "proof") };
}

/** What the verifier is asked: the ledger, and all that was brought. */
function broughtOptions(brought) {
  const joined = (files) => (files.length === 0 ? null : files.map((file) => file.text.trimEnd()).join("\n"));
  return {
    trusted: joined(brought.filter(({ isKeys }) => isKeys)),
    witnesses: joined(brought.filter(({ isWitness }) => isWitness)),
    earlier: brought.filter(({ isKeys, isWitness }) => !isKeys && !isWitness),
  };
}
