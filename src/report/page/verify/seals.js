// Files of records, the seals that follow them and their checkpoints in;
// findings about them out.
//
// A file ends where its month does, or where it has no room, and the next one
// begins with a record that tells the digests of the file and of its
// checkpoints. Who signed those was checked when the file was sealed.

const NOTE_LINES = 6;
const SEAL_KEYS = ["segment", "first", "records", "records_sha256", "checkpoints_sha256"];

async function checkSeals(audit) {
  const { spans } = audit;
  const open = spans.findLast((span) => span.records > 0);
  if (open !== undefined) checkMonths(audit, open);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    // A crash left an empty file: the seal is still to come.
    if (next === undefined || (index + 2 === spans.length && next.records === 0)) continue;
    audit.examined("seals");
    checkFull(audit, span, next);
    checkMonths(audit, span);
    await checkSealed(audit, index, span, next);
  }
  for (const seq of audit.stray ?? []) {
    audit.failRecord("seals", seq, "no seal within a file of records", "one");
  }
}

/** A file has the records of one month. What cannot be read has none. */
function checkMonths(audit, span) {
  const month = span.months[0] ?? null;
  for (const [place, other] of span.months.entries()) {
    if (month === null || other === null || other === month) continue;
    audit.failRecord("seals", span.first + place, "a record of the month of its file", "another");
  }
}

/** The same records are always the same files. */
function checkFull(audit, span, next) {
  const isOtherMonth = (span.months[0] ?? null) !== (next.months[0] ?? null);
  const isFull = span.records >= SEGMENT_RECORDS || span.bytes + RECORD_BYTES >= SEGMENT_BYTES;
  if (isOtherMonth || isFull) return;
  const found = `${span.records} records of the month of the next`;
  audit.failFile("seals", span.file, "the records of a whole month, or no room", found);
}

async function checkSealed(audit, index, span, next) {
  const name = bundleName(index);
  const bundle = (audit.data.bundles ?? []).find((bundle) => bundle.name === name);
  const file = `checkpoints/${name}`;
  if (bundle === undefined) audit.failFile("seals", file, "the checkpoints of a sealed file", "none");
  const bytes = bytesOf(bundle) ?? new Uint8Array(0);
  const expected = {
    segment: index,
    first: span.first,
    records: span.records,
    records_sha256: span.sha256,
    checkpoints_sha256: isHeldBack(bundle) ? bundle.sha256 : toHex(await sha256File(bytes)),
  };
  if (next.seal === undefined || !isSeal(next.seal)) {
    audit.failRecord("seals", next.first, "the seal of the file before", "none");
  } else if (SEAL_KEYS.some((key) => next.seal[key] !== expected[key])) {
    const isRecords = next.seal.records_sha256 !== expected.records_sha256;
    const [where, found] = isRecords ? [span.file, expected.records_sha256] : [file, expected.checkpoints_sha256];
    audit.failFile("seals", where, "what its seal tells", found);
  }
  if (span.isInPart) audit.notChecked("seals", "held-back");
  if (isHeldBack(bundle)) audit.failFile("checkpoints", file, `${span.records} checkpoints`, "something else");
  else await checkBundle(audit, file, bytes, span);
}

function isSeal(body) {
  return SEAL_KEYS.every((key) => Object.hasOwn(body, key) && (key.endsWith("sha256") ? isHash : isCount)(body[key]));
}

/** Looks at what the checkpoints of a sealed file say. */
async function checkBundle(audit, file, bytes, span) {
  let size = span.first;
  for (const note of splitNotes(bytes)) {
    size += 1;
    audit.examined("checkpoints");
    const found = readCheckpoint(readNote(note)?.text ?? "");
    if (found?.size !== size || !audit.isRoot(size, found.root)) {
      audit.failFile("checkpoints", file, `the checkpoint of size ${size}, with the stored root`, "another");
    } else {
      audit.originOf(file, found.origin);
    }
    if (size % 16 === 0) await audit.rest(size, audit.tree.size);
  }
  if (size !== span.first + span.records) {
    const [expected, found] = [span.records, size - span.first].map((count) => `${count} checkpoints`);
    audit.failFile("checkpoints", file, expected, found);
  }
}

/** Notes of six lines each. What is behind the last whole one is one as well. */
function splitNotes(bytes) {
  const notes = [];
  for (let start = 0; start < bytes.length; ) {
    let end = start;
    for (let line = 0; line < NOTE_LINES && end < bytes.length; line++) {
      const feed = bytes.indexOf(10, end);
      end = feed < 0 ? bytes.length : feed + 1;
    }
    notes.push(bytes.subarray(start, end));
    start = end;
  }
  return notes;
}

function bundleName(index) {
  return `${String(index).padStart(6, "0")}.notes`;
}
