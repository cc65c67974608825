// Records of runs in; the ones that contradict each other out.
//
//     run.begin ─► run.input … ─► run.commit ─► run.published
//         └────────────┴──► run.refused   └──► run.undone
//         └────────────┴──► run.undone
//
//     lines = rows + rejected + suppressed + excluded + blank
//
// The second law holds for every file and every source of a run, and a
// source's lines are those of the files that were read for it.

/** By kind, the stages it may follow and the one it leads to. */
const RUN_STEPS = {
  "run.begin": [["nothing"], "begun"],
  "run.input": [["begun"], "begun"],
  "run.commit": [["begun"], "committed"],
  "run.published": [["committed"], "published"],
  "run.refused": [["begun"], "refused"],
  "run.undone": [["begun", "committed"], "undone"],
};

/** What the records of runs say about each other, one record at a time. */
class Laws {
  constructor() {
    this.runs = new Map();
    this.sources = 0;
  }

  /** The breaches of a record: `{check, expected, found}`. */
  take(record) {
    const step = Object.hasOwn(RUN_STEPS, record.type) ? RUN_STEPS[record.type] : null;
    if (step === null) return [];
    if (record.run === null) {
      return [{ check: "order", expected: "the name of a run", found: "none" }];
    }
    let run = this.runs.get(record.run);
    if (run === undefined) {
      run = { stage: "nothing", inputs: new Map(), isWhole: true };
      this.runs.set(record.run, run);
    }
    const breaches = [];
    const [before, after] = step;
    if (before.includes(run.stage)) {
      run.stage = after;
    } else {
      const expected = `a record that may follow \`${run.stage}\``;
      breaches.push({ check: "order", expected, found: "another" });
    }
    // One that was held back has no body.
    if (record.body === null) {
      run.isWhole = false;
      return breaches;
    }
    if (record.type === "run.input") breaches.push(...addInput(record.body, run.inputs));
    if (record.type === "run.commit") breaches.push(...this.balance(record.body, run));
    return breaches;
  }

  balance(body, { inputs, isWhole }) {
    if (!Array.isArray(body.sources)) return [shapeBreach()];
    const breaches = [];
    const rest = new Map(inputs);
    for (const source of body.sources) {
      this.sources += 1;
      const counts = account(source);
      if (counts === null || typeof source.name !== "string") {
        breaches.push(shapeBreach());
        continue;
      }
      breaches.push(...unbalanced(counts));
      // A source that is listed twice finds no files the second time.
      const files = rest.get(source.name) ?? 0;
      rest.delete(source.name);
      if (isWhole && files !== counts.lines) {
        const expected = `${files} lines, as in the files read`;
        breaches.push({ check: "conservation", expected, found: `${counts.lines} lines` });
      }
    }
    for (const files of isWhole ? rest.values() : []) {
      const expected = `a source with ${files} lines`;
      breaches.push({ check: "conservation", expected, found: "none" });
    }
    return breaches;
  }
}

function addInput(body, inputs) {
  if (typeof body.source !== "string" || !Array.isArray(body.files)) return [shapeBreach()];
  const breaches = [];
  let sum = inputs.get(body.source) ?? 0;
  for (const file of body.files) {
    const counts = account(file);
    breaches.push(...(counts === null ? [shapeBreach()] : unbalanced(counts)));
    sum += counts?.lines ?? 0;
  }
  inputs.set(body.source, sum);
  return breaches;
}

/** Lines that came in, and lines accounted for; null if a count is missing. */
function account(entry) {
  if (!isObject(entry)) return null;
  const own = (key) => (Object.hasOwn(entry, key) && isCount(entry[key]) ? entry[key] : NaN);
  const lines = own("lines");
  const accounted = ["rows", "rejected", "suppressed", "excluded", "blank"].reduce(
    (sum, key) => sum + own(key),
    0,
  );
  return Number.isNaN(lines + accounted) ? null : { lines, accounted };
}

function unbalanced({ lines, accounted }) {
  if (lines === accounted) return [];
  const [expected, found] = [lines, accounted].map((count) => `${count} lines accounted for`);
  return [{ check: "conservation", expected, found }];
}

function shapeBreach() {
  return { check: "conservation", expected: "the body of its type", found: "another" };
}
