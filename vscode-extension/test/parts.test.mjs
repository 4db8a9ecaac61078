// The parts of the extension that need no editor. What does is in test/e2e.
import { build } from "esbuild";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pinvet-parts-"));
after(() => rmSync(folder, { recursive: true }));

async function load(name) {
  const outfile = join(folder, `${name}.cjs`);
  writeFileSync(join(folder, "vscode.cjs"), "module.exports = {};");
  await build({ entryPoints: [join(root, `src/${name}.ts`)], outfile, bundle: true, platform: "node", format: "cjs", alias: { vscode: join(folder, "vscode.cjs") } });
  return createRequire(import.meta.url)(outfile);
}

test("where the server is", async () => {
  const { locate } = await load("locate");
  const at = (...parts) => {
    const file = join(folder, ...parts);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
    return file;
  };
  const bundled = at("extension/server/pinvet");
  const windows = at("extension/server/pinvet.exe");
  const onPath = at("path/pinvet");
  const set = at("set/other");
  const place = (more) => ({ setting: "", extensionPath: join(folder, "extension"), env: { PATH: join(folder, "path") }, platform: "linux", ...more });
  const none = join(folder, "nothing");

  assert.deepEqual(locate(place({ setting: set })), { program: set, from: "setting" });
  assert.deepEqual(locate(place()), { program: bundled, from: "extension" });
  assert.deepEqual(locate(place({ platform: "win32" })), { program: windows, from: "extension" });
  assert.deepEqual(locate(place({ extensionPath: none })), { program: onPath, from: "PATH" });
  assert.match(locate(place({ extensionPath: none, env: {} })).problem, /no pinvet on PATH/);
  assert.match(locate(place({ setting: "pinvet" })).problem, /absolute/);
  assert.match(locate(place({ setting: "./set/other" })).problem, /absolute/);
  assert.match(locate(place({ setting: join(folder, "set") })).problem, /no file/);
  assert.match(locate(place({ setting: "~/no-such-pinvet" })).problem, new RegExp(homedir()));
  // A relative entry of PATH would be a place in the workspace.
  process.chdir(folder);
  assert.match(locate(place({ extensionPath: none, env: { PATH: "path:./path::." } })).problem, /no pinvet on PATH/);
});

test("the page of pins runs its own script only", async () => {
  const { confine } = await load("pins");
  const page = confine("<!doctype html><html><head></head><body>&lt;script&gt;<script>1</script></body></html>", "abc");
  assert.match(page, /<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'[^"]*script-src 'nonce-abc'">/);
  assert.match(page, /<script nonce="abc">1<\/script>/);
  assert.ok(page.includes("&lt;script&gt;"));
});

test("the problem matcher reads what pinvet check prints", () => {
  const server = process.env.PINVET_E2E_SERVER ?? join(root, "../bin/pinvet");
  const run = (format) => spawnSync(server, ["check", "--format", format, "tour"], { cwd: join(root, "../testdata/projects"), encoding: "utf8" }).stdout;
  const { pattern } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).contributes.problemMatchers[0];
  const lines = run("text").split("\n").map((l) => new RegExp(pattern.regexp).exec(l)).filter(Boolean);
  const got = lines.map((m) => [m[pattern.file], m[pattern.line], m[pattern.column], m[pattern.severity], m[pattern.code]].join(" "));
  const want = JSON.parse(run("json")).findings.map((f) => [f.path, f.start.line, f.start.column, f.severity, f.code].join(" "));
  assert.ok(want.length > 5);
  assert.deepEqual(got.sort(), want.sort());
  const inWindows = new RegExp(pattern.regexp).exec("C:\\src\\a b.cs:3:7: advice PIN105 some-name: text: more");
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((i) => inWindows[i]), ["C:\\src\\a b.cs", "3", "7", "advice", "PIN105", "some-name: text: more"]);
});
