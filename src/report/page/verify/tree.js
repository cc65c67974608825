// Leaf hashes in; roots, and the check of a proof, out.
//
//     leaf = SHA-256(0x00 ‖ line)        node = SHA-256(0x01 ‖ left ‖ right)
//
// Source: RFC 6962 section 2.1; RFC 9162 section 2.1.3.2.

const nodeBytes = new Uint8Array(64);

function leafHash(bytes, start, end) {
  return sha256(bytes, start, end, 0);
}

function nodeHash(left, right) {
  nodeBytes.set(left, 0);
  nodeBytes.set(right, 32);
  return sha256(nodeBytes, 0, 64, 1);
}

/** An append-only tree. `levels[l][i]` covers the leaves `i·2^l ..< (i+1)·2^l`. */
class Tree {
  constructor() {
    this.levels = [[]];
  }

  get size() {
    return this.levels[0].length;
  }

  push(leaf) {
    let hash = leaf;
    for (let level = 0; ; level++) {
      if (this.levels.length === level) this.levels.push([]);
      const row = this.levels[level];
      row.push(hash);
      if (row.length % 2 === 1) return;
      hash = nodeHash(row[row.length - 2], hash);
    }
  }

  /** Root over the first `size` leaves; null if there are fewer. */
  rootAt(size) {
    if (size > this.size) return null;
    if (size === 0) return sha256(new Uint8Array(0));
    // The complete parts that `size` is made of, the smallest and last first.
    let root = null;
    let end = size;
    for (let level = 0; end > 0; level++, end = Math.floor(end / 2)) {
      if (end % 2 === 0) continue;
      const part = this.levels[level][end - 1];
      root = root === null ? part : nodeHash(part, root);
    }
    return root;
  }
}

/** The root that an audit path leads to; null if it does not fit the size. */
function rootOfPath(leaf, index, size, path) {
  if (index >= size) return null;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a sibling is carried up until it is a right child.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}
