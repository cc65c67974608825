// The tables of forms ❹, ❺ and ❻: what was done to which item, and what came
// of it.

function itemsTable(body) {
  return table([
    sequence(),
    column("파일", "File", "11%", (item) => item.source),
    column("항목명", "Item", "16%", (item) => lines(item.label, item.name)),
    column("원천 항목", "Field", "13%", (item) => item.field),
    column("유형", "Role", "10%", (item) => item.role),
    column("가명처리 계획", "Technique", "17%", (item) => item.technique_ko),
    column("처리 정도", "Parameters", "17%", (item) => item.parameters_ko),
    column("사유", "Reason", "12%", (item) => item.reason),
  ], (body.items ?? []).filter(isObject));
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
