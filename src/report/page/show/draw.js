// Values in; elements out. Text is only ever set as text: nothing that a
// record holds can become markup.

/** An element with properties and children; a child that is no node is text. */
function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A value of a record as text; "" where there is none. */
function text(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(text).filter((one) => one !== "").join(", ");
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}: ${text(one)}`).join("\n");
  if (typeof value === "boolean") return value ? say("예", "yes") : say("아니오", "no");
  return typeof value === "string" ? zoned(value) : String(value);
}

/** An instant as the institution's clocks show it; any other text as it is. */
function zoned(value) {
  return value[10] === "T" && isInstant(value) ? shown.collection.timeOf(value) : value;
}

/** Text of which no date is broken at its hyphens. */
function unbroken(value) {
  const parts = value.split(/(?<![\d-])(\d{4}-\d\d-\d\d)(?![\d-])/);
  return parts.map((part, index) => (index % 2 === 0 ? part : el("span", { class: "day" }, part)));
}

function count(number) {
  return typeof number === "number" ? number.toLocaleString("en") : text(number);
}

/** A post such as `{body, post}`; an older record may have a text. */
function post(value) {
  if (!isObject(value)) return text(value);
  return [value.body, value.post].map(text).filter((one) => one !== "").join(" ");
}

function lines(...parts) {
  return parts.map(text).filter((part) => part !== "").join("\n");
}

function span(first, last) {
  return text(first) === "" && text(last) === "" ? "" : `${text(first)} ~ ${text(last)}`;
}

/** Rows drawn at first. */
const ROWS_AT_FIRST = 200;
/** Rows printed at most: a browser cannot lay out more in one go. */
const ROWS_PRINTED = 5000;

/**
 * A table. A column is `{name, width, value, number}`; rows beyond the first
 * ones are drawn when they are asked for, or when the page is printed.
 */
function table(columns, rows, options = {}) {
  const body = el("tbody");
  let drawn = 0;
  const more = el("button", { type: "button", class: "screen-only", onclick: () => draw(drawn + 1000) });
  const draw = (until) => {
    for (; drawn < Math.min(until, rows.length); drawn++) body.append(row(columns, rows[drawn], drawn, options));
    more.hidden = drawn >= rows.length;
    more.textContent = say(`더 보기 (${count(rows.length - drawn)}행)`, `more (${count(rows.length - drawn)} rows)`);
  };
  const cols = el("colgroup", {}, columns.map((column) => {
    const col = el("col");
    if (column.width) col.style.width = column.width;
    return col;
  }));
  const head = el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col" }, column.name))));
  const all = el("div", {}, el("table", { class: "list" }, cols, head, body), more);
  if (rows.length === 0) {
    body.append(el("tr", {}, el("td", { colspan: columns.length, class: "note" }, say("해당하는 기록이 없습니다.", "No such record."))));
  }
  draw(ROWS_AT_FIRST);
  beforePrint.push(() => {
    draw(ROWS_PRINTED);
    if (rows.length > drawn) {
      all.append(el("p", { class: "print-only" }, say(`처음 ${count(drawn)}행만 인쇄했습니다. 기간을 좁히십시오.`, `Only the first ${count(drawn)} rows are printed: narrow the days.`)));
    }
  });
  return all;
}

/** Done before the page is printed, by what is shown just now. */
let beforePrint = [];

function row(columns, value, index, options) {
  const cells = columns.map((column) => {
    const shown = column.value(value, index);
    return el("td", { class: column.number ? "number" : null }, shown instanceof Node ? shown : unbroken(text(shown)));
  });
  const old = options.isOld?.(value) ? " old" : "";
  if (!options.open) return el("tr", { class: options.blank ? "fill" : null }, cells);
  const open = () => options.open(value);
  const onKey = (event) => event.key === "Enter" && open();
  return el("tr", { class: `open${old}`, tabindex: 0, onclick: open, onkeydown: onKey }, cells);
}

/** A form of two columns. What the record does not have is a line to fill in. */
function fields(pairs) {
  const rows = pairs.map(([name, value]) => {
    const shown = value instanceof Node ? value : text(value);
    return el("tr", {}, el("th", { scope: "row" }, name), shown === "" ? el("td", { class: "blank" }) : el("td", {}, shown instanceof Node ? shown : unbroken(shown)));
  });
  return el("table", {}, el("tbody", {}, rows));
}

function badge(outcome) {
  return el("span", { class: `badge ${outcome}` }, say(...OUTCOME_WORDS[outcome]));
}

function card(number, name, isBad = false) {
  return el("div", { class: isBad ? "card bad" : "card" }, el("b", {}, count(number)), el("span", {}, unbroken(name)));
}

/** Where somebody signs on paper. */
function signatures() {
  const line = (name) => el("span", {}, name);
  return el("div", { class: "sign print-only" }, line(say("담당자 (서명)", "Operator (signature)")), line(say("책임자 (서명)", "Supervisor (signature)")));
}
