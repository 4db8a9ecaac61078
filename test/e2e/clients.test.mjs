// Other editors: neovim, emacs with eglot, vim with ALE.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { artifacts, here, scratch } from "./lib/places.mjs";
import { messages, recorded } from "./lib/recorder.mjs";
import { sample } from "./lib/sample.mjs";

const script = (name) => join(here, "clients", name);

const editors = {
  neovim: ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-S", script("neovim.lua")],
  emacs: ["emacs", "--batch", "-l", script("eglot.el")],
  vim: ["vim", "-N", "-u", script("ale.vim"), "-i", "NONE", "-n", "-es"],
};

const steps = ["diagnostics", "incremental edits on a line beyond ASCII", "a fix", "shutdown"];

for (const [name, [program, ...args]] of Object.entries(editors)) {
  test(name, { timeout: 120_000 }, async (t) => {
    const home = scratch(name);
    const workspace = join(home, "workspace");
    mkdirSync(workspace);
    sample(workspace);
    const result = join(home, "result.jsonl");
    const original = readFileSync(join(workspace, "Sonde/Unicode.cs"), "utf8");
    mkdirSync(artifacts, { recursive: true });
    await run(program, args, name, {
      ...process.env, HOME: home, XDG_CONFIG_HOME: home, TERM: "dumb", LC_ALL: "C.UTF-8",
      PROGRAM: recorded(name, home), WORKSPACE: workspace, RESULT: result,
    });
    const lines = existsSync(result) ? readFileSync(result, "utf8").trim().split("\n").map((l) => JSON.parse(l)) : [];
    for (const step of lines) await t.test(step.name, () => assert.ok(step.ok, step.error));
    assert.deepEqual(lines.map((l) => l.name), steps, `see ${name}.log`);
    const said = messages(name);
    assert.ok(said.some((m) => m.from === "server" && m.message.method === "textDocument/publishDiagnostics"));
    const changes = said.flatMap((m) => (m.message.method === "textDocument/didChange" ? m.message.params.contentChanges : []));
    if (name !== "vim") assert.ok(changes.some((c) => c.range), "no incremental change was sent"); // ALE sends whole texts
    const saved = readFileSync(join(workspace, "Sonde/Unicode.cs"), "utf8");
    if (name === "vim") {
      // ALE takes characters for bytes, so that edits within this line go astray: it ignores the finding.
      assert.match(saved, /pinvet:ignore PIN403/);
      assert.equal(saved.split("\n").filter((l) => !l.includes("pinvet:ignore")).join("\n"), original);
    } else {
      assert.equal(saved, original.replace("été == IntPtr.Zero", "été == new IntPtr(-1)"));
    }
  });
}

function run(program, args, name, env) {
  execFileSync("sh", ["-c", 'command -v "$0" >/dev/null || { echo "$0 is missing" >&2; exit 1; }', program]);
  const log = openSync(join(artifacts, `${name}.log`), "w");
  return new Promise((done, failed) => {
    const child = spawn(program, args, { env, stdio: ["ignore", log, log] });
    const late = setTimeout(() => child.kill("SIGKILL"), 110_000);
    child.on("error", failed);
    child.on("exit", () => (clearTimeout(late), done()));
  });
}
