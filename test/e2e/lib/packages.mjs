// The packages of the extension and of the probe, made once for a run.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { artifacts, extension, here, server } from "./places.mjs";

export const vsix = join(artifacts, "pinvet.vsix");
export const probe = join(artifacts, "probe.vsix");

/** Packs both; the server must have been built. */
export function pack() {
  mkdirSync(artifacts, { recursive: true });
  if (!existsSync(server)) throw new Error(`the server is missing: ${server} (make build)`);
  const vsce = join(extension, "node_modules/@vscode/vsce/vsce");
  const run = (cwd, ...args) => execFileSync(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  run(extension, "scripts/package.mjs", "--server", server, "--out", vsix);
  run(join(here, "api-extension"), vsce, "package", "--no-dependencies", "--out", probe);
}
