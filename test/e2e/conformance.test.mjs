// Every message of every session that the other tests recorded, against the types of the protocol.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checker } from "./conformance/schema.mjs";
import { complaints } from "./conformance/session.mjs";
import { sessions } from "./lib/recorder.mjs";

const strict = checker(true);
const loose = checker(false);

test("the check finds what is wrong", () => {
  const good = { uri: "file:///a.c", diagnostics: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, message: "m" }] };
  const method = "textDocument/publishDiagnostics";
  assert.deepEqual(strict("notifications", method, "params", good), []);
  assert.notDeepEqual(strict("notifications", method, "params", { ...good, diagnostics: null }), []);
  assert.notDeepEqual(strict("notifications", method, "params", { ...good, Diagnostics: [] }), []);
  assert.notDeepEqual(strict("notifications", method, "params", { ...good, diagnostics: [{ message: "m" }] }), []);
  assert.notDeepEqual(strict("requests", "textDocument/hover", "result", { value: "not contents" }), []);
  assert.notDeepEqual(strict("requests", "textDocument/codeAction", "result", [{ kind: "quickfix" }]), []);
  const pushed = (uri) => complaints([
    { from: "client", message: { jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } } },
    { from: "server", message: { jsonrpc: "2.0", id: 1, result: { capabilities: {} } } },
    { from: "client", message: { jsonrpc: "2.0", id: 2, method: "workspace/diagnostic", params: { previousResultIds: [] } } },
    { from: "server", message: { jsonrpc: "2.0", method, params: { ...good, uri } } },
  ], strict, loose);
  assert.deepEqual(pushed("file:///pinvet.yaml"), []);
  assert.notDeepEqual(pushed("file:///a.c"), []);
  const answer = (m) => complaints([{ from: "server", message: { jsonrpc: "2.0", ...m } }], strict, loose);
  assert.notDeepEqual(answer({ id: 1, result: null }), []);
  assert.notDeepEqual(answer({ id: 1, method: "workspace/configuration", params: { items: [] } }), []);
});

const files = readdirSync(sessions).filter((f) => f.endsWith(".jsonl"));
const names = ["api", "page", "restricted", "neovim", "emacs", "vim", "wide", "bare"];

test("all sessions are there", () => {
  assert.deepEqual(names.filter((n) => !files.some((f) => f.startsWith(`${n}-`))), []);
});

for (const file of files) {
  test(`session ${file.replace(/-\d+\.jsonl$/, "")}`, (t) => {
    const lines = readFileSync(join(sessions, file), "utf8").split("\n").filter(Boolean);
    const session = lines.map((l) => JSON.parse(l));
    const methods = new Set(session.map((m) => m.message.method).filter(Boolean));
    t.diagnostic(`${session.length} messages, ${methods.size} methods`);
    const bad = complaints(session, strict, loose);
    assert.deepEqual(bad.slice(0, 10), [], `${bad.length} complaints`);
  });
}
