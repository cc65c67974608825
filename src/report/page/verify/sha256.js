// Bytes in; their SHA-256 out, at once.
//
// WebCrypto answers later, once per message, which for 100,000 short records
// takes longer than hashing them here; of whole files it is the faster one.
// `sha256SelfTest` compares the two.
//
// Source: FIPS 180-4.

const SHA256_K = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
const SHA256_START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

const sha256Words = new Int32Array(64);
const sha256State = new Int32Array(8);
const sha256Tail = new Uint8Array(128);
const sha256TailView = new DataView(sha256Tail.buffer);

/** Takes in the 64 bytes at `at`. */
function sha256Block(bytes, at) {
  const w = sha256Words;
  const h = sha256State;
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], last = h[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (last + s1 + ((e & f) ^ (~e & g)) + SHA256_K[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    last = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += last;
}

/**
 * SHA-256 of `bytes[start..end]`, with one byte before them if `prefix` is
 * not negative.
 */
function sha256(bytes, start = 0, end = bytes.length, prefix = -1) {
  sha256State.set(SHA256_START);
  const before = prefix < 0 ? 0 : 1;
  const length = end - start + before;
  let at = start;
  let held = 0;
  if (before === 1) {
    sha256Tail[0] = prefix;
    held = 1;
    if (length >= 64) {
      sha256Tail.set(bytes.subarray(at, at + 63), 1);
      at += 63;
      held = 0;
      sha256Block(sha256Tail, 0);
    }
  }
  for (; held === 0 && end - at >= 64; at += 64) sha256Block(bytes, at);
  sha256Tail.set(bytes.subarray(at, end), held);
  held += end - at;
  sha256Tail[held++] = 0x80;
  const size = held <= 56 ? 64 : 128;
  sha256Tail.fill(0, held, size);
  sha256TailView.setUint32(size - 8, Math.floor(length / 0x20000000));
  sha256TailView.setUint32(size - 4, (length << 3) >>> 0);
  sha256Block(sha256Tail, 0);
  if (size === 128) sha256Block(sha256Tail, 64);
  const digest = new Uint8Array(32);
  for (let i = 0; i < 32; i++) digest[i] = sha256State[i >> 2] >>> (24 - 8 * (i & 3));
  return digest;
}

/** SHA-256 of a whole file. */
async function sha256File(bytes) {
  // Some browsers have no WebCrypto in a worker of a page from the disk.
  if (globalThis.crypto?.subtle === undefined) return sha256(bytes);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Compares with WebCrypto at the lengths where blocks begin and end. */
async function sha256SelfTest() {
  const lengths = [0, 1, 54, 55, 56, 62, 63, 64, 65, 118, 119, 120, 127, 128, 129, 1000];
  for (const length of lengths) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 0xff);
    const prefixed = Uint8Array.from([1, ...bytes]);
    const plain = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
    const other = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", prefixed)));
    if (toHex(sha256(bytes)) !== plain || toHex(sha256(bytes, 0, length, 1)) !== other) return false;
  }
  return true;
}
