// Makes a program that is the server and records what is said to it.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { artifacts, here, server } from "./places.mjs";

export const sessions = join(artifacts, "sessions");

/** Returns a program to use in place of the server; `name` names the record. */
export function recorded(name, folder) {
  mkdirSync(sessions, { recursive: true });
  for (const old of readdirSync(sessions)) if (old.startsWith(`${name}-`)) rmSync(join(sessions, old));
  const program = join(folder, `pinvet-${name}`);
  const words = [process.execPath, join(here, "lib/record.mjs"), sessions, name, server];
  writeFileSync(program, `#!/bin/sh\nexec ${words.map((w) => `'${w}'`).join(" ")} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}

/** The process id of the server that was started last under this name. */
export function serverPid(name) {
  return Number(readFileSync(join(sessions, `${name}.pid`), "utf8"));
}

/** The messages of a record, of all starts of the server or of the one with this process id. */
export function messages(name, pid = "\\d+") {
  if (!existsSync(sessions)) return [];
  return readdirSync(sessions)
    .filter((f) => new RegExp(`^${name}-${pid}\\.jsonl$`).test(f))
    .sort()
    .flatMap((f) => readFileSync(join(sessions, f), "utf8").split("\n").filter(Boolean).map((l) => JSON.parse(l)));
}
