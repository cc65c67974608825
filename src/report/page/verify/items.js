// A record in; what the law asks of its kind and is not there out.
//
// Which items those are is laid down in the program alone: `ITEM_TABLES` and
// `GRADES` stand before this script, and are covered by its digest. What the
// tables mean is written here a second time.

/** What a record lacks: `{expected}`, in the order of its items; null for a kind that is not known. */
function lacksOf({ type, body }) {
  if (!Object.hasOwn(ITEM_TABLES, type)) return null;
  const lacks = [];
  checkTable(ITEM_TABLES[type], body, "", lacks);
  if (type === "adequacy.review") checkReviewers(body, lacks);
  return lacks;
}

/** One reviewer where the risk is low, two where it is middling, three where it is high. */
function checkReviewers(body, lacks) {
  const least = 1 + GRADES.indexOf(own(body, "grade"));
  const reviewers = own(body, "reviewers");
  const found = Array.isArray(reviewers) ? reviewers.length : 0;
  if (found === 0 || found >= least) return;
  const item = ITEM_TABLES["adequacy.review"].find(({ key }) => key === "reviewers");
  lacks.push(lack(item, "reviewers", `${least} at least`));
}

function lack({ name }, path, what) {
  return { expected: `\`${path}\`, ${name}: ${what}` };
}

function own(table, key) {
  return Object.hasOwn(table, key) ? table[key] : null;
}

function isThere(value) {
  if (value === null) return false;
  if (typeof value === "string") return !/^\p{White_Space}*$/u.test(value);
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== "object") return true;
  for (const _ in value) return true;
  return false;
}

function isNeeded([when, key, word], table) {
  switch (when) {
    case "always":
      return true;
    case "if":
      return own(table, key) === word;
    case "without":
      return !isThere(own(table, key));
    case "with":
      return isThere(own(table, key));
    default:
      return false;
  }
}

function checkTable(items, table, path, lacks) {
  for (const item of items) {
    const value = own(table, item.key);
    if (isThere(value)) {
      checkItem(item, value, path, lacks);
    } else if (isNeeded(item.need, table)) {
      lacks.push(lack(item, within(path, item.key), "there"));
    }
  }
}

function within(path, key) {
  return path === "" ? key : `${path}.${key}`;
}

function checkItem(item, value, outer, lacks) {
  if (item.form === "table" && isObject(value)) {
    checkTable(item.items, value, within(outer, item.key), lacks);
  } else if (item.form === "tables" && Array.isArray(value)) {
    value.forEach((inner, index) => {
      const path = `${within(outer, item.key)}[${index}]`;
      if (isObject(inner)) checkTable(item.items, inner, path, lacks);
      else lacks.push(lack(item, path, "a table"));
    });
  } else if (!ITEM_FORMS[item.form](value, item.words)) {
    lacks.push(lack(item, within(outer, item.key), item.expected));
  }
}

const ITEM_FORMS = {
  text: (value) => typeof value === "string",
  number: isCount,
  flag: (value) => typeof value === "boolean",
  day: (value) => typeof value === "string" && isDay(value),
  instant: (value) => typeof value === "string" && isInstant(value),
  digest: isHash,
  one: (value, words) => words.includes(value),
  some: (value, words) => Array.isArray(value) && value.every((one) => words.includes(one)),
  texts: (value) => Array.isArray(value) && value.every((one) => typeof one === "string" && isThere(one)),
  table: () => false,
  tables: () => false,
  found: () => true,
};

/** True for one spelling of each day of the years 0 to 9999. */
function isDay(value) {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  return found !== null && found[0] === value && isDate(...found.slice(1).map(Number));
}

/** The last instant that a record can name, in milliseconds since 1970. */
const LAST_INSTANT = Date.parse("9999-12-30T22:00:00.999Z");

/** True for an instant as RFC 3339 writes it, with capital letters and without leap seconds. */
function isInstant(value) {
  const found =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|[+-](\d\d):(\d\d))$/.exec(value);
  if (found === null || found[0] !== value) return false;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const [hours, minutes] = [found[8] ?? "0", found[9] ?? "0"].map(Number);
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return false;
  if (hours > 23 || minutes > 59) return false;
  const zone = value.endsWith("Z") ? "Z" : value.slice(-6);
  return Date.parse(`${value.slice(0, 19)}.${(found[7] ?? "0").padEnd(3, "0").slice(0, 3)}${zone}`) <= LAST_INSTANT;
}
