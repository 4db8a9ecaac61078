// Packs the extension with a server in it, for one platform:
//
//   node scripts/package.mjs --server ../bin/pinvet [--target linux-x64] [--out pinvet.vsix]
//
// The target is that of this machine unless it is named; the server must be built for it.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const targets = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"];
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    server: { type: "string" },
    target: { type: "string", default: `${process.platform}-${process.arch}` },
    out: { type: "string" },
  },
});

const { server, target } = values;
if (!server || !existsSync(server)) fail(`the server is missing: --server ${server ?? "FILE"}`);
if (!targets.includes(target)) fail(`no such target: ${target} (${targets.join(", ")})`);
const out = resolve(values.out ?? join(root, `pinvet-${target}.vsix`));

const inside = join(root, "server", target.startsWith("win32") ? "pinvet.exe" : "pinvet");
rmSync(dirname(inside), { recursive: true, force: true });
mkdirSync(dirname(inside), { recursive: true });
copyFileSync(resolve(server), inside);
chmodSync(inside, 0o755);

// The schema of pinvet.yaml, for editors of YAML.
mkdirSync(join(root, "schema"), { recursive: true });
copyFileSync(join(root, "../internal/config/schema/pinvet.schema.json"), join(root, "schema/pinvet.schema.json"));

// The README is shown where the repository's folders are not: its links and pictures get their full address.
const tree = "https://github.com/pinvet/pinvet";
const links = ["--baseContentUrl", `${tree}/blob/HEAD/vscode-extension`, "--baseImagesUrl", `${tree}/raw/HEAD/vscode-extension`];

run("esbuild", [process.execPath, "scripts/build.mjs"]);
run("vsce", [process.execPath, "node_modules/@vscode/vsce/vsce", "package", "--no-dependencies", "--target", target, "--out", out, ...links]);
console.log(out);

function run(name, [program, ...args]) {
  try {
    execFileSync(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  } catch (e) {
    fail(`${name}: ${e.stdout ?? ""}${e.stderr ?? e.message}`);
  }
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
