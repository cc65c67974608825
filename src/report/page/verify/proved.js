// What the reader has on paper, and records that the reader brought, in; whether a proof shows
// them, out.
//
// A root on paper tells of all records before it, as a checkpoint does; that nobody could have
// written another is for its reader to know. Of a record, what is said is about the line that
// was brought and not about the ledger: anybody can write a line.

/** Letters of a root in an audit number, five bits each. */
const NUMBER_LETTERS = 20;

/** Size and the first twenty letters of the root in base32: short enough for paper. */
function auditNumber({ size, root }) {
  const bits = BigInt(`0x${root}`) >> BigInt(256 - 5 * NUMBER_LETTERS);
  let letters = "";
  for (let at = BigInt(5 * (NUMBER_LETTERS - 1)); at >= 0n; at -= 5n) letters += "abcdefghijklmnopqrstuvwxyz234567"[Number((bits >> at) & 31n)];
  return `${size}-${letters.match(/.{5}/g).join("-")}`;
}

/**
 * What somebody wrote down, `SIZE:ROOT` with the root in hexadecimal digits, or an audit number,
 * as something to continue: `{name, noted}`; null if it is neither. Spaces, case, wide letters and
 * commas within the size are as they were written.
 */
function readNoted(text) {
  const plain = text.normalize("NFKC").replace(/\s/g, "").toLowerCase();
  const parts = /^([\d,]+)(?::([0-9a-f]{64})|-([a-z2-7-]+))$/.exec(plain);
  const digits = parts?.[1].replaceAll(",", "") ?? "";
  if (!/^[1-9]\d{0,14}$/.test(digits)) return null;
  const size = Number(digits);
  if (parts[2] !== undefined) {
    const root = Uint8Array.from(parts[2].match(/../g), (byte) => parseInt(byte, 16));
    return { name: `${size}:${parts[2]}`, noted: { size, root } };
  }
  const letters = parts[3].replaceAll("-", "");
  if (letters.length !== NUMBER_LETTERS) return null;
  const number = `${size}-${letters.match(/.{5}/g).join("-")}`;
  return { name: number, noted: { size, number } };
}

/** Whether the path of a proof leads from a record to the root of its checkpoint. */
function leadsTo(leaf, { index, path }, { size, root }) {
  const led = rootOfPath(leaf, index, size, path);
  return led !== null && isSame(led, root);
}

/** Number and bytes of the record that a file holds as its one line; null if it holds none. */
function readRecordFile(bytes) {
  const line = bytes.at(-1) === 10 ? bytes.subarray(0, -1) : bytes;
  const record = line.includes(10) ? undefined : readRecord(line).record;
  return record === undefined ? null : { seq: record.seq, line };
}

/**
 * Of each record that was brought, whether a proof of its number that was brought with it shows
 * it, `outcome`, and whether it stands in this ledger, `isHere`.
 */
async function proved(audit, keys, records, earlier) {
  const proofs = [];
  for (const file of earlier) {
    const proof = readProof(fromUtf8(bytesOf(file) ?? new Uint8Array(0)) ?? "");
    if (proof === null || proof.index === null) continue;
    const { checkpoint } = await openCheckpoint(toUtf8(proof.note), keys);
    if (checkpoint !== undefined) proofs.push({ ...proof, checkpoint });
  }
  return records.map(({ name, seq, line }) => {
    const leaf = leafHash(line, 0, line.length);
    const own = proofs.filter(({ index }) => index === seq);
    const isProved = own.some((proof) => leadsTo(leaf, proof, proof.checkpoint));
    const outcome = own.length === 0 ? "not-checked" : isProved ? "pass" : "fail";
    const there = audit.tree.leaves[seq];
    return { name, seq, outcome, isHere: there !== undefined && isSame(there, leaf) };
  });
}
