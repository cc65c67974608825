// Runs in the page: the verifier is called with the files themselves, case by case.

/** A file as the page holds it: its text, or its bytes where they are no UTF-8. */
function held(name, bytes) {
  const text = fromUtf8(bytes);
  return text === null ? { name, base64: toBase64(bytes) } : { name, text };
}

/** The data of a page with these files in it. */
function dataOf(files) {
  const data = { segments: [], bundles: [], checkpoints: [], quarantine: [], foreign: [] };
  const single = (file) => (file === undefined ? null : file.text ?? { base64: file.base64 });
  for (const path of [...files.keys()].sort()) {
    const file = files.get(path);
    if (path.startsWith("records/")) data.segments.push(file);
    else if (path.endsWith(".notes")) data.bundles.push(file);
    else if (path.startsWith("checkpoints/")) data.checkpoints.push(file);
    else if (path.startsWith("quarantine/")) data.quarantine.push(file);
    else if (path.startsWith("witness/")) data.witness = [...(data.witness ?? []), file];
    else if (path.startsWith("anchor/")) data.anchor = [...(data.anchor ?? []), file];
  }
  return { ...data, keys: single(files.get("keys.txt")), head: single(files.get("head.note")) };
}

function changed(path, before, change) {
  const name = path.split("/").pop();
  let bytes;
  if (change.bit === undefined) {
    bytes = change.text === undefined ? Uint8Array.from(change.bytes) : toUtf8(change.text);
  } else {
    bytes = bytesOf(before).slice();
    bytes[change.at] ^= 1 << change.bit;
  }
  if (!path.startsWith("quarantine/")) return held(name, bytes);
  return { name, base64: toBase64(bytes) };
}

/** As `told` of the program. */
function told({ checks }) {
  const line = ({ check, outcome, omitted, findings }) => {
    if (outcome !== "fail") return check;
    const places = findings.map(({ seq, file, offset }) => ` ${seq ?? "-"} ${file} ${offset ?? "-"},`);
    return `${check} fail ${omitted}${places.join("")}`;
  };
  return checks.map((check) => `${line(check)}\n`).join("");
}

async function judge(world, { changes, earlier }) {
  const files = new Map(world.files);
  for (const change of changes) {
    const { file } = change;
    if (change.bit === undefined && change.text === undefined && change.bytes === undefined) files.delete(file);
    else files.set(file, changed(file, files.get(file), change));
  }
  // As the page takes files that are dropped onto it.
  const dropped = earlier.map(({ name, base64 }) => broughtFile(name, fromBase64(base64)));
  return told(await verify(dataOf(files), broughtOptions([...world.brought, ...dropped])));
}

/** The digests of what is said of each case. */
async function judgeAll(cases) {
  const said = [];
  for (const one of cases) said.push(toHex(sha256(toUtf8(await judge(globalThis.world, one)))));
  return said;
}

globalThis.beginWith = (files, ...keys) => {
  const entries = files.map(({ file, ...change }) => [file, changed(file, null, change)]);
  const brought = keys.map((text) => broughtFile("keys", toUtf8(text)));
  globalThis.world = { files: new Map(entries), brought };
};
globalThis.judgeAll = judgeAll;
globalThis.judgeOne = (one) => judge(globalThis.world, one);
