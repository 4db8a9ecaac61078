// Where the server program is. No vscode here: the tests run this alone.
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

export interface Place {
  /** Value of pinvet.path, already without what an untrusted workspace says. */
  setting: string;
  extensionPath: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}

export type Located = { program: string; from: "setting" | "extension" | "PATH" } | { problem: string };

/**
 * The setting wins, then the program inside the extension, then PATH. Relative
 * paths are refused and PATH is searched here, not by the operating system:
 * else the program could come out of the folder that is open.
 */
export function locate(place: Place): Located {
  const name = place.platform === "win32" ? "pinvet.exe" : "pinvet";
  if (place.setting !== "") {
    const program = place.setting.replace(/^~(?=[/\\])/, homedir());
    if (!path.isAbsolute(program)) return { problem: `pinvet.path must be an absolute path, it is "${place.setting}"` };
    if (!isFile(program)) return { problem: `pinvet.path names no file: "${program}"` };
    return { program, from: "setting" };
  }
  const bundled = path.join(place.extensionPath, "server", name);
  if (isFile(bundled)) return { program: bundled, from: "extension" };
  for (const folder of (place.env.PATH ?? place.env.Path ?? "").split(path.delimiter)) {
    if (!path.isAbsolute(folder)) continue;
    const program = path.join(folder, name);
    if (isFile(program)) return { program, from: "PATH" };
  }
  return { problem: "this package of the extension holds no server, and there is no pinvet on PATH" };
}

function isFile(name: string): boolean {
  return existsSync(name) && statSync(name).isFile();
}
