// Sessions that no editor of the other tests makes: other positions, tokens, partial results, folders that come and
// go, and a client that can do nothing. They are recorded for the conformance test.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Client, uri } from "./lib/client.mjs";
import { scratch } from "./lib/places.mjs";
import { recorded } from "./lib/recorder.mjs";
import { sample } from "./lib/sample.mjs";

const codes = (list) => list.map((d) => d.code);

function place(name) {
  const home = scratch(name);
  const folder = join(home, "workspace");
  mkdirSync(folder);
  sample(folder);
  return { folder, program: recorded(name, home) };
}

function document(folder, name, languageId) {
  const path = join(folder, name);
  return { uri: uri(path), languageId, version: 1, text: readFileSync(path, "utf8") };
}

test("a client that can do everything, in bytes", { timeout: 60_000 }, async () => {
  const { folder, program } = place("wide");
  const c = new Client(program);
  c.answers["workspace/configuration"] = (p) => p.items.map(() => ({ run: "onType", severity: { PIN202: "off" } }));
  c.answers["workspace/applyEdit"] = () => ({ applied: false, failureReason: "the test looks at the text itself" });
  const dynamic = { dynamicRegistration: true };
  const { capabilities } = await c.request("initialize", {
    processId: process.pid,
    rootUri: uri(join(folder, "tour")),
    workspaceFolders: [{ uri: uri(join(folder, "tour")), name: "tour" }],
    workDoneToken: 7,
    capabilities: {
      general: { positionEncodings: ["utf-8", "utf-16"] },
      window: { workDoneProgress: true },
      workspace: {
        applyEdit: true, configuration: true, workspaceFolders: true, diagnostics: { refreshSupport: true },
        didChangeConfiguration: dynamic, didChangeWatchedFiles: dynamic, workspaceEdit: { documentChanges: true },
      },
      textDocument: {
        diagnostic: { dynamicRegistration: false, relatedDocumentSupport: true },
        codeAction: {
          codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source", "source.fixAll"] } },
          dataSupport: true, isPreferredSupport: true, resolveSupport: { properties: ["edit"] },
        },
        hover: { contentFormat: ["plaintext"] },
      },
    },
  });
  assert.equal(capabilities.positionEncoding, "utf-8");
  c.notify("initialized", {});
  c.notify("workspace/didChangeWorkspaceFolders", {
    event: { added: ["border", "Sonde"].map((name) => ({ uri: uri(join(folder, name)), name })), removed: [] },
  });

  const unicode = document(folder, "Sonde/Unicode.cs", "cs");
  const textDocument = { uri: unicode.uri };
  c.notify("textDocument/didOpen", { textDocument: unicode });
  const pulled = () => c.request("textDocument/diagnostic", { textDocument, identifier: "pinvet", workDoneToken: 8 });
  const [d] = (await pulled()).items;
  assert.equal(d.code, "PIN403");
  const bytes = Buffer.from(unicode.text.split("\n")[d.range.start.line]);
  assert.equal(bytes.subarray(d.range.start.character, d.range.end.character).toString(), "été == IntPtr.Zero");

  const all = await c.request("workspace/diagnostic", { previousResultIds: [], workDoneToken: "a", partialResultToken: 9 });
  const partial = c.heard.filter((m) => m.method === "$/progress" && m.params.token === 9).flatMap((m) => m.params.value.items);
  const found = [...all.items, ...partial].flatMap((i) => codes(i.items ?? []));
  assert.ok(found.includes("PIN101") && found.includes("PIN703") && !found.includes("PIN202"), String(found));

  const position = d.range.start;
  assert.equal(typeof (await c.request("textDocument/hover", { textDocument, position })).contents, "object");
  const foreign = { range: d.range, message: "of another server", code: 1234, source: "other" };
  const actions = await c.request("textDocument/codeAction", { textDocument, range: d.range, context: { diagnostics: [d, foreign], triggerKind: 1 } });
  assert.ok(actions.length > 0);
  await c.request("textDocument/codeAction", { textDocument, range: d.range, context: { diagnostics: [], only: ["source.fixAll.pinvet"] } });
  await c.request("textDocument/definition", { textDocument, position });
  await c.request("textDocument/references", { textDocument, position, context: { includeDeclaration: true } });
  for (const command of capabilities.executeCommandProvider.commands) {
    const args = { "pinvet.explain": ["PIN101"], "pinvet.fixAll": [unicode.uri] }[command] ?? [];
    await c.request("workspace/executeCommand", { command, arguments: args }).catch((e) => assert.ok(e.code, e));
  }

  const end = { line: 0, character: Buffer.byteLength("using System;") };
  c.notify("textDocument/didChange", { textDocument: { ...textDocument, version: 2 }, contentChanges: [{ range: { start: end, end }, text: " // é 😀" }] });
  const gone = { start: d.range.start, end: d.range.end };
  c.notify("textDocument/didChange", { textDocument: { ...textDocument, version: 3 }, contentChanges: [{ range: gone, text: "été == new IntPtr(-1)" }] });
  assert.deepEqual((await pulled()).items, []);
  c.notify("textDocument/didChange", { textDocument: { ...textDocument, version: 4 }, contentChanges: [{ text: unicode.text }] });
  assert.deepEqual(codes((await pulled()).items), ["PIN403"]);

  await assert.rejects(c.request("workspace/executeCommand", { command: "no.such.command" }));
  await assert.rejects(c.request("no/such/request", {}), { code: -32601 });
  c.notify("textDocument/didSave", { textDocument });
  c.notify("workspace/didChangeConfiguration", { settings: null });
  c.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: unicode.uri, type: 2 }] });
  c.notify("$/cancelRequest", { id: 999 });
  c.notify("$/setTrace", { value: "verbose" });
  c.notify("textDocument/didClose", { textDocument });
  c.notify("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [{ uri: uri(join(folder, "Sonde")), name: "Sonde" }] } });
  assert.equal(await c.stop(), 0);
});

test("a client that can do nothing", { timeout: 60_000 }, async () => {
  const { folder, program } = place("bare");
  const c = new Client(program);
  await c.request("initialize", { processId: null, rootUri: null, rootPath: folder, capabilities: {} });
  c.notify("initialized", {});
  const unicode = document(folder, "Sonde/Unicode.cs", "csharp");
  c.notify("textDocument/didOpen", { textDocument: unicode });
  const first = await c.published(unicode.uri, (p) => codes(p.diagnostics).includes("PIN403"));
  assert.equal(first.version ?? 1, 1);
  const line = unicode.text.split("\n")[first.diagnostics[0].range.start.line];
  const { start, end } = first.diagnostics[0].range;
  assert.equal(line.slice(start.character, end.character), "été == IntPtr.Zero"); // UTF-16
  c.notify("textDocument/didChange", { textDocument: { uri: unicode.uri, version: 2 }, contentChanges: [{ text: unicode.text.replace("été == IntPtr.Zero", "été == new IntPtr(-1)") }] });
  await c.published(unicode.uri, (p) => p.diagnostics.length === 0);
  const actions = await c.request("textDocument/codeAction", { textDocument: { uri: unicode.uri }, range: { start, end }, context: { diagnostics: [] } });
  assert.ok(actions === null || Array.isArray(actions));
  await c.request("textDocument/hover", { textDocument: { uri: unicode.uri }, position: start });
  assert.equal(await c.stop(), 0);
});
