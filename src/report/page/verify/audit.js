// The files of a ledger in; one answer per check, and its reasons, out.
//
// A second implementation beside that of the program, written from the same
// specifications and sharing no code with it: two that agree are harder to
// get wrong, or to tamper with, than one.
//
// What it cannot show by itself: that the newest records were not cut off
// together with their checkpoints, or that everything was not rewritten by
// whoever holds both keys. Either needs a checkpoint held by somebody else.

const CHECKS = [
  "files", "keys", "trust", "records", "chain", "time", "seals", "items", "approvals",
  "checkpoints", "signatures", "head", "continuity", "anchors", "order", "conservation",
];
/** Findings kept per check. */
const MOST_FINDINGS = 100;
const SEGMENT_RECORDS = 1024;
const SEGMENT_BYTES = 16 << 20;
/** How long the page may stand still, in milliseconds. */
const PATIENCE = 50;

/** The digest in a name of the quarantine; null if it is none. */
function digestInName(name) {
  return /^\d{6,}-\d{6,}-([0-9a-f]{64})\.bin$/.exec(name)?.[1] ?? null;
}

/** What has been found so far. */
class Audit {
  constructor(data, options) {
    this.data = data;
    this.options = options;
    this.tree = new Hashed();
    /** Lines looked at. */
    this.size = 0;
    this.laws = new Laws();
    this.checks = new Map(
      CHECKS.map((check) => [check, { check, outcome: "pass", reason: null, examined: 0, findings: [], omitted: 0 }]),
    );
    /** Of each file of records: place in the tree, size, digest, months. */
    this.spans = [];
    /** Where each record stands: file and first byte. */
    this.places = [];
    /** Records of what others vouched for. */
    this.anchors = [];
    /** Records of what was set aside. */
    this.recoveries = [];
    /** The largest size of a checkpoint with the root of the stored records. */
    this.agreed = 0;
    /** The smallest size of one with another root. */
    this.departed = Infinity;
    this.lastTime = null;
    this.rested = performance.now();
  }

  examined(check, number = 1) {
    this.checks.get(check).examined += number;
  }

  notChecked(check, reason) {
    const checked = this.checks.get(check);
    if (checked.outcome === "pass") Object.assign(checked, { outcome: "not-checked", reason });
  }

  fail(check, finding) {
    const checked = this.checks.get(check);
    Object.assign(checked, { outcome: "fail", reason: null });
    if (checked.findings.length < MOST_FINDINGS) checked.findings.push(finding);
    else checked.omitted += 1;
  }

  failFile(check, file, expected, found) {
    this.fail(check, { seq: null, file, offset: null, expected, found });
  }

  failRecord(check, seq, expected, found) {
    this.fail(check, this.ofRecord(seq, expected, found));
  }

  ofRecord(seq, expected, found) {
    const { file, offset } = this.places[seq] ?? { file: "", offset: null };
    return { seq, file, offset, expected, found };
  }

  /** Whether what records say was set aside lies there still. */
  aside() {
    const names = new Set((this.data.quarantine ?? []).map(({ name }) => name));
    for (const { seq, body } of this.recoveries) {
      for (const { file, sha256 } of Array.isArray(body.quarantined) ? body.quarantined : []) {
        // What a record says may be anything: a finding has nothing of it that is not in the form of such a name.
        if (typeof file !== "string" || typeof sha256 !== "string" || digestInName(file) !== sha256) {
          this.failRecord("files", seq, "a name with the digest of the file", "another");
        } else if (!names.has(file)) {
          this.fail("files", { seq, file: `quarantine/${file}`, offset: null, expected: "a file", found: "none" });
        }
      }
    }
  }

  /** Lets the page draw and answer if it stood still for long enough. */
  async rest(done, all) {
    if (performance.now() - this.rested < PATIENCE) return;
    this.options.progress?.(done, all);
    await new Promise((resume) => setTimeout(resume));
    this.rested = performance.now();
  }

  files() {
    const { data } = this;
    const parts = { checkpoints: data.checkpoints, "head.note": data.head, "keys.txt": data.keys,
      quarantine: data.quarantine, records: data.segments };
    const foreign = data.foreign ?? [];
    const isAtTop = (name) => !name.replace(/\/$/, "").includes("/");
    for (const name of foreign.filter(isAtTop)) {
      this.examined("files");
      this.failFile("files", name, "no such file", "a file");
    }
    for (const [name, part] of Object.entries(parts)) {
      if (part === null || part === undefined) {
        this.failFile("files", name, "a file or directory", "none");
      } else {
        this.examined("files");
      }
    }
    for (const part of [data.witness, data.anchor]) {
      if (part !== null && part !== undefined) this.examined("files");
    }
    const segments = this.segments(foreign.filter((name) => name.startsWith("records/")));
    for (const file of data.quarantine ?? []) {
      this.examined("files");
      const { name } = file;
      const bytes = fromBase64(file.base64 ?? "");
      const digest = isHeldBack(file) ? file.sha256 : bytes === null ? "" : toHex(sha256(bytes));
      if (digestInName(name) !== digest || digest === "") {
        this.failFile("files", `quarantine/${name}`, "a name with the digest of the file", digest);
      }
    }
    for (const name of foreign.filter((name) => name.startsWith("quarantine/"))) {
      this.examined("files");
      this.failFile("files", name, "a name with the digest of the file", "another");
    }
    for (const name of foreign.filter((name) => name.startsWith("checkpoints/"))) {
      this.failFile("files", name, "a checkpoint named after its size", "another");
    }
    return segments;
  }

  /** The files of records up to the first that is not the next one. */
  segments(foreign) {
    const segments = [];
    const stored = this.data.segments ?? [];
    const names = [...stored.map(({ name }) => `records/${name}`), ...foreign].sort();
    for (const name of names) {
      if (foreign.includes(name) || name !== `records/${segmentName(segments.length)}`) {
        this.failFile("files", name, "the next file of records", "another");
        break;
      }
      segments.push(stored.find((segment) => `records/${segment.name}` === name));
      this.examined("files");
    }
    return segments;
  }

  /** The keys to check with: those that are trusted, else the ledger's own. */
  keys(trusted) {
    const bytes = bytesOf(this.data.keys) ?? new Uint8Array(0);
    const text = fromUtf8(bytes) ?? "";
    const read = readKeys(text);
    const isCanonical = read !== null && read.map((key) => `${key.line}\n`).join("") === text;
    const stored = isCanonical ? read : [];
    this.examined("keys", stored.length);
    if (![ED25519, P256].every((algorithm) => stored.some((key) => key.algorithm === algorithm))) {
      const expected = "an Ed25519 and an ECDSA P-256 key, one per line";
      this.failFile("keys", "keys.txt", expected, "something else");
    }
    // Of two names no checkpoint could bear both: the file that is wrong is this one.
    if (stored.some((key) => key.name !== stored[0].name)) {
      this.failFile("keys", "keys.txt", "keys of one name", "keys of several");
    }
    if (!trusted) {
      this.notChecked("trust", "keys-from-ledger");
      return stored;
    }
    this.examined("trust", trusted.length);
    for (const key of stored.filter((key) => !trusted.some((other) => other.line === key.line))) {
      const found = `${key.algorithm} with id ${key.id}`;
      this.failFile("keys", "keys.txt", "only keys that are trusted", found);
    }
    return trusted;
  }

  async records(segments) {
    const all = segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
    let done = 0;
    let index = 0;
    for await (const hashed of hashFiles(segments)) {
      const segment = segments[index++];
      await this.segment(`records/${segment.name}`, segment, hashed, (part) => this.rest(done + part, all));
      done += lengthOf(segment);
    }
    if (this.size === 0) this.failFile("records", "records", "one record at least", "none");
  }

  async segment(file, segment, hashed, rest) {
    const { ends, length } = hashed;
    const isInPart = hasHeldLines(segment);
    const sha256 = isHeldBack(segment) || isInPart ? segment.sha256 : hashed.sha256;
    const first = this.size;
    const span = { file, first, records: ends.length, bytes: (ends.at(-1) ?? -1) + 1, months: [], sha256, isInPart };
    this.tree.take(hashed);
    const lines = linesOf(segment);
    for (let index = 0; index < ends.length; index++) {
      const start = index === 0 ? 0 : ends[index - 1] + 1;
      const text = lines(start, ends[index]);
      const held = isInPart ? heldLine(segment, index) : null;
      if (held === null) this.line(span, start, ends[index], text);
      else this.held(span, start, held);
      if (index % 16 === 15) await rest(start);
    }
    if (isHeldBack(segment)) this.failFile("records", file, "a record", "something else");
    if (span.bytes < length) {
      const finding = { seq: null, file, offset: span.bytes };
      this.fail("records", { ...finding, expected: "a line feed", found: "the end of the file" });
    }
    if (span.records > SEGMENT_RECORDS || span.bytes > SEGMENT_BYTES) {
      const expected = `${SEGMENT_RECORDS} records or ${SEGMENT_BYTES} bytes at most`;
      this.failFile("records", file, expected, `${span.records} records, ${span.bytes} bytes`);
    }
    this.spans.push(span);
  }

  /** Looks at one line: its text, or null if it has none. */
  line(span, start, end, text) {
    const seq = this.size++;
    const prev = seq === 0 ? null : toHex(this.tree.leaves[seq - 1]);
    this.places.push({ file: span.file, offset: start });
    this.examined("records");
    this.examined("chain");
    const { record, problem } = readLine(text, end - start);
    span.months.push(record?.time.slice(0, 7) ?? null);
    if (problem !== undefined) return this.failRecord("records", seq, "a record", problem);
    if (record.seq !== seq) {
      this.failRecord("chain", seq, `seq ${seq}`, `seq ${record.seq}`);
    }
    if (record.prev !== prev) {
      this.failRecord("chain", seq, prev ?? "null", record.prev ?? "null");
    }
    this.items(seq, record);
    this.examined("time");
    // Instants have one spelling of one length, which sorts as they do.
    if (this.lastTime !== null && record.time < this.lastTime) {
      this.failRecord("time", seq, `a time not before ${this.lastTime}`, record.time);
    }
    this.lastTime = record.time;
    keepForApprovals(this, seq, record);
    if (record.type === "anchor" && typeof record.body.path === "string" && typeof record.body.sha256 === "string") {
      this.anchors.push({ seq, body: record.body });
    }
    if (record.type === "recovery") this.recoveries.push({ seq, body: record.body });
    if (record.type === "segment.sealed") this.seal(span, seq, record.body);
    for (const { check, expected, found } of this.laws.take(record)) {
      this.failRecord(check, seq, expected, found);
    }
    this.options.record?.(record, { seq, file: span.file, offset: start, bytes: end - start });
  }

  /** Passes over a record of which the page has the hash: what others say of it is checked. */
  held(span, start, { type, time, run }) {
    const seq = this.size++;
    this.places.push({ file: span.file, offset: start });
    span.months.push(time.slice(0, 7));
    for (const check of ["records", "chain", "time", "items"]) this.notChecked(check, "held-back");
    if (type === "run.input" || type === "run.commit") this.notChecked("conservation", "held-back");
    for (const { check, expected, found } of this.laws.take({ type, run, body: null })) {
      this.failRecord(check, seq, expected, found);
    }
    (this.checks.get("records").held ??= []).push(seq);
  }

  items(seq, record) {
    const lacks = lacksOf(record);
    if (lacks === null) return;
    this.examined("items");
    for (const { expected } of lacks) this.failRecord("items", seq, expected, "none of it");
  }

  /** Every checkpoint is of the same ledger, which is the name of its keys. */
  originOf(file, origin) {
    const name = this.signers[0]?.name;
    if (name !== undefined && !this.signers.some((key) => key.name === origin)) {
      this.failFile("checkpoints", file, name, origin);
    }
  }

  /**
   * Whether the stored records have this root; null if there are fewer. A root
   * tells of all records before it: where roots agree last and differ first,
   * the first record that was changed is between them.
   */
  isRoot(size, root) {
    const found = this.tree.rootAt(size);
    if (found === null) return null;
    const isIt = isSame(found, root);
    if (isIt) this.agreed = Math.max(this.agreed, size);
    else this.departed = Math.min(this.departed, size);
    return isIt;
  }

  departure() {
    if (this.departed === Infinity || this.departed <= this.agreed) return;
    const expected = `a record as in the checkpoint of size ${this.departed}`;
    // Before all other findings, of which there are many then.
    const checked = this.checks.get("checkpoints");
    checked.findings.unshift(this.ofRecord(this.agreed, expected, "another"));
    if (checked.findings.length > MOST_FINDINGS) {
      checked.findings.pop();
      checked.omitted += 1;
    }
  }

  /** Keeps what a seal says, for when all files were read. */
  seal(span, seq, body) {
    if (seq === span.first && span.file !== `records/${segmentName(0)}`) span.seal = body;
    else (this.stray ??= []).push(seq);
  }

  result(head) {
    const root = toHex(this.tree.rootAt(this.tree.size));
    this.checks.get("order").examined = this.laws.runs.size;
    this.checks.get("conservation").examined = this.laws.sources;
    return { origin: head?.origin ?? null, size: this.tree.size, root, checks: [...this.checks.values()] };
  }
}

/**
 * The text of each line of a file in turn; null for one that is not UTF-8. A file of which the
 * page holds the text is not decoded again, unless it says what no bytes say.
 */
function linesOf(segment) {
  if (typeof segment.text === "string" && segment.text.isWellFormed()) {
    let at = 0;
    return () => {
      const end = segment.text.indexOf("\n", at);
      const line = segment.text.slice(at, end);
      at = end + 1;
      return line;
    };
  }
  const bytes = bytesOf(segment) ?? new Uint8Array(0);
  return (start, end) => fromUtf8(bytes.subarray(start, end));
}

function segmentName(index) {
  return `${String(index).padStart(6, "0")}.jsonl`;
}

/**
 * Checks a ledger by itself and against what the reader brought.
 *
 * `options.trusted` is the text of public keys, `options.witnesses` that of
 * keys of witnesses, `options.earlier` a list of `{name, text}` of checkpoints
 * and proofs, of `{name, base64}` of time stamps and of `{name, noted}` of what was
 * written down, `options.brought` records, of which no check is; `options.record` is
 * told every record that can be read, `options.progress` how far this is.
 */
async function verify(data, options = {}) {
  const audit = new Audit(data, options);
  const trusted = options.trusted ? readKeys(options.trusted) : null;
  if (options.trusted && (trusted === null || trusted.length === 0)) {
    audit.failFile("trust", "trusted keys", "public keys, one per line", "something else");
  }
  const segments = audit.files();
  const keys = audit.keys(trusted);
  audit.signers = keys;
  await audit.records(segments);
  audit.aside();
  await checkApprovals(audit);
  await checkSeals(audit);
  const head = await checkCheckpoints(audit, keys);
  const witnesses = readWitnessKeys(options.witnesses ?? "") ?? [];
  const earlier = options.earlier ?? [];
  await checkContinuity(audit, keys, witnesses, earlier);
  await checkAnchors(audit, keys, witnesses);
  return { ...audit.result(head), proved: await proved(audit, keys, options.brought ?? [], earlier) };
}

/** Reasons that leave the whole answer as it is: nobody has an earlier checkpoint or the keys of a witness at every look. */
const REASONS_THAT_PASS = ["no-earlier-checkpoint", "no-vouchers", "vouchers-from-ledger"];

/** The worst of all answers. */
function verdictOf({ checks }) {
  if (checks.some(({ outcome }) => outcome === "fail")) return "fail";
  const counts = ({ outcome, reason }) => outcome === "not-checked" && !REASONS_THAT_PASS.includes(reason);
  return checks.some(counts) ? "not-checked" : "pass";
}

/** The first record that anything is wrong with; null if none is, or no record is named. */
function firstBad({ checks }) {
  const all = checks.flatMap(({ findings }) => findings).filter(({ seq }) => seq !== null);
  return all.reduce((first, one) => (first === null || one.seq < first.seq ? one : first), null);
}
