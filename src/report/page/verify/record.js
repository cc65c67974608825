// The bytes of one line in; a record, or why they are none, out.
//
// Source: the seven keys and their forms as in `src/ledger/record.rs`; C2SP
// tlog-tiles for the limit of 65,535 bytes.

const RECORD_BYTES = 65535;
const RECORD_KEYS = ["seq", "type", "time", "run", "actor", "prev", "body"];

function readRecord(bytes) {
  return readLine(fromUtf8(bytes), bytes.length);
}

/** `{record}`, or `{problem}` in words, of a line of so many bytes; its text is null if they are not UTF-8. */
function readLine(text, length) {
  if (length > RECORD_BYTES) {
    return { problem: `record: ${length} bytes, at most ${RECORD_BYTES}` };
  }
  if (text === null) return { problem: "record: not readable: not UTF-8" };
  const { value, problem } = readJson(text);
  if (problem !== undefined) return { problem: `record: not readable: ${problem}` };
  if (!isObject(value) || Object.keys(value).length !== RECORD_KEYS.length ||
      !RECORD_KEYS.every((key) => Object.hasOwn(value, key))) {
    return { problem: `record: keys differ from \`${RECORD_KEYS.join(", ")}\`` };
  }
  const wrong = RECORD_KEYS.find((key) => !RECORD_FORMS[key](value[key]));
  if (wrong !== undefined) return { problem: `\`${wrong}\`: not in the form that the field needs` };
  return { record: value };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Integers here are exact: the reader refused any other number. */
function isCount(value) {
  return typeof value === "number" && value >= 0;
}

const RECORD_FORMS = {
  seq: isCount,
  type: (value) => typeof value === "string" && /^[a-z0-9._-]{1,64}$/.test(value),
  time: isTime,
  run: (value) => value === null || isName(value),
  actor: isName,
  prev: (value) => value === null || isHash(value),
  body: isObject,
};

function isHash(value) {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isName(value) {
  if (typeof value !== "string" || value === "" || value.length > 256) return false;
  return value.length <= 85 || toUtf8(value).length <= 256;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** The last instant that the writer's clock can name. */
const LAST_TIME = "9999-12-30T22:00:00.999Z";

/** True for one spelling of each instant: `2026-11-22T18:00:00.000Z`. */
function isTime(value) {
  if (typeof value !== "string") return false;
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.\d{3}Z$/.exec(value);
  if (found === null || found[0].length !== 24) return false;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  return isDate(year, month, day) && hour < 24 && minute < 60 && second < 60 && value <= LAST_TIME;
}

function isDate(year, month, day) {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeap ? 29 : DAYS[month - 1];
  // A month that is none has no days, and no day is within them.
  return day >= 1 && day <= days;
}
