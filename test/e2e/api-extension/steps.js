// What a user gets, asked through VS Code's own API. The sample workspace is made by lib/sample.mjs.
const reader = "tour/DeviceTool/FrameReader.cs";
const capture = "border/ScopeApp/Capture.cs";
const native = "border/native/capture.c";
const unicode = "Sonde/Unicode.cs";

module.exports = {
  async "a finding in C#, with its steps and a link"(t) {
    await t.open(reader);
    const d = await t.finding(reader, "PIN101");
    t.assert.equal(d.severity, t.vscode.DiagnosticSeverity.Error);
    t.assert.match(d.message, /^`frame` is unpinned at the end of the fixed block/);
    t.assert.deepEqual([d.range.start.line, d.range.start.character], [23, 17]);
    t.assert.ok(d.code.target, "no link to the rule");
    t.assert.ok(d.relatedInformation.length >= 2, `${d.relatedInformation?.length} related places`);
  },

  async "findings in files that nobody opened"(t) {
    await t.finding("tour/native/cancel.c", "PIN202");
    await t.finding(capture, "PIN703");
  },

  async "a finding in C# with a step in C"(t) {
    const d = await t.finding(capture, "PIN703");
    const files = d.relatedInformation.map((r) => r.location.uri.path);
    t.assert.ok(files.some((f) => f.endsWith(native)), `steps in ${files}`);
  },

  async "the hover tells why"(t) {
    const d = await t.finding(reader, "PIN101");
    const hovers = await t.vscode.commands.executeCommand("vscode.executeHoverProvider", t.uri(reader), d.range.start);
    const text = hovers.flatMap((h) => h.contents.map((c) => c.value ?? c)).join("\n");
    t.assert.match(text, /PIN101/);
    t.assert.match(text, /FrameReader\.cs|fixed statement/);
  },

  async "from an import to C and back"(t) {
    const editor = await t.open("border/ScopeApp/NativeMethods.cs");
    const at = editor.document.positionAt(editor.document.getText().indexOf("scope_attach(") + 2);
    const go = async (command, uri, position) =>
      (await t.vscode.commands.executeCommand(command, uri, position)).map((l) => l.uri ?? l.targetUri);
    const to = await t.until("definition", () => go("vscode.executeDefinitionProvider", editor.document.uri, at), (l) => l.length > 0);
    t.assert.ok(to.some((u) => u.path.endsWith(native)), String(to));
    const c = await t.open(native);
    const back = c.document.positionAt(c.document.getText().indexOf("scope_attach(") + 2);
    const from = await go("vscode.executeReferenceProvider", c.document.uri, back);
    t.assert.ok(from.some((u) => u.path.endsWith(".cs")), String(from));
  },

  async "an edit in C that is not saved changes what is shown in C#"(t) {
    const editor = await t.open(native);
    await t.finding(capture, "PIN703");
    await t.replace(editor, "    s->frame = frame;\n", "    (void)frame;\n");
    await t.noFinding(capture, "PIN703");
    await t.revert(native);
    await t.finding(capture, "PIN703");
  },

  async "positions after letters beyond ASCII"(t) {
    const editor = await t.open(unicode);
    const d = await t.finding(unicode, "PIN403");
    t.assert.equal(editor.document.getText(d.range), "été == IntPtr.Zero");
  },

  async "an edit after letters beyond ASCII"(t) {
    const editor = await t.open(unicode);
    await t.replace(editor, "été == IntPtr.Zero", "été == new IntPtr(-1)");
    await t.noFinding(unicode, "PIN403");
    await t.replace(editor, "été == new IntPtr(-1)", "été == IntPtr.Zero");
    const d = await t.finding(unicode, "PIN403");
    t.assert.equal(editor.document.getText(d.range), "été == IntPtr.Zero");
    await t.revert(unicode);
  },

  async "a quick fix removes the finding, undo brings it back"(t) {
    const editor = await t.open(unicode);
    const d = await t.finding(unicode, "PIN403");
    const list = await t.actions(unicode, d.range, "quickfix");
    const fix = list.find((a) => a.edit && /line/i.test(a.title) && a.title.includes("PIN403"));
    t.assert.ok(fix, `actions: ${list.map((a) => a.title).join("; ")}`);
    t.assert.ok(await t.vscode.workspace.applyEdit(fix.edit));
    await t.noFinding(unicode, "PIN403");
    t.assert.ok(editor.document.getText().includes("return false; // é 😀"), editor.document.getText());
    await t.revert(unicode);
    await t.finding(unicode, "PIN403");
  },

  async "severities of the settings"(t) {
    await t.set("severity", { PIN101: "hint", PIN202: "off" });
    await t.until("a hint", () => t.findings(reader).find((d) => t.code(d) === "PIN101")?.severity, (s) => s === t.vscode.DiagnosticSeverity.Hint);
    await t.noFinding("tour/native/cancel.c", "PIN202");
    await t.set("severity", undefined);
    await t.until("an error", () => t.findings(reader).find((d) => t.code(d) === "PIN101")?.severity, (s) => s === t.vscode.DiagnosticSeverity.Error);
    await t.finding("tour/native/cancel.c", "PIN202");
  },

  ...require("./fixes"),
  ...require("./configuration"),

  async "a killed server comes back and knows the buffers that are not saved"(t) {
    const editor = await t.open(native);
    await t.replace(editor, "    s->frame = frame;\n", "    (void)frame;\n");
    await t.noFinding(capture, "PIN703");
    const unsaved = editor.document.getText();
    const pid = t.serverPid();
    process.kill(pid, "SIGKILL");
    await t.until("another server", t.serverPid, (now) => now !== pid);
    await t.finding(reader, "PIN101");
    await t.finding("tour/native/cancel.c", "PIN202");
    await t.noFinding(capture, "PIN703");
    t.assert.equal(editor.document.getText(), unsaved);
    t.assert.ok(editor.document.isDirty);
    await t.revert(native);
    await t.finding(capture, "PIN703");
  },

  async "a restart by command loses nothing"(t) {
    const before = t.codes(capture);
    const pid = t.serverPid();
    await t.vscode.commands.executeCommand("pinvet.restart");
    t.assert.notEqual(t.serverPid(), pid);
    await t.finding(reader, "PIN101");
    await t.until("the same findings", () => t.codes(capture), (now) => now.join() === before.join());
  },

  async "run on save"(t) {
    await t.set("run", "onSave");
    await t.sleep(300);
    const editor = await t.open(unicode);
    await t.replace(editor, "été == IntPtr.Zero", "été == new IntPtr(-1)");
    await t.sleep(1000);
    t.assert.ok(t.codes(unicode).includes("PIN403"), "analysed before it was saved");
    await editor.document.save();
    await t.noFinding(unicode, "PIN403");
    await t.replace(editor, "été == new IntPtr(-1)", "été == IntPtr.Zero");
    await editor.document.save();
    await t.finding(unicode, "PIN403");
    await t.set("run", undefined);
  },

  async "a file that appears and goes"(t) {
    const text = Buffer.from(await t.vscode.workspace.fs.readFile(t.uri(unicode))).toString("utf8");
    const copy = "Sonde/Copy.cs";
    await t.vscode.workspace.fs.writeFile(t.uri(copy), Buffer.from(text.replace("class Unicode", "class Copy")));
    await t.finding(copy, "PIN403");
    await t.vscode.workspace.fs.delete(t.uri(copy));
    await t.noFinding(copy, "PIN403");
  },

  async "the commands are there and answer"(t) {
    const all = await t.vscode.commands.getCommands(true);
    const own = t.vscode.extensions.getExtension("pinvet.pinvet").packageJSON.contributes.commands.map((c) => c.command);
    t.assert.deepEqual(own.filter((c) => !all.includes(c)), []);
    const page = await t.vscode.commands.executeCommand("pinvet.explain", "PIN101");
    t.assert.match(page.markdown, /fixed/);
    t.assert.match(await t.vscode.commands.executeCommand("pinvet.debugInfo"), /pinvet|workspace|files/i);
    t.assert.match(await t.vscode.commands.executeCommand("pinvet.showPins"), /<html/);
    await t.vscode.commands.executeCommand("pinvet.runCheckWorkspace");
    await t.vscode.commands.executeCommand("pinvet.showDebugInfo");
    t.assert.match(t.vscode.window.activeTextEditor.document.getText(), /workspace trusted/);
  },

  async "a task that checks the folder"(t) {
    const tasks = await t.vscode.tasks.fetchTasks({ type: "pinvet" });
    t.assert.deepEqual(tasks.map((k) => k.name), ["check"]);
    t.assert.deepEqual(tasks[0].problemMatchers, ["$pinvet"]);
    t.assert.deepEqual(tasks[0].execution.args, ["check"]);
  },
};
