// One line of text in; whether every reader of JSON understands it alike out.
//
// JSON leaves open what two equal keys mean, how exact a number is and what
// becomes of control characters. Evidence must not depend on any of that, so
// all three are refused, and only then does `JSON.parse` read the line.
//
// Source: RFC 8259; RFC 7493 (I-JSON) sections 2.2 and 2.3.

/** Deepest nesting. */
const JSON_DEPTH = 127;

/** Thrown by the reader below, and caught in `readJson`. */
class Unreadable extends Error {}

/** `{value}`, or `{problem}` in words. */
function readJson(text) {
  try {
    const end = skipValue(text, skipSpace(text, 0), JSON_DEPTH);
    if (skipSpace(text, end) !== text.length) throw new Unreadable(syntax(end));
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    if (error instanceof SyntaxError) return { problem: "not JSON" };
    throw error;
  }
}

function syntax(at) {
  return `character ${at + 1}: not JSON`;
}

function skipSpace(text, at) {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return at;
    at++;
  }
}

/** The place behind the value that begins at `at`. */
function skipValue(text, at, depth) {
  switch (text.charCodeAt(at)) {
    case 123:
      return skipObject(text, at, depth);
    case 91:
      return skipArray(text, at, depth);
    case 34:
      return skipString(text, at).end;
    case 116:
      return skipWord(text, at, "true");
    case 102:
      return skipWord(text, at, "false");
    case 110:
      return skipWord(text, at, "null");
    default:
      return skipNumber(text, at);
  }
}

function skipWord(text, at, word) {
  if (!text.startsWith(word, at)) throw new Unreadable(syntax(at));
  return at + word.length;
}

function skipNumber(text, at) {
  let end = at;
  const isNegative = text.charCodeAt(end) === 45;
  if (isNegative) end++;
  const first = end;
  while (isDigit(text.charCodeAt(end))) end++;
  if (end === first || (text.charCodeAt(first) === 48 && end > first + 1)) {
    throw new Unreadable(syntax(at));
  }
  const next = text.charCodeAt(end);
  const isFloat = next === 46 || next === 101 || next === 69;
  if (isFloat || (isNegative && text.charCodeAt(first) === 48)) {
    throw new Unreadable("a number is not an integer");
  }
  if (end - first > 15 && !Number.isSafeInteger(Number(text.slice(at, end)))) {
    throw new Unreadable("an integer is too large, must be below 2^53");
  }
  return end;
}

function isDigit(code) {
  return code >= 48 && code <= 57;
}

/** True if a text can only be refused: Unicode's `Cc`. */
function isControl(code) {
  return code < 32 || (code >= 127 && code < 160);
}

/**
 * The place behind a string, and whether it has escapes. A half of a
 * surrogate pair has no UTF-8, so it can only come from an escape.
 */
function skipString(text, at) {
  let isEscaped = false;
  for (let i = at + 1; ; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      if (isEscaped) checkEscaped(text.slice(at, i + 1), at);
      return { end: i + 1, isEscaped };
    }
    if (code === 92) {
      isEscaped = true;
      i++;
    } else if (!(code >= 32)) {
      throw new Unreadable(syntax(i));
    } else if (code >= 127 && code < 160) {
      throw new Unreadable("a string holds a control character");
    }
  }
}

function checkEscaped(quoted, at) {
  let plain;
  try {
    plain = JSON.parse(quoted);
  } catch {
    throw new Unreadable(syntax(at));
  }
  if (!plain.isWellFormed()) throw new Unreadable(syntax(at));
  for (let i = 0; i < plain.length; i++) {
    if (isControl(plain.charCodeAt(i))) throw new Unreadable("a string holds a control character");
  }
}

function skipArray(text, at, depth) {
  if (depth === 0) throw new Unreadable(syntax(at));
  at = skipSpace(text, at + 1);
  if (text.charCodeAt(at) === 93) return at + 1;
  for (;;) {
    at = skipSpace(text, skipValue(text, at, depth - 1));
    const code = text.charCodeAt(at);
    if (code === 93) return at + 1;
    if (code !== 44) throw new Unreadable(syntax(at));
    at = skipSpace(text, at + 1);
  }
}

function skipObject(text, at, depth) {
  if (depth === 0) throw new Unreadable(syntax(at));
  const keys = new Set();
  at = skipSpace(text, at + 1);
  if (text.charCodeAt(at) === 125) return at + 1;
  for (;;) {
    if (text.charCodeAt(at) !== 34) throw new Unreadable(syntax(at));
    const { end, isEscaped } = skipString(text, at);
    const key = isEscaped ? JSON.parse(text.slice(at, end)) : text.slice(at + 1, end - 1);
    if (keys.has(key)) throw new Unreadable(`character ${end}: a key stands there twice`);
    keys.add(key);
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== 58) throw new Unreadable(syntax(at));
    at = skipSpace(text, skipValue(text, skipSpace(text, at + 1), depth - 1));
    const code = text.charCodeAt(at);
    if (code === 125) return at + 1;
    if (code !== 44) throw new Unreadable(syntax(at));
    at = skipSpace(text, at + 1);
  }
}
