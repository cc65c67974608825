// A signed note and keys in; its text, if the keys vouch for it, out.
//
//     text, one or more lines
//
//     — name base64(key id ‖ signature)
//     — name base64(key id ‖ signature)
//
// A note counts only if an Ed25519 key and an ECDSA P-256 key that the reader
// knows have both signed it. Where the browser has no Ed25519, P-256 decides,
// and the answer says so.
//
// Source: C2SP signed-note v1.0.0; RFC 8032 section 5.1.7; FIPS 186-5 section
// 6.4; RFC 3279 section 2.2.3 for the DER form of a signature.

const NOTE_SIGNATURES = 100;
const NOTE_BYTES = 1 << 20;
const ED25519 = "Ed25519";
const P256 = "ECDSA P-256";

/** A `SubjectPublicKeyInfo` of a P-256 key, up to its uncompressed point (RFC 5480). */
const P256_PREFIX = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const ED25519_PRIME = (1n << 255n) - 19n;
const ED25519_D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/**
 * The y of the points of small order, for which anybody can make signatures
 * that some programs accept. Libraries differ here, so both are refused: keys
 * and the R of signatures.
 */
const ED25519_WEAK = [
  0n,
  1n,
  ED25519_PRIME - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
];

function isKeyName(name) {
  return name !== "" && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}

/** `{text, signatures}`, or null if the bytes are no note. */
function readNote(bytes) {
  const note = fromUtf8(bytes);
  // eslint-disable-next-line no-control-regex
  if (note === null || bytes.length > NOTE_BYTES || /[\0-\x09\x0b-\x1f]/.test(note)) return null;
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0 || !note.endsWith("\n") || note.length < blank + 3) return null;
  const lines = note.slice(blank + 2, -1).split("\n");
  const signatures = lines.map(readSignature);
  if (lines.length > NOTE_SIGNATURES || signatures.includes(null)) return null;
  return { text: note.slice(0, blank + 1), signatures };
}

function readSignature(line) {
  const space = line.indexOf(" ", 2);
  if (!line.startsWith("— ") || space < 0) return null;
  const name = line.slice(2, space);
  const decoded = fromBase64(line.slice(space + 1));
  if (decoded === null || decoded.length < 5 || !isKeyName(name)) return null;
  return { name, id: toHex(decoded.subarray(0, 4)), bytes: decoded.subarray(4) };
}

/**
 * A key from its line `name+id+base64(type ‖ key)`; null if it is none that
 * can be used.
 */
function readKey(line) {
  const parts = line.split("+");
  const [name, id] = parts;
  const encoded = parts.length < 3 ? null : fromBase64(parts.slice(2).join("+"));
  if (encoded === null || encoded.length < 2 || !isKeyName(name)) return null;
  const bytes = encoded.subarray(1);
  let algorithm, hashed;
  if (encoded[0] === 1 && isEd25519Point(bytes)) {
    algorithm = ED25519;
    const head = toUtf8(`${name}\n`);
    hashed = new Uint8Array(head.length + encoded.length);
    hashed.set(head);
    hashed.set(encoded, head.length);
  } else if (encoded[0] === 2 && isP256Key(bytes)) {
    // Not over the name: this type took its id from certificate logs.
    algorithm = P256;
    hashed = bytes;
  } else {
    return null;
  }
  if (toHex(sha256(hashed).subarray(0, 4)) !== id) return null;
  return { name, id, algorithm, bytes, line, imported: null };
}

/** The keys of a file of them, one a line; null if one line is no key. */
function readKeys(text) {
  const keys = text.split("\n").filter((line) => line.trim() !== "").map((line) => readKey(line.trim()));
  return keys.includes(null) ? null : keys;
}

function littleEndian(bytes) {
  return BigInt("0x" + toHex(Uint8Array.from(bytes).reverse()));
}

function ed25519Y(bytes) {
  return (littleEndian(bytes) & ((1n << 255n) - 1n)) % ED25519_PRIME;
}

function power(base, exponent, modulus) {
  let result = 1n;
  for (let square = base % modulus; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** True for a point of the curve that is not of small order. */
function isEd25519Point(bytes) {
  if (bytes.length !== 32) return false;
  const y = ed25519Y(bytes);
  if (ED25519_WEAK.includes(y)) return false;
  const p = ED25519_PRIME;
  const above = (y * y - 1n + p) % p;
  const below = (ED25519_D * y * y + 1n) % p;
  // x² = above / below must be a square (Euler's criterion).
  const square = (above * power(below, p - 2n, p)) % p;
  return power(square, (p - 1n) / 2n, p) === 1n;
}

const P256_PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const P256_B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

function isP256Key(bytes) {
  const hex = toHex(bytes);
  if (bytes.length !== 91 || !hex.startsWith(P256_PREFIX)) return false;
  const x = BigInt("0x" + hex.slice(54, 118));
  const y = BigInt("0x" + hex.slice(118));
  const p = P256_PRIME;
  const isInField = x < p && y < p;
  return isInField && (y * y - (x * x * x - 3n * x + P256_B)) % p === 0n;
}

/**
 * DER `SEQUENCE { r INTEGER, s INTEGER }` to r ‖ s of 32 bytes each, which is
 * what WebCrypto takes. Null for any but the one DER spelling, and for numbers
 * that no signature has.
 */
function derToPlain(der) {
  if (der.length < 8 || der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 0x7f) return null;
  const plain = new Uint8Array(64);
  let at = 2;
  for (const place of [0, 32]) {
    const length = der[at + 1];
    const end = at + 2 + length;
    if (der[at] !== 2 || !(length >= 1) || length > 33 || end > der.length) return null;
    let start = at + 2;
    if (der[start] & 0x80) return null;
    // A zero before a byte below 0x80 could be left out.
    if (der[start] === 0 && length > 1 && !(der[start + 1] & 0x80)) return null;
    if (length === 33) {
      if (der[start] !== 0) return null;
      start++;
    }
    plain.set(der.subarray(start, end), place + 32 - (end - start));
    const number = BigInt("0x" + toHex(plain.subarray(place, place + 32)));
    if (number === 0n || number >= P256_ORDER) return null;
    at = end;
  }
  return at === der.length ? plain : null;
}

/** True, false, or null where the browser cannot tell. */
async function verifies(key, text, signature) {
  const isEd25519 = key.algorithm === ED25519;
  const plain = isEd25519 ? signature : derToPlain(signature);
  if (plain === null || plain.length !== 64) return false;
  if (isEd25519 && ED25519_WEAK.includes(ed25519Y(plain.subarray(0, 32)))) return false;
  if (isEd25519 && !(await hasEd25519())) return null;
  key.imported ??= isEd25519
    ? crypto.subtle.importKey("raw", key.bytes, ED25519, false, ["verify"])
    : crypto.subtle.importKey("spki", key.bytes, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const how = isEd25519 ? ED25519 : { name: "ECDSA", hash: "SHA-256" };
  return crypto.subtle.verify(how, await key.imported, plain, toUtf8(text));
}

let ed25519Answer = null;

/** Whether this browser knows Ed25519: asked once, with the key of RFC 8032, test 1. */
function hasEd25519() {
  const bytes = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const raw = Uint8Array.from(bytes.match(/../g), (byte) => parseInt(byte, 16));
  ed25519Answer ??= crypto.subtle.importKey("raw", raw, ED25519, false, ["verify"]).then(
    () => true,
    () => false,
  );
  return ed25519Answer;
}

/**
 * What known keys say of a note: `{text}` if they vouch for it, `{problem}`
 * if not. A signature by a known key that does not verify refuses the note;
 * signatures by other keys are passed over.
 */
async function openNote(bytes, keys) {
  const note = readNote(bytes);
  if (note === null) return { problem: "note: not in the form of a signed note" };
  const signed = new Set();
  for (const signature of note.signatures) {
    // Two keys can share name and id: ids are short. Either may fit.
    const named = keys.filter((key) => key.name === signature.name && key.id === signature.id);
    if (named.length === 0) continue;
    const answers = await Promise.all(named.map((key) => verifies(key, note.text, signature.bytes)));
    const index = answers.findIndex((answer) => answer !== false);
    if (index < 0) return { problem: `note: signature does not verify, key id ${signature.id}` };
    signed.add(named[index].algorithm);
  }
  for (const algorithm of [ED25519, P256]) {
    if (!signed.has(algorithm)) {
      return { problem: `note: no signature by a known ${algorithm} key, one is needed` };
    }
  }
  return { text: note.text };
}

/** Origin, size and root of a checkpoint's text; null if it is none (C2SP tlog-checkpoint). */
function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] !== "" || lines[0] === "") return null;
  const [origin, digits, base64] = lines;
  const size = /^(0|[1-9][0-9]{0,15})$/.test(digits) ? Number(digits) : NaN;
  const root = fromBase64(base64);
  if (!Number.isSafeInteger(size) || root === null || root.length !== 32) return null;
  return { origin, size, root };
}

/** `{checkpoint}`, or `{problem}` in words. */
async function openCheckpoint(bytes, keys) {
  const { text, problem } = await openNote(bytes, keys);
  if (problem !== undefined) return { problem };
  const checkpoint = readCheckpoint(text);
  if (checkpoint === null) {
    return { problem: "checkpoint: text is not three lines of origin, size and root" };
  }
  return { checkpoint };
}

/**
 * The parts of a C2SP tlog-proof: `{index, path, note, extra}`; null if it is none.
 *
 * The extra data of one is the record itself, or null. The index of a proof of
 * consistency (C2SP tlog-witness) is null: who has all records needs its
 * checkpoint alone.
 */
function readProof(text) {
  const blank = text.indexOf("\n\n");
  const lines = blank < 0 ? [] : text.slice(0, blank).split("\n");
  const isOfRecord = lines[0] === "c2sp.org/tlog-proof@v1";
  if (isOfRecord) lines.shift();
  const hasExtra = isOfRecord && lines[0]?.startsWith("extra ");
  const extra = hasExtra ? fromBase64(lines.shift().slice(6)) : null;
  if (hasExtra && extra === null) return null;
  const place = (isOfRecord ? /^index (0|[1-9][0-9]{0,14})$/ : /^old (0|[1-9][0-9]{0,14})$/).exec(lines.shift() ?? "");
  const path = lines.map(fromBase64);
  if (place === null || path.some((hash) => hash === null || hash.length !== 32)) return null;
  return { index: isOfRecord ? Number(place[1]) : null, path, note: text.slice(blank + 2), extra };
}
