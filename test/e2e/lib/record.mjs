// Stands between an editor and the server and writes every message down:
//
//   node record.mjs FOLDER NAME PROGRAM ARGS...
//
// Bytes are passed on as they come. FOLDER/NAME-<pid>.jsonl gets a line for
// each message, and FOLDER/NAME.pid the process id of the server.
import { spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, name, program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
const log = join(folder, `${name}-${child.pid}.jsonl`);
writeFileSync(join(folder, `${name}.pid`), String(child.pid));
writeFileSync(log, "");

pass(process.stdin, child.stdin, "client");
pass(child.stdout, process.stdout, "server");
child.on("exit", (code, signal) => setTimeout(() => process.exit(signal ? 1 : (code ?? 1)), 50));
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));

function pass(from, to, who) {
  let rest = Buffer.alloc(0);
  to.on("error", () => {}); // the other side has gone
  from.on("end", () => to.end());
  from.on("data", (bytes) => {
    to.write(bytes);
    rest = Buffer.concat([rest, bytes]);
    for (let frame; (frame = next(rest)); rest = rest.subarray(frame.end)) {
      appendFileSync(log, JSON.stringify({ from: who, at: Date.now(), message: read(frame.body) }) + "\n");
    }
  });
}

function next(bytes) {
  const head = bytes.indexOf("\r\n\r\n");
  if (head < 0) return undefined;
  const length = /content-length: *(\d+)/i.exec(bytes.subarray(0, head).toString("latin1"));
  const start = head + 4;
  const end = start + Number(length?.[1] ?? 0);
  return bytes.length < end ? undefined : { body: bytes.subarray(start, end), end };
}

function read(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return { malformed: body.toString("utf8") };
  }
}
