// What the steps use.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");

const root = () => vscode.workspace.workspaceFolders[0].uri.fsPath;
const uri = (name) => vscode.Uri.file(path.join(root(), name));
const code = (d) => String(d.code?.value ?? d.code);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function open(name) {
  const document = await vscode.workspace.openTextDocument(uri(name));
  return vscode.window.showTextDocument(document, { preview: false });
}

const findings = (name) => vscode.languages.getDiagnostics(uri(name)).filter((d) => d.source === "pinvet");
const codes = (name) => findings(name).map(code).sort();

/** Waits until `read` gives what `want` accepts; says what it gave last. */
async function until(what, read, want, limit = 30_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await read();
    if (want(value)) return value;
    if (Date.now() > end) assert.fail(`${what}: still ${JSON.stringify(value)} after ${limit} ms`);
    await sleep(25);
  }
}

/** Waits for a finding of a rule in a file, or for there to be none. */
const finding = (name, rule) =>
  until(`${rule} in ${name}`, () => findings(name).find((d) => code(d) === rule), Boolean);
const noFinding = (name, rule) =>
  until(`no ${rule} in ${name}`, () => codes(name), (list) => !list.includes(rule));

async function replace(editor, from, to) {
  const at = editor.document.getText().indexOf(from);
  assert.ok(at >= 0, `no ${from} in the document`);
  const range = new vscode.Range(editor.document.positionAt(at), editor.document.positionAt(at + from.length));
  assert.ok(await editor.edit((e) => e.replace(range, to)));
}

const actions = async (name, range, kind) =>
  (await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri(name), range, kind, 100)) ?? [];

/** Undoes everything in a file without asking. */
async function revert(name) {
  await open(name);
  await vscode.commands.executeCommand("workbench.action.files.revert");
}

const set = (key, value) =>
  vscode.workspace.getConfiguration("pinvet").update(key, value, vscode.ConfigurationTarget.Global);

const serverPid = () => Number(fs.readFileSync(process.env.PINVET_E2E_PID, "utf8"));

module.exports = { assert, vscode, uri, code, sleep, open, findings, codes, until, finding, noFinding, replace, actions, revert, set, serverPid };
