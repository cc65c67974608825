// What others vouched for, brought by the reader or stored beside the records,
// in; findings about it out.
//
//     witness/0000000012-1a2b3c4d.note   a checkpoint, signed by a witness as well
//     anchor/0000000012-5e6f7a8b.tsr     a time stamp on a checkpoint
//
// Whether a time stamping authority gave a stamp is not looked at here: that
// takes chains of certificates. What a stamp is on is.
//
// Source: C2SP tlog-cosignature v1.0.1; RFC 3161 section 2.4.2, RFC 5652 section 5.

const STAMP_BYTES = 1 << 18;
/** The last second that the program can write: 9999-12-30T22:00:00Z. */
const LAST_SECOND = 253402207200n;
const OID_SIGNED_DATA = "2a864886f70d010702";
const OID_TST_INFO = "2a864886f70d0109100104";
const OID_SHA256 = "608648016503040201";
const TAGS = { integer: 2, octets: 4, oid: 6, time: 24, sequence: 48, set: 49, context: 160 };

/** Elements in DER, one after the other; taking one that is not there gives null. */
class Der {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(tag) {
    const { bytes, at } = this;
    if (bytes === null || bytes[at] !== tag) return null;
    let length = bytes[at + 1];
    let start = at + 2;
    if (length === undefined || length === 0x80 || length > 0x83) return null;
    if (length > 0x80) {
      const digits = bytes.subarray(start, start + length - 0x80);
      start += digits.length;
      const least = digits.length === 1 ? 0x80 : 2 ** (8 * (digits.length - 1));
      const count = digits.length;
      length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
      if (count === 0 || length < least) return null;
    }
    if (start + length > bytes.length) return null;
    this.at = start + length;
    return bytes.subarray(start, start + length);
  }

  inner(tag) {
    return new Der(this.take(tag));
  }

  hex(tag) {
    const bytes = this.take(tag);
    return bytes === null ? null : toHex(bytes);
  }

  get isEmpty() {
    return this.bytes !== null && this.at === this.bytes.length;
  }
}

/** `{imprint, policy, serial, at}` of an RFC 3161 answer; null if the bytes are none over a SHA-256. */
function readStamp(bytes) {
  if (bytes === null || bytes.length > STAMP_BYTES) return null;
  const outer = new Der(bytes);
  const response = outer.inner(TAGS.sequence);
  const status = response.inner(TAGS.sequence).hex(TAGS.integer);
  const content = response.inner(TAGS.sequence);
  const isSigned = content.hex(TAGS.oid) === OID_SIGNED_DATA;
  const explicit = content.inner(TAGS.context);
  const signed = explicit.inner(TAGS.sequence);
  const isData = signed.take(TAGS.integer) !== null && signed.take(TAGS.set) !== null;
  const encapsulated = signed.inner(TAGS.sequence);
  const isInfo = encapsulated.hex(TAGS.oid) === OID_TST_INFO;
  const octets = encapsulated.inner(TAGS.context);
  const holder = octets.inner(TAGS.octets);
  const parts = [outer, response, content, explicit, encapsulated, octets];
  if (!["00", "01"].includes(status) || !isSigned || !isData || !isInfo || !parts.every((part) => part.isEmpty)) return null;
  const info = holder.inner(TAGS.sequence);
  const isFirst = info.hex(TAGS.integer) === "01" && holder.isEmpty;
  const policy = oidOf(info.take(TAGS.oid));
  const message = info.inner(TAGS.sequence);
  const algorithm = message.inner(TAGS.sequence).hex(TAGS.oid);
  const imprint = message.take(TAGS.octets);
  const serial = info.hex(TAGS.integer);
  const at = stampTime(info.take(TAGS.time));
  const isWhole = isFirst && policy !== null && serial !== null && at !== null;
  return isWhole && algorithm === OID_SHA256 && imprint?.length === 32 ? { imprint, policy, serial, at } : null;
}

/**
 * An object identifier (X.690 section 8.19) with dots, if the program takes it as well: the first
 * two arcs in one byte, the others below 2³², each in its one spelling. Null if not.
 */
function oidOf(bytes) {
  if (bytes === null || bytes.length === 0 || bytes.length > 39) return null;
  if (bytes[0] >= 120 || bytes[bytes.length - 1] >= 0x80) return null;
  const arcs = [Math.floor(bytes[0] / 40), bytes[0] % 40];
  let number = 0;
  for (const byte of bytes.subarray(1)) {
    if (number === 0 && byte === 0x80) return null;
    number = number * 128 + (byte & 0x7f);
    if (number >= 2 ** 32) return null;
    if (byte >= 0x80) continue;
    arcs.push(number);
    number = 0;
  }
  return arcs.join(".");
}

/** The time of `YYYYMMDDhhmmss`, perhaps with a fraction, and `Z`; null if no day has it. */
function stampTime(bytes) {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(bytes === null ? "" : (fromUtf8(bytes) ?? ""));
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second] = parts;
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = new Date(written);
  return !Number.isNaN(time.getTime()) && time.toISOString() === written && written <= LAST_TIME ? written.replace(".000Z", "Z") : null;
}

/** The public key of a witness, `name+id+base64(4 ‖ key)`; null if it is none. */
function readWitnessKey(line) {
  const parts = line.split("+");
  const [name, id] = parts;
  const encoded = parts.length < 3 ? null : fromBase64(parts.slice(2).join("+"));
  if (encoded === null || encoded[0] !== 4 || !isKeyName(name)) return null;
  const bytes = encoded.subarray(1);
  const hashed = Uint8Array.of(...toUtf8(`${name}\n`), ...encoded);
  if (!isEd25519Point(bytes) || toHex(sha256(hashed).subarray(0, 4)) !== id) return null;
  return { name, id, algorithm: ED25519, bytes, line, imported: null };
}

/** The keys of a file of them; null if one line is none. */
function readWitnessKeys(text) {
  const keys = text.split("\n").filter((line) => line.trim() !== "").map((line) => readWitnessKey(line.trim()));
  return keys.includes(null) ? null : keys;
}

/**
 * How many known witnesses signed a note, and of how many a browser without Ed25519 cannot tell:
 * `{count, untold}`, or `{problem}` if one is named and did not.
 */
async function cosignedBy(bytes, keys) {
  const note = readNote(bytes);
  if (note === null) return { problem: "note: not in the form of a signed note" };
  let [count, untold] = [0, 0];
  for (const signature of note.signatures) {
    const named = keys.filter((key) => key.name === signature.name && key.id === signature.id);
    if (named.length === 0) continue;
    const answers = await Promise.all(named.map((key) => isCosigned(key, note.text, signature.bytes)));
    if (answers.every((answer) => answer === false)) {
      return { problem: `note: signature does not verify, key id ${signature.id}` };
    }
    if (answers.includes(true)) count += 1;
    else untold += 1;
  }
  return { count, untold };
}

/** True, false, or null where the browser cannot tell. */
async function isCosigned(key, text, bytes) {
  if (bytes.length !== 72) return false;
  const time = BigInt(`0x${toHex(bytes.subarray(0, 8))}`);
  if (time === 0n || time >= 1n << 63n) return false;
  return verifies(key, `cosignature/v1\ntime ${time}\n${text}`, bytes.subarray(8));
}

/** The time in front of a signature of a witness, as records write it; null if there is none. */
function timeOf({ bytes }) {
  if (bytes.length !== 72) return null;
  const seconds = BigInt(`0x${toHex(bytes.subarray(0, 8))}`);
  if (seconds === 0n || seconds > LAST_SECOND) return null;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

/** The times at which a witness signed a note; none if a line under its name is not its own. */
async function timesOf(key, bytes) {
  const note = readNote(bytes);
  const named = (note?.signatures ?? []).filter(({ name, id }) => name === key.name && id === key.id);
  const answers = await Promise.all(named.map((one) => isCosigned(key, note.text, one.bytes)));
  return answers.includes(false) ? [] : named.map(timeOf).filter((time) => time !== null);
}

/** Whether anybody but the ledger signed a note as witnesses sign: time and signature. */
function isCosignedByAny(bytes, keys) {
  const isOwn = ({ name, id }) => keys.some((key) => key.name === name && key.id === id);
  return (readNote(bytes)?.signatures ?? []).some((one) => !isOwn(one) && timeOf(one) !== null);
}

/** SHA-256 of the text of a checkpoint: what a stamp on it is over. */
function imprintOf(origin, size, root) {
  return sha256(toUtf8(`${origin}\n${size}\n${toBase64(root)}\n`));
}

/** What is wrong with a stamp that the reader brought; null if it is on a checkpoint of this ledger. */
async function unstamped(audit, keys, { imprint }) {
  for (let size = 1; size <= audit.tree.size; size++) {
    if (isSame(imprintOf(keys[0]?.name ?? "", size, audit.tree.rootAt(size)), imprint)) return null;
    if (size % 256 === 0) await audit.rest(size, audit.tree.size);
  }
  return "stamp: not of this ledger's checkpoints";
}

/** The size in the name of a voucher; null if it is not named after its size and digest. */
function vouchedSize(name, digest, ending) {
  const size = Number(name.split("-")[0]);
  if (!Number.isSafeInteger(size) || size <= 0) return null;
  return name === `${String(size).padStart(10, "0")}-${digest.slice(0, 8)}.${ending}` ? size : null;
}

/** Whether a voucher may stand at a place of the ledger. */
function isPlace(path) {
  return /^(?:witness\/\d{10,16}-[0-9a-f]{8}\.note|anchor\/\d{10,16}-[0-9a-f]{8}\.tsr)$/.test(path);
}

/** The files of a directory, and the names of those that were not read for they are none of its, in order. */
function lyingIn(audit, dir) {
  const foreign = (audit.data.foreign ?? []).filter((name) => name.startsWith(`${dir}/`));
  const all = [...(audit.data[dir] ?? []), ...foreign.map((name) => ({ name: name.slice(dir.length + 1) }))];
  return all.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Looks at every voucher beside the records, and at the records of them. */
async function checkAnchors(audit, keys, witnesses) {
  const kept = new Map();
  let isBrought = true;
  for (const [dir, ending] of [["witness", "note"], ["anchor", "tsr"]]) {
    for (const file of lyingIn(audit, dir)) {
      const name = `${dir}/${file.name}`;
      const stored = bytesOf(file);
      const bytes = stored ?? new Uint8Array(0);
      const digest = isHeldBack(file) ? file.sha256 : toHex(sha256(bytes));
      audit.examined("anchors");
      const size = stored === null ? null : vouchedSize(file.name, digest, ending);
      if (size === null) {
        audit.failFile("files", name, "a voucher named after its size and digest", "another");
        continue;
      }
      const found = dir === "witness"
        ? await witnessed(audit, name, bytes, size, keys, witnesses)
        : anchored(audit, bytes, size, keys);
      if (found.problem !== undefined) audit.failFile("anchors", name, found.expected, found.problem);
      else isBrought &&= found.isBrought;
      const isGood = found.problem === undefined;
      kept.set(name, { dir, bytes, size, isGood, digest });
    }
  }
  for (const { seq, body } of audit.anchors) {
    const voucher = kept.get(body.path);
    // What a record says may be anything: a finding has nothing of it that is not in the form of a place or a digest.
    const finding = isPlace(body.path) ? { seq, file: body.path, offset: null } : audit.ofRecord(seq, "", "");
    const found = voucher?.digest ?? "none";
    if (found !== body.sha256) {
      const told = { expected: `the file with digest ${body.sha256}`, found };
      const untold = { expected: "a SHA-256 in 64 hexadecimal digits", found: "something else" };
      audit.fail("anchors", { ...finding, ...(isHash(body.sha256) ? told : untold) });
    } else if (voucher?.isGood) {
      const other = await otherThan(audit, body, voucher);
      const expected = `${other}, as the file gives it`;
      if (other !== null) audit.fail("anchors", { ...finding, expected, found: "another" });
    }
  }
  if (kept.size === 0) audit.notChecked("anchors", "no-vouchers");
  else if (!isBrought) audit.notChecked("anchors", "vouchers-from-ledger");
}

/** The first item of a record that its voucher gives another value, with that value; null if none. */
async function otherThan(audit, body, { dir, bytes, size }) {
  const isNot = (key, value) => (body[key] === value ? null : `${key} ${value}`);
  const has = (key) => (Object.hasOwn(body, key) ? `no ${key}` : null);
  const isNote = dir === "witness";
  const other = isNot("means", isNote ? "증인 서명" : "시점확인")
    ?? isNot("size", size)
    ?? isNot("root", toHex(audit.tree.rootAt(size)));
  if (other !== null) return other;
  if (!isNote) {
    const { at, policy, serial } = readStamp(bytes);
    return isNot("at", at) ?? isNot("policy", policy) ?? isNot("serial", serial) ?? has("witness");
  }
  const key = typeof body.witness === "string" ? readWitnessKey(body.witness) : null;
  const times = key === null ? [] : await timesOf(key, bytes);
  if (times.length === 0) return "the witness that signed";
  return (times.includes(body.at) ? null : `at ${times[0]}`) ?? has("policy") ?? has("serial");
}

/** `{isBrought}` of a stored note, or `{expected, problem}`. */
async function witnessed(audit, name, bytes, size, keys, witnesses) {
  const { checkpoint, problem } = await openCheckpoint(bytes, keys);
  if (problem !== undefined) return { expected: "both signatures of the ledger", problem };
  if (!keys.some((key) => key.name === checkpoint.origin)) {
    return { expected: keys[0].name, problem: checkpoint.origin };
  }
  if (checkpoint.size !== size) return { expected: String(size), problem: String(checkpoint.size) };
  const root = audit.tree.rootAt(size);
  if (root === null) return beyond(audit, size);
  if (!isSame(root, checkpoint.root)) {
    return { expected: `root ${toHex(root)} of the stored records`, problem: toHex(checkpoint.root) };
  }
  const expected = "the signature of its witness";
  const brought = await cosignedBy(bytes, witnesses);
  if (brought.problem !== undefined) return { expected, problem: brought.problem };
  if (brought.count > 0) return { isBrought: true };
  // A record names the key that was believed when it was imported.
  const told = audit.anchors.find(({ body }) => body.path === name)?.body.witness;
  const own = typeof told === "string" ? readWitnessKey(told) : null;
  if (own !== null) {
    const signed = await cosignedBy(bytes, [own]);
    if (signed.problem !== undefined || signed.count + signed.untold === 0) {
      return { expected, problem: signed.problem ?? "none" };
    }
  } else if (!isCosignedByAny(bytes, keys)) {
    return { expected, problem: "none" };
  }
  return { isBrought: false };
}

/** The same of a stored time stamp. */
function anchored(audit, bytes, size, keys) {
  const expected = `a stamp on the checkpoint of ${size} records`;
  const stamp = readStamp(bytes);
  if (stamp === null) return { expected, problem: "stamp: not an RFC 3161 answer in DER" };
  const root = audit.tree.rootAt(size);
  if (root === null) return beyond(audit, size);
  if (!isSame(imprintOf(keys[0]?.name ?? "", size, root), stamp.imprint)) {
    return { expected, problem: `a stamp on ${toHex(stamp.imprint)}` };
  }
  return { isBrought: false };
}

function beyond(audit, size) {
  return { expected: `at most the ${audit.tree.size} stored records`, problem: `${size} records` };
}
