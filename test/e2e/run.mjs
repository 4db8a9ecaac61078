// Runs the end-to-end tests: node run.mjs [test...], for example node run.mjs page.
// The sessions that they record are checked last.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pack } from "./lib/packages.mjs";
import { artifacts, chromium, editor, here, server } from "./lib/places.mjs";

const all = ["api", "page", "clients", "wide", "conformance"];
const asked = process.argv.slice(2);
const missing = [];
if (Number(process.versions.node.split(".")[0]) < 20) missing.push("Node 20 or later");
if (!existsSync(server)) missing.push(`the server, ${server} (make build)`);
if (!existsSync(chromium)) missing.push(`Chromium, ${chromium} (PINVET_E2E_CHROMIUM names another)`);
for (const program of ["nvim", "emacs", "vim"]) {
  if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) missing.push(program);
}
if (missing.length > 0) {
  console.error(`missing for the end-to-end tests:\n  ${missing.join("\n  ")}`);
  process.exit(1);
}

const begin = Date.now();
const say = (text) => console.log(`e2e ${((Date.now() - begin) / 1000).toFixed(0)}s: ${text}`);
if (asked.length === 0) rmSync(artifacts, { recursive: true, force: true });
say("editor");
editor();
say("packages");
pack();
let failed = false;
let failures = "";
for (const name of asked.length > 0 ? asked : all) {
  say(name);
  const told = join(artifacts, `${name}-failures.txt`);
  const reporters = [
    ["spec", "stdout"],
    [join(here, "lib/failures.mjs"), told],
  ].flatMap(([reporter, to]) => [`--test-reporter=${reporter}`, `--test-reporter-destination=${to}`]);
  const run = spawnSync(process.execPath, ["--test", ...reporters, join(here, `${name}.test.mjs`)], { stdio: "inherit" });
  if (run.status === 0) continue;
  failed = true;
  failures += readFileSync(told, "utf8");
}
if (failed) console.log(`\nfailed:\n${failures}`); // last, where a reader of a long log looks first
say(failed ? `failed; pictures and logs are in ${artifacts}` : `passed; pictures are in ${artifacts}`);
process.exit(failed ? 1 : 0);
