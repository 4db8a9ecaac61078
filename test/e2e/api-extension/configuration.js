// Configuration files: mistakes in them, what they say, what the editor writes into them.
const path = require("node:path");
const reader = "tour/DeviceTool/FrameReader.cs";
const unicode = "Sonde/Unicode.cs";
const file = "pinvet.yaml";

const write = (t, name, text) => t.vscode.workspace.fs.writeFile(t.uri(name), Buffer.from(text));
const remove = (t, name) => t.vscode.workspace.fs.delete(t.uri(name));
const severity = (t, name, rule, want) =>
  t.until(`severity of ${rule}`, () => t.findings(name).find((d) => t.code(d) === rule)?.severity, (s) => s === want);

module.exports = {
  async "mistakes in pinvet.yaml are shown there, and what was good counts on"(t) {
    const { Error, Warning } = t.vscode.DiagnosticSeverity;
    await write(t, file, "rules:\n  PIN101: warning\n");
    await severity(t, reader, "PIN101", Warning);
    await write(t, file, "rules:\n  PIN101: advise # é 😀\n");
    const [d] = await t.until("a diagnostic", () => t.findings(file), (list) => list.length > 0);
    t.assert.equal(d.severity, Error);
    t.assert.deepEqual([d.range.start.line, d.range.start.character], [1, 10]);
    await severity(t, reader, "PIN101", Warning);
    await remove(t, file);
    await t.until("none", () => t.findings(file), (list) => list.length === 0);
    await severity(t, reader, "PIN101", Error);
  },

  async ".editorconfig is followed as it changes"(t) {
    const { Error, Warning, Information, Hint } = t.vscode.DiagnosticSeverity;
    const name = "tour/.editorconfig";
    await write(t, name, "[*.cs]\ndotnet_diagnostic.PIN101.severity = suggestion\n");
    await t.until("advice", () => t.findings(reader).find((d) => t.code(d) === "PIN101")?.severity, (s) => s === Information || s === Hint);
    await write(t, name, "[*.cs]\ndotnet_diagnostic.PIN101.severity = none\n");
    await t.noFinding(reader, "PIN101");
    await write(t, name, "[*.cs]\ndotnet_diagnostic.PIN101.severity = loud\n");
    const [d] = await t.until("a diagnostic", () => t.findings(name), (list) => list.length > 0);
    t.assert.deepEqual([d.severity, d.range.start.line], [Warning, 1]);
    await remove(t, name);
    await severity(t, reader, "PIN101", Error);
  },

  async "a rule is switched off for a file in pinvet.yaml"(t) {
    await write(t, file, "# é 😀\ngate: error\n");
    await t.open(unicode);
    const { range } = await t.finding(unicode, "PIN403");
    const find = (list) => list.find((a) => /PIN403 off .* pinvet\.yaml/.test(a.title));
    const list = await t.until("the action", () => t.actions(unicode, range, "quickfix"), find);
    t.assert.ok(await t.vscode.workspace.applyEdit(find(list).edit));
    t.assert.ok(await (await t.vscode.workspace.openTextDocument(t.uri(file))).save());
    await t.noFinding(unicode, "PIN403");
    await t.finding("Sonde/Several.cs", "PIN403");
    const text = Buffer.from(await t.vscode.workspace.fs.readFile(t.uri(file))).toString("utf8");
    t.assert.match(text, /^# é 😀\ngate: error\noverrides:\n {2}# TODO: say why.*\n {2}- paths: \["Sonde\/Unicode.cs"\]\n {4}rules: \{PIN403: off\}\n$/);
    await remove(t, file);
    await t.finding(unicode, "PIN403");
  },

  async "the schema of pinvet.yaml comes with the extension"(t) {
    const { extensionPath, packageJSON } = t.vscode.extensions.getExtension("pinvet.pinvet");
    const [{ fileMatch, url }] = packageJSON.contributes.yamlValidation;
    t.assert.equal(fileMatch, file);
    const schema = JSON.parse(await t.vscode.workspace.fs.readFile(t.vscode.Uri.file(path.join(extensionPath, url))));
    t.assert.equal(schema.title, file);
    t.assert.ok(schema.properties.overrides && schema.properties.models);
  },
};
