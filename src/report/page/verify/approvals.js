// Records of reviews and approvals in; whether what was signed is what they
// say, and by whom it was signed, out.
//
//     gamyeong approval v1
//     kind = "plan.approved"
//     controller = "seongnam-library"
//     approved_on = "2026-11-20"            every other key of the body, sorted: key = JSON
//
// The text is made anew from the record and must be the same. The keys are
// those that earlier records gave (`rights.granted`, `public_key`): Ed25519.
//
// Source: C2SP signed-note v1.0.0.

const APPROVAL_MAGIC = "gamyeong approval v1";
const ALL_NUMBERS = "전체";
/** Who may sign what. */
const APPROVERS = {
  "risk.review": ["검토자"],
  "adequacy.review": ["검토자"],
  "plan.approved": ["검토자", "개인정보 보호책임자"],
  "retention.approved": ["개인정보 보호책임자"],
};
const RIGHTS = ["rights.granted", "rights.changed", "rights.revoked"];

/** Keeps what approvals are about, of the first record that can be read and of those behind it. */
function keepForApprovals(audit, seq, record) {
  audit.signing ??= { controller: textOf(record.type === "ledger.init" ? record.body : {}, "controller"), kept: [] };
  if (Object.hasOwn(APPROVERS, record.type) || RIGHTS.includes(record.type)) {
    audit.signing.kept.push({ seq, record });
  }
}

async function checkApprovals(audit) {
  const { controller, kept } = audit.signing ?? { controller: null, kept: [] };
  const rights = [];
  const texts = new Set();
  for (const { seq, record } of kept) {
    if (RIGHTS.includes(record.type)) rights.push(rightOf(record));
    if (!Object.hasOwn(APPROVERS, record.type)) continue;
    audit.examined("approvals");
    const found = await refusalOf(record, controller, rights, texts);
    const expected = "what its items say, signed by who had the right to";
    if (found === null) audit.notChecked("approvals", "needs-ed25519");
    else if (found !== "") audit.failRecord("approvals", seq, expected, `approval: ${found}`);
    const lines = textsOf(record.body, "text");
    if (lines !== null) texts.add(lines.join("\n"));
  }
}

function rightOf({ type, body }) {
  const key = readKey(textOf(body, "public_key") ?? "");
  return {
    type,
    number: textOf(body, "management_no") ?? "",
    account: textOf(body, "account") ?? "",
    role: textOf(body, "role") ?? "",
    key: key?.algorithm === ED25519 ? key : null,
  };
}

/** The keys that have rights for a management number, by their line. */
function grantedFor(number, rights) {
  const granted = new Map();
  for (const right of rights.filter((one) => one.number === number || one.number === ALL_NUMBERS)) {
    const { type, account, role, key } = right;
    if (type === "rights.granted") {
      if (key !== null) granted.set(key.line, { key, account, role });
    } else {
      for (const [line, holder] of [...granted]) {
        const isMeant = holder.account === account;
        if (type === "rights.changed" && isMeant) granted.set(line, { ...holder, role });
        if (type === "rights.revoked" && (isMeant || line === key?.line)) granted.delete(line);
      }
    }
  }
  return [...granted.values()];
}

/** Why an approval does not count; "" if it does or is on paper, null where the browser cannot tell. */
async function refusalOf({ type, body }, controller, rights, texts) {
  const isThere = (key) => Object.hasOwn(body, key) && body[key] !== null;
  if (!isThere("text") && !isThere("signatures")) return "";
  if (controller === null) return "the ledger's first record names no controller";
  const lines = textsOf(body, "text");
  const signatures = textsOf(body, "signatures");
  if (lines === null || signatures === null) return "not in the form of a signed note";
  const text = lines.join("\n");
  if (text !== signedLines(type, controller, body).join("\n")) {
    return "what was signed says something else than the record";
  }
  const granted = grantedFor(textOf(body, "management_no") ?? "", rights);
  const by = new Set();
  let isKnown = true;
  for (const line of signatures) {
    const signature = readSignature(line);
    if (signature === null) return "not in the form of a signed note";
    const named = granted.filter(({ key }) => key.name === signature.name && key.id === signature.id);
    if (named.length === 0) return `key ${signature.id} has no right to sign it`;
    const answers = await Promise.all(named.map(({ key }) => verifies(key, `${text}\n`, signature.bytes)));
    const index = answers.findIndex((answer) => answer !== false);
    if (index < 0) return `signature does not verify, key ${signature.id}`;
    isKnown &&= answers[index];
    if (!APPROVERS[type].includes(named[index].role)) return `key ${signature.id} is of another role`;
    by.add(named[index].account);
  }
  const least = Math.max(1, Array.isArray(body.reviewers) ? body.reviewers.length : 0);
  if (by.size < least) return `signed by ${by.size}, and ${least} have reviewed`;
  if (texts.has(text)) return "a record has the same text already";
  return isKnown ? "" : null;
}

/** What is signed for a record, line by line. */
function signedLines(type, controller, body) {
  const keys = sortedKeys(body).filter((key) => key !== "text" && key !== "signatures");
  const head = [APPROVAL_MAGIC, `kind = ${canonical(type)}`, `controller = ${canonical(controller)}`];
  return [...head, ...keys.map((key) => `${key} = ${canonical(body[key])}`)];
}

/** JSON without white space, keys sorted by their bytes. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${sortedKeys(value).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** Code points sort as the bytes of UTF-8 do; units of UTF-16 do not. */
function sortedKeys(table) {
  const points = (key) => Array.from(key, (letter) => letter.codePointAt(0));
  const compare = (left, right) => {
    const index = left.findIndex((point, at) => point !== right[at]);
    return index < 0 ? left.length - right.length : left[index] - (right[index] ?? -1);
  };
  return Object.keys(table).sort((left, right) => compare(points(left), points(right)));
}

function textOf(body, key) {
  return Object.hasOwn(body, key) && typeof body[key] === "string" ? body[key] : null;
}

/** A list of texts; null if it is none. */
function textsOf(body, key) {
  const list = Object.hasOwn(body, key) ? body[key] : null;
  return Array.isArray(list) && list.every((line) => typeof line === "string") ? list : null;
}
