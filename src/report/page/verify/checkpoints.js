// Stored checkpoints, and those that the reader brought, in; findings out.

/** Notes that are checked at a time. */
const NOTES_AT_ONCE = 64;

/** Looks at every single checkpoint and at the head, which it gives. */
async function checkCheckpoints(audit, keys) {
  const { data, tree } = audit;
  const stored = new Map();
  for (const file of data.checkpoints ?? []) {
    const size = Number(file.name.replace(/\.note$/, ""));
    if (Number.isSafeInteger(size) && size > 0 && checkpointName(size) === file.name) stored.set(size, file);
    else audit.failFile("files", `checkpoints/${file.name}`, "a checkpoint named after its size", "another");
  }
  const open = audit.spans.findLast((span) => span.records > 0);
  for (let size = (open?.first ?? 0) + 1; size <= tree.size; size++) {
    if (!stored.has(size)) {
      audit.failFile("checkpoints", `checkpoints/${checkpointName(size)}`, "a checkpoint", "none");
    }
  }
  checkUnsealed(audit, open, stored);
  const sizes = [...stored.keys()].sort((left, right) => left - right);
  for (let at = 0; at < sizes.length; at += NOTES_AT_ONCE) {
    const some = sizes.slice(at, at + NOTES_AT_ONCE);
    const opened = await Promise.all(some.map((size) => openFile(stored.get(size), keys)));
    some.forEach((size, index) => {
      const file = `checkpoints/${checkpointName(size)}`;
      audit.examined("checkpoints");
      const checkpoint = signed(audit, file, opened[index], keys);
      if (checkpoint !== null && checkpoint.size !== size) {
        audit.failFile("checkpoints", file, String(size), String(checkpoint.size));
      }
    });
    await audit.rest(at, sizes.length);
  }
  const head = await checkHead(audit, keys, stored);
  audit.departure();
  return head;
}

/** Checkpoints in one file though theirs is not sealed: a crash came before that was told of. */
function checkUnsealed(audit, open, stored) {
  const index = audit.spans.indexOf(open);
  for (const bundle of audit.data.bundles ?? []) {
    const number = Number(bundle.name.replace(/\.notes$/, ""));
    const file = `checkpoints/${bundle.name}`;
    if (!Number.isSafeInteger(number) || bundleName(number) !== bundle.name) {
      audit.failFile("files", file, "a checkpoint named after its size", "another");
      continue;
    }
    if (number < index) continue;
    const isSingle = (note, place) => {
      const single = stored.get(open.first + 1 + place);
      return single !== undefined && isSame(bytesOf(single), note);
    };
    if (number !== index || isHeldBack(bundle) || !splitNotes(bytesOf(bundle)).every(isSingle)) {
      audit.failFile("files", file, "no such file", "a file");
    }
  }
}

async function openFile(file, keys) {
  if (keys.length === 0) return { problem: "no keys" };
  return openCheckpoint(bytesOf(file) ?? new Uint8Array(0), keys);
}

/** Compares a checkpoint with the stored records. */
function signed(audit, file, { checkpoint, problem }, keys) {
  audit.examined("signatures");
  if (keys.length === 0) {
    audit.notChecked("signatures", "no-keys");
    return null;
  }
  if (problem !== undefined) {
    audit.failFile("signatures", file, "both signatures of the ledger", problem);
    return null;
  }
  audit.originOf(file, checkpoint.origin);
  const isRoot = audit.isRoot(checkpoint.size, checkpoint.root);
  if (isRoot === null) {
    const expected = `at most the ${audit.tree.size} stored records`;
    audit.failFile("checkpoints", file, expected, `${checkpoint.size} records`);
  } else if (!isRoot) {
    const expected = `root ${toHex(audit.tree.rootAt(checkpoint.size))} of the stored records`;
    audit.failFile("checkpoints", file, expected, toHex(checkpoint.root));
  }
  return checkpoint;
}

async function checkHead(audit, keys, stored) {
  const bytes = bytesOf(audit.data.head);
  if (bytes === null) {
    audit.failFile("head", "head.note", "a checkpoint", "none");
    return null;
  }
  audit.examined("head");
  const head = signed(audit, "head.note", await openFile(audit.data.head, keys), keys);
  if (keys.length > 0 && !(await hasEd25519())) {
    const checked = audit.checks.get("signatures");
    if (checked.outcome === "pass") checked.reason = "no-ed25519";
  }
  if (head === null) {
    audit.failFile("head", "head.note", "a checkpoint that counts", "another note");
    return null;
  }
  const kept = bytesOf(stored.get(head.size));
  if (kept === null || !isSame(kept, bytes)) {
    const expected = `the bytes of checkpoints/${checkpointName(head.size)}`;
    audit.failFile("head", "head.note", expected, "other bytes");
  }
  if (head.size !== audit.tree.size) {
    audit.failFile("head", "head.note", `size ${audit.tree.size}`, `size ${head.size}`);
  }
  return head;
}

/** What a finding says of whatever the reader brought should be so. */
const CONTINUED = "to be continued";

/** Whether the ledger goes on from what somebody else kept. */
async function checkContinuity(audit, keys, witnesses, earlier) {
  if (earlier.length === 0) audit.notChecked("continuity", "no-earlier-checkpoint");
  for (const file of earlier) {
    audit.examined("continuity");
    const problem = await unlike(audit, keys, witnesses, file);
    if (problem !== null) audit.failFile("continuity", file.name, problem.expected, problem.found);
  }
}

/** What is wrong with one thing that the reader brought, `{expected, found}`; null if nothing is. */
async function unlike(audit, keys, witnesses, file) {
  if (file.noted !== undefined) return discontinuity(audit.tree, file.noted);
  const bytes = bytesOf(file) ?? new Uint8Array(0);
  const stamp = readStamp(bytes);
  if (stamp === null) return discontinued(audit, keys, witnesses, bytes);
  const found = await unstamped(audit, keys, stamp);
  return found === null ? null : { expected: CONTINUED, found };
}

/** The same of a checkpoint or proof. */
async function discontinued(audit, keys, witnesses, bytes) {
  const proof = readProof(fromUtf8(bytes) ?? "");
  const note = proof === null ? bytes : toUtf8(proof.note);
  const { checkpoint, problem } = await openCheckpoint(note, keys);
  if (problem !== undefined) return ofAnother(note, keys) ?? { expected: CONTINUED, found: problem };
  const cosigned = await cosignedBy(note, witnesses);
  if (cosigned.problem !== undefined) return { expected: CONTINUED, found: cosigned.problem };
  return discontinuity(audit.tree, checkpoint, proof);
}

/** Of a note that no known key signed, that it is about another ledger; null if it names this one, or none. */
function ofAnother(note, keys) {
  const origin = readCheckpoint(readNote(note)?.text ?? "")?.origin;
  if (origin === undefined || keys.length === 0 || keys.some(({ name }) => name === origin)) return null;
  return { expected: `a checkpoint of ${keys[0].name}`, found: `a checkpoint of ${origin}` };
}

/**
 * What is wrong between the ledger and an earlier state of it, told by its root or by its audit
 * number; null if nothing is.
 */
function discontinuity(tree, { size, root, number }, proof = null) {
  // Every ledger continues the empty one: that is no answer.
  if (size === 0) return { expected: CONTINUED, found: "size 0, nothing to compare" };
  const own = tree.rootAt(size);
  if (own === null) return { expected: `${size} records at least`, found: `${tree.size} records, ${size} are known` };
  if (number !== undefined) {
    const found = auditNumber({ size, root: toHex(own) });
    return found === number ? null : { expected: `audit number ${number}`, found: `audit number ${found}` };
  }
  if (!isSame(own, root)) {
    return { expected: `root ${toHex(root)} brought for size ${size}`, found: `root ${toHex(own)} at size ${size}` };
  }
  if (proof === null || proof.index === null) return null;
  const leaf = tree.leaves[proof.index];
  const isRecord = leaf !== undefined && (proof.extra === null || isSame(leafHash(proof.extra, 0, proof.extra.length), leaf));
  const isProved = isRecord && leadsTo(leaf, proof, { size, root });
  return isProved ? null : { expected: CONTINUED, found: `record ${proof.index}: not the one that was proved` };
}

function checkpointName(size) {
  return `${String(size).padStart(10, "0")}.note`;
}
