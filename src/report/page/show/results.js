// The tables of forms ❹, ❺ and ❻: what was done to which item, and what came
// of it. What no record says is a column or a row to be filled in by hand.

/**
 * 유형 of an item by the technique that its record names, where that is for one kind of data alone.
 * Of others no record says it.
 */
const TYPE_OF_TECHNIQUE = {
  pseudonym: "KEY", serial: "KEY", seal: "KEY",
  round_number: "수치형", range: "수치형", coding: "수치형", noise: "수치형", microaggregate: "수치형",
  category: "범주형", class: "범주형", place: "범주형", mac: "범주형", agent: "범주형",
};

function itemsOf(body) {
  return (body.items ?? []).filter(isObject);
}

function typeOf({ technique }) {
  return Object.hasOwn(TYPE_OF_TECHNIQUE, technique ?? "") ? TYPE_OF_TECHNIQUE[technique] : "";
}

function filesTable(body) {
  return table([
    sequence("No"),
    column("파일 관계 (주·부)", "Main or joined", "9%", () => ""),
    column("파일명", "File", "22%", (source) => lines(source.name, source.path)),
    { ...column("항목 수", "Items", "8%", ({ name }) => count(itemsOf(body).filter(({ source }) => source === name).length)), number: true },
    { ...column("데이터 건수", "Rows", "11%", (source) => count(source.lines)), number: true },
    { ...column("정보주체 수", "Data subjects", "11%", (source) => count(source.gate?.persons_before)), number: true },
    column("수집 항목·보유기간(근거)", "Collected item, retention", "20%", (source) => lines(source.item, source.retention, source.retention_basis)),
    column("비고", "Remarks", "14%", () => ""),
  ], (body.sources ?? []).filter(isObject));
}

function itemsTable(body) {
  return table([
    sequence("No"),
    column("파일명", "File", "9%", (item) => item.source),
    column("항목명", "Item", "14%", (item) => lines(item.label, item.name)),
    column("유형", "Type", "8%", typeOf),
    column("항목 구분", "Role", "10%", (item) => item.role),
    column("예시", "Example", "10%", () => ""),
    column("항목 설명 (원천 항목)", "Description (field)", "14%", (item) => item.field),
    column("가명처리 계획", "Technique", "19%", (item) => lines(item.technique_ko, item.parameters_ko)),
    column("사유", "Reason", "11%", (item) => item.reason),
  ], itemsOf(body));
}

/** The methods of a kind of data, in the order in which the items have them. */
function methodsTable(body) {
  const kinds = [["결합키·KEY", "Keys", "KEY"], ["범주형", "Categories", "범주형"], ["수치형", "Numbers", "수치형"], ["기타", "Others", ""]];
  const rows = kinds.map(([korean, english, type]) => {
    const methods = [...new Set(itemsOf(body).filter((item) => typeOf(item) === type).map((item) => text(item.technique_ko)))].filter((one) => one !== "");
    return [say(korean, english), "", methods[0] ?? "", methods[1] ?? "", lines(...methods.slice(2))];
  });
  return blankTable([["데이터 유형", "Type", "16%"], ["순서", "Order", "9%"], ["방법 1", "Method 1", "25%"], ["방법 2", "Method 2", "25%"], ["방법 3", "Method 3", "25%"]], rows);
}

/** Values are not in the ledger: they are filled in by hand. */
function categoriesTable(body) {
  const rows = itemsOf(body).filter((item) => typeOf(item) === "범주형").map(({ label, name }) => [text(label ?? name)]);
  return blankTable([["항목", "Item", "30%"], ["값", "Value", "30%"], ["빈도수", "Frequency", "20%"], ["구성비(%)", "Share (%)", "20%"]], [...rows, []]);
}

function numbersTable(body) {
  const names = itemsOf(body).filter((item) => typeOf(item) === "수치형").map(({ label, name }) => text(label ?? name));
  const rows = [...names, ""].flatMap((name) => [[name, say("처리 전", "before")], [name, say("처리 후", "after")]]);
  return blankTable([["항목", "Item", "26%"], ["구분", "When", "14%"], ["최솟값(Min)", "Min", "15%"], ["최솟값 빈도", "its frequency", "15%"], ["최댓값(Max)", "Max", "15%"], ["최댓값 빈도", "its frequency", "15%"]], rows);
}

/** A table whose empty cells are filled in by hand. */
function blankTable(names, rows) {
  return table(names.map(([korean, english, width], at) => column(korean, english, width, (row) => row[at])), rows, { blank: true });
}

/** Rows, and empty ones up to so many. */
function blanks(rows, least) {
  return [...rows, ...Array.from({ length: Math.max(0, least - rows.length) }, () => [])];
}

function resultsTable(body) {
  const number = (korean, english, value) => ({ ...column(korean, english, "11%", (source) => count(value(source))), number: true });
  const outputs = (body.outputs ?? []).filter(isObject);
  const output = ({ name }) => outputs.find(({ source }) => source === name);
  const isLookedUp = (source) => output(source) === undefined && source.rows > 0;
  return table([
    column("파일", "File", "12%", (source) => lines(source.name, isLookedUp(source) ? say("(표 없이 읽기만 함)", "(read, no table)") : "")),
    number("원천 행", "Lines", ({ lines: all }) => all),
    number("가명정보 행", "Rows", (source) => output(source)?.rows ?? 0),
    number("삭제한 행", "Suppressed", ({ suppressed }) => suppressed),
    number("해석 불가", "Rejected", ({ rejected }) => rejected),
    number("대상 아님", "Excluded", ({ excluded }) => excluded),
    number("빈 행", "Blank", ({ blank }) => blank),
    number("최소 집합(행)", "Smallest class", ({ gate }) => gate?.k),
    number("최소 집합(명)", "in persons", ({ gate }) => gate?.k_persons),
  ], (body.sources ?? []).filter(isObject));
}

function changesTable(body) {
  const rows = (body.sources ?? []).flatMap((source) => [
    ...(source?.changed ?? []),
    ...(source?.gate?.blanked ?? []).map((one) => ({ ...one, rows: one.cells })),
  ]);
  return table([
    column("항목", "Item", "30%", ({ column: name }) => name),
    column("예외 방법", "Technique", "30%", ({ technique_ko }) => technique_ko),
    { ...column("값의 수", "Values", "20%", ({ values }) => count(values)), number: true },
    { ...column("행 수", "Rows", "20%", (one) => count(one.rows)), number: true },
  ], rows.filter(isObject));
}

function outputsTable(body) {
  return table([
    column("가명정보 파일", "Output", "40%", ({ path }) => path),
    { ...column("행", "Rows", "10%", ({ rows }) => count(rows)), number: true },
    column("SHA-256", "SHA-256", "50%", ({ sha256: digest }) => el("span", { class: "hash" }, text(digest))),
  ], (body.outputs ?? []).filter(isObject));
}

function maskedTable(body) {
  const rows = (body.sources ?? []).flatMap((source) => source?.masked ?? []);
  return table([
    column("항목", "Item", "40%", ({ column: name }) => name),
    column("찾은 개인정보", "Found", "30%", ({ kind_ko }) => kind_ko),
    { ...column("행", "Rows", "30%", (one) => count(one.rows)), number: true },
  ], rows.filter(isObject));
}
