// Text and bytes in; bytes and text out. Nothing here guesses: what is not in
// its one spelling is null.

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const utf8Writer = new TextEncoder();
const utf8Reader = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Lower-case hexadecimal digits. */
function toHex(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += HEX[bytes[i]];
  return text;
}

function toUtf8(text) {
  return utf8Writer.encode(text);
}

/** The text, or null if the bytes are not UTF-8. */
function fromUtf8(bytes) {
  try {
    return utf8Reader.decode(bytes);
  } catch {
    return null;
  }
}

function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return btoa(text);
}

/** Standard base64 with padding (RFC 4648); null for any other spelling. */
function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const plain = atob(text);
  // Bits that no byte uses would give a second spelling.
  if (btoa(plain) !== text) return null;
  const bytes = new Uint8Array(plain.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = plain.charCodeAt(i);
  return bytes;
}

function isSame(left, right) {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** Whether the page has the digest alone of a file, for a key or secret lay in it. */
function isHeldBack(file) {
  return typeof file?.sha256 === "string" && file.text === undefined && file.base64 === undefined;
}

/** What stands in the place of a record that held a key or secret: its hash, type, time and run; null if it is there. */
function heldLine(file, index) {
  const held = Object.hasOwn(file?.held ?? {}, index) ? file.held[index] : null;
  if (!isHash(held?.leaf) || !["type", "time", "run"].every((key) => RECORD_FORMS[key](held[key]))) return null;
  return { ...held, leaf: Uint8Array.from(held.leaf.match(/../g), (byte) => parseInt(byte, 16)) };
}

/** Whether the page has not all lines of a file: its digest is what the page says, and nothing that was checked. */
function hasHeldLines(file) {
  return typeof file?.sha256 === "string" && Object.keys(file.held ?? {}).length > 0;
}

/** The exact bytes of a file of the page's data; null if there is none, and none of one that was held back. */
function bytesOf(file) {
  if (file === null || file === undefined) return null;
  if (isHeldBack(file)) return new Uint8Array(0);
  if (typeof file === "string") return toUtf8(file);
  if (typeof file.text === "string") return toUtf8(file.text);
  return typeof file.base64 === "string" ? fromBase64(file.base64) : null;
}
