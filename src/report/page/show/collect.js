// Records in, one at a time; what the ledgers and forms are made of out.
//
// Bodies are not kept: 100,000 of them would not fit. Where a record stands
// is, and its bytes are read again when it is shown.

/** Kinds that ledgers list, with their bodies. There are few of them. */
const LISTED = new Set([
  "ledger.init", "key.create", "key.retired", "key.destroyed", "additional.destroyed", "data.destroyed",
  "provision", "combination.files", "retention.requested", "retention.approved", "retention.done",
  "incident", "rights.granted", "rights.changed", "rights.revoked", "access", "risk.review",
  "adequacy.review", "plan.approved", "config.change", "night.blocked", "verify.done", "anchor",
]);

class Collection {
  constructor(data) {
    this.data = data;
    /** Every record: `{seq, type, time, day, run, actor, number, subject, place}`. */
    this.all = [];
    /** Records with their bodies, by kind. */
    this.listed = new Map([...LISTED].map((type) => [type, []]));
    /** Runs by name. */
    this.runs = new Map();
    /** By pipeline, the dates for which a night came. */
    this.nights = new Map();
    /** By the number of an entry, the later one that takes its place (정정). */
    this.corrections = new Map();
    /** Where the institution is: days begin and times are shown by its clocks. */
    this.zone = data.zone ?? "Asia/Seoul";
    const options = { timeZone: this.zone, year: "numeric", month: "2-digit", day: "2-digit" };
    this.days = new Intl.DateTimeFormat("sv-SE", options);
    this.times = new Intl.DateTimeFormat("sv-SE", { ...options, hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.lastHour = "";
    this.lastDay = "";
  }

  /** The day on which something happened, where the institution is. */
  dayOf(time) {
    // Days change on the hour; asking the calendar for every record is slow.
    const hour = time.slice(0, 14);
    const part = `${hour}${Math.floor(Number(time.slice(14, 16)) / 15)}`;
    if (part !== this.lastHour) {
      this.lastHour = part;
      this.lastDay = this.days.format(new Date(time));
    }
    return this.lastDay;
  }

  add(record, place) {
    const { seq, type, time, run, actor, body } = record;
    const subject = text(body.pipeline) || text(body.management_no) || text(body.name);
    const entry = { seq: place.seq, claimed: seq, type, time, day: this.dayOf(time), run, actor, number: text(body.management_no), subject, place };
    this.all.push(entry);
    if (LISTED.has(type)) this.list({ ...entry, body });
    if (type.startsWith("run.") && run !== null) this.addToRun(entry, body);
    if ((type === "run.begin" || type === "heartbeat") && typeof body.date === "string") {
      const dates = this.nights.get(entry.subject) ?? new Set();
      this.nights.set(entry.subject, dates.add(body.date));
    }
  }

  /** An entry with what it corrects: an earlier one of its kind and number, which nothing corrects yet. */
  list(entry) {
    const before = this.listed.get(entry.type);
    const { corrects, management_no } = entry.body;
    const was = typeof corrects === "number" ? before.find(({ claimed }) => claimed === corrects) : undefined;
    const isOfNumber = ({ body }) => (body.management_no ?? null) === null || text(body.management_no) === text(management_no);
    if (was !== undefined && isOfNumber(was) && !this.corrections.has(was.claimed)) {
      this.corrections.set(was.claimed, entry);
      entry.corrects = was;
    }
    before.push(entry);
  }

  /** Whether nothing corrects an entry. */
  isRight({ claimed }) {
    return !this.corrections.has(claimed);
  }

  /** What was entered first, of an entry and all those that it corrects. */
  firstVersion(entry) {
    return entry.corrects === undefined ? entry : this.firstVersion(entry.corrects);
  }

  addToRun(entry, body) {
    const run = this.runs.get(entry.run) ?? { name: entry.run, state: "begun", pipeline: "", date: "" };
    this.runs.set(entry.run, run);
    run.pipeline ||= entry.subject;
    run.date ||= text(body.date);
    run.number ||= entry.number;
    entry.subject ||= run.pipeline;
    if (entry.type === "run.commit") run.commit = commitOf(entry, body);
    if (entry.type === "run.begin") [run.begun, run.from] = [entry, body.from];
    if (entry.type === "run.refused" || entry.type === "run.undone") run.reason = text(body.reason);
    run.state = entry.type.slice(4);
    run.day = entry.day;
  }

  /** A record as it is stored, read again. */
  read({ place }) {
    if (this.file !== place.file) {
      const segment = this.data.segments.find(({ name }) => `records/${name}` === place.file);
      this.bytes = bytesOf(segment);
      this.file = place.file;
    }
    const line = this.bytes.subarray(place.offset, place.offset + place.bytes);
    return readRecord(line).record;
  }

  /** The management number of a record: its own, or that of its run. */
  numberOf({ number, run }) {
    return number || (this.runs.get(run)?.number ?? "");
  }

  timeOf(time) {
    return this.times.format(new Date(time));
  }

  of(...types) {
    return types.flatMap((type) => this.listed.get(type)).sort((left, right) => left.seq - right.seq);
  }

  commits() {
    return [...this.runs.values()].filter(({ commit }) => commit !== undefined);
  }
}

/** Of a processing, what its row in the ledger says. */
function commitOf(entry, body) {
  const { management_no, info_kind, act, purpose_category, purpose_detail, period_start, period_end, period_none_reason } = body;
  const { recipient, operator, supervisor, environment, supersedes } = body;
  const items = Array.isArray(body.items) ? body.items.map((item) => text(item?.label ?? item?.name)) : [];
  const usage = (Array.isArray(body.usage) ? body.usage : []).filter(isObject);
  const object = [text(body.pipeline), text(body.date)].filter((one) => one !== "").join(" ");
  const sum = (list, key) => (Array.isArray(body[list]) ? body[list].reduce((total, one) => total + (one?.[key] ?? 0), 0) : null);
  return {
    ...entry, management_no, info_kind, act, purpose_category, purpose_detail, period_start, period_end, period_none_reason,
    recipient, operator, supervisor, environment, supersedes, items: items.join(", "), usage, object,
    lines: sum("sources", "lines"), rows: sum("outputs", "rows"), grade: text(body.risk?.grade),
  };
}
