// Fixes of rules: one, all of a rule, all that are safe by command and on save.
const several = "Sonde/Several.cs";

// Several.cs as each of them leaves it.
const sentinel = (text) => text.replaceAll("file == IntPtr.Zero", "file == new IntPtr(-1)");
const lastError = (text) =>
  text.replace('[DllImport("kernel32.dll", CharSet = CharSet.Unicode', "$&, SetLastError = true");

async function start(t) {
  const editor = await t.open(several);
  for (const rule of ["PIN403", "PIN501", "PIN404"]) await t.finding(several, rule);
  return { editor, before: editor.document.getText(), d: await t.finding(several, "PIN403") };
}

// What was changed safely is gone, what has no safe fix is still told.
async function end(t) {
  await t.noFinding(several, "PIN403");
  await t.noFinding(several, "PIN501");
  await t.finding(several, "PIN404");
}

module.exports = {
  async "a fix of the rule"(t) {
    const { editor, before, d } = await start(t);
    const fix = (await t.actions(several, d.range, "quickfix")).find((a) => a.isPreferred);
    t.assert.equal(fix?.title, "Test for the failure value");
    t.assert.ok(await t.vscode.workspace.applyEdit(fix.edit));
    t.assert.equal(editor.document.getText(), before.replace("file == IntPtr.Zero", "file == new IntPtr(-1)"));
    await t.until("the other one", () => t.codes(several).filter((c) => c === "PIN403").length, (n) => n === 1);
    await t.revert(several);
  },

  async "fix all of the rule in the file"(t) {
    const { editor, before, d } = await start(t);
    const list = await t.actions(several, d.range, "quickfix");
    const fix = list.find((a) => /^Fix all PIN403/.test(a.title));
    t.assert.ok(fix?.edit, list.map((a) => a.title).join("; "));
    t.assert.ok(await t.vscode.workspace.applyEdit(fix.edit));
    t.assert.equal(editor.document.getText(), sentinel(before));
    await t.noFinding(several, "PIN403");
    await t.finding(several, "PIN501");
    await t.revert(several);
  },

  async "fix all by command applies safe fixes only"(t) {
    const { editor, before, d } = await start(t);
    const unsafe = (await t.actions(several, (await t.finding(several, "PIN404")).range, "quickfix")).map((a) => a.title);
    t.assert.ok(unsafe.some((title) => /may change what the code does/.test(title)), unsafe.join("; "));
    const all = await t.actions(several, d.range, "source.fixAll.pinvet");
    t.assert.deepEqual(all.map((a) => a.kind.value), ["source.fixAll.pinvet"]);
    await t.vscode.commands.executeCommand("pinvet.runFixAll");
    t.assert.equal(editor.document.getText(), lastError(sentinel(before)));
    await end(t);
    await t.revert(several);
  },

  async "fix all on save"(t) {
    const { editor, before } = await start(t);
    const settings = t.vscode.workspace.getConfiguration("editor");
    await settings.update("codeActionsOnSave", { "source.fixAll.pinvet": "explicit" }, t.vscode.ConfigurationTarget.Global);
    await t.replace(editor, "namespace Sonde;", "namespace Sonde; // é 😀");
    await t.vscode.commands.executeCommand("workbench.action.files.save");
    await settings.update("codeActionsOnSave", undefined, t.vscode.ConfigurationTarget.Global);
    const saved = Buffer.from(await t.vscode.workspace.fs.readFile(t.uri(several))).toString("utf8");
    t.assert.equal(saved, lastError(sentinel(before)).replace("namespace Sonde;", "namespace Sonde; // é 😀"));
    await end(t);
    await t.vscode.workspace.fs.writeFile(t.uri(several), Buffer.from(before));
    await t.until("the text of the disk", () => editor.document.getText(), (text) => text === before);
  },
};
