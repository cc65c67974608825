// The bytes of files of records in; the hash of every line, and the root of the
// tree behind it, out.
//
// Hashing takes as long as reading. A large ledger is hashed in a worker beside
// the page, on a core of its own, and a small one here, by the same code. The
// worker is this very script, which the page's policy knows by its digest.

/** Characters of records from which a worker is worth its start. */
const WORKER_FROM = 1 << 20;
/** Files that are with the worker at a time: more would stand in memory twice. */
const FILES_AHEAD = 3;

/** Hashes the files of one ledger, in order. */
class Hasher {
  constructor() {
    this.tree = new Tree();
  }

  /** Of a file, where its lines end, their hashes, the roots behind them, and its digest. */
  async take(file) {
    const bytes = bytesOf(file) ?? new Uint8Array(0);
    const ends = [];
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, end + 1)) ends.push(end);
    const leaves = new Uint8Array(32 * ends.length);
    const roots = new Uint8Array(32 * ends.length);
    ends.forEach((end, index) => {
      const leaf = heldLine(file, index)?.leaf ?? leafHash(bytes, index === 0 ? 0 : ends[index - 1] + 1, end);
      this.tree.push(leaf);
      leaves.set(leaf, 32 * index);
      roots.set(this.tree.rootAt(this.tree.size), 32 * index);
    });
    return { ends: Uint32Array.from(ends), leaves, roots, sha256: toHex(await sha256File(bytes)), length: bytes.length };
  }
}

/** In the worker: takes files, gives hashes. */
function serveHashes() {
  const hasher = new Hasher();
  let last = Promise.resolve();
  onmessage = ({ data }) => {
    last = last.then(() => hasher.take(data)).then((hashed) => {
      postMessage(hashed, [hashed.ends.buffer, hashed.leaves.buffer, hashed.roots.buffer]);
    });
  };
}

/** A worker that hashes; null where there can be none. */
function startWorker() {
  const script = globalThis.document?.querySelector("script#script");
  if (!script) return null;
  try {
    const url = URL.createObjectURL(new Blob([script.textContent], { type: "text/javascript" }));
    const worker = new Worker(url);
    URL.revokeObjectURL(url);
    return worker;
  } catch {
    return null;
  }
}

/** The hashes of every file, one after the other. */
async function* hashFiles(files) {
  const all = files.reduce((sum, file) => sum + lengthOf(file), 0);
  const worker = all < WORKER_FROM ? null : startWorker();
  let done = 0;
  if (worker !== null) {
    try {
      for await (const hashed of hashedBy(worker, files)) {
        yield hashed;
        done += 1;
      }
    } catch (error) {
      if (!(error instanceof WorkerGone)) throw error;
    } finally {
      worker.terminate();
    }
  }
  if (done === files.length) return;
  // A browser that lets no worker start: all of it here, from the first file on.
  const hasher = new Hasher();
  for (const [index, file] of files.entries()) {
    const hashed = await hasher.take(file);
    if (index >= done) yield hashed;
  }
}

class WorkerGone extends Error {}

async function* hashedBy(worker, files) {
  const waiting = [];
  const come = [];
  let gone = false;
  worker.onmessage = ({ data }) => (waiting.length > 0 ? waiting.shift().resolve(data) : come.push(data));
  worker.onerror = (event) => {
    event.preventDefault();
    gone = true;
    waiting.forEach(({ reject }) => reject(new WorkerGone()));
  };
  const send = (file) => file !== undefined && worker.postMessage(file);
  files.slice(0, FILES_AHEAD).forEach(send);
  for (let at = 0; at < files.length; at++) {
    if (gone) throw new WorkerGone();
    const hashed = come.shift() ?? (await new Promise((resolve, reject) => waiting.push({ resolve, reject })));
    send(files[at + FILES_AHEAD]);
    yield hashed;
  }
}

/** Characters that a file has in the page. */
function lengthOf(file) {
  return (file.text ?? file.base64 ?? "").length;
}

/** What was hashed so far: the leaves, and the root of each size. */
class Hashed {
  constructor() {
    this.leaves = [];
    this.roots = [];
  }

  get size() {
    return this.leaves.length;
  }

  take({ leaves, roots }) {
    for (let at = 0; at < leaves.length; at += 32) {
      this.leaves.push(leaves.subarray(at, at + 32));
      this.roots.push(roots.subarray(at, at + 32));
    }
  }

  /** Root over the first `size` leaves; null if there are fewer. */
  rootAt(size) {
    if (size === 0) return sha256(new Uint8Array(0));
    return this.roots[size - 1] ?? null;
  }
}
