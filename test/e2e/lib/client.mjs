// A small LSP client for sessions that no editor makes.
import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";

export class Client {
  constructor(program, args = ["lsp"]) {
    this.child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
    this.waiting = new Map();
    this.heard = [];
    this.answers = {};
    this.last = 0;
    let rest = Buffer.alloc(0);
    this.child.stdout.on("data", (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (;;) {
        const head = rest.indexOf("\r\n\r\n");
        if (head < 0) return;
        const end = head + 4 + Number(/content-length: *(\d+)/i.exec(rest.subarray(0, head).toString("latin1"))[1]);
        if (rest.length < end) return;
        this.hear(JSON.parse(rest.subarray(head + 4, end)));
        rest = rest.subarray(end);
      }
    });
  }

  hear(m) {
    if (m.method === undefined) {
      const { done, failed } = this.waiting.get(m.id);
      this.waiting.delete(m.id);
      if (m.error) failed(Object.assign(new Error(m.error.message), { code: m.error.code }));
      else done(m.result);
      return;
    }
    this.heard.push(m);
    if (m.id !== undefined) this.send({ id: m.id, result: this.answers[m.method]?.(m.params) ?? null });
  }

  send(m) {
    const body = JSON.stringify({ jsonrpc: "2.0", ...m });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method, params) {
    this.send({ method, params });
  }

  request(method, params) {
    const id = ++this.last;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.send({ id, method, params });
    });
  }

  /** The last notification of a method about a file; waits for one that `want` accepts. */
  async published(uri, want) {
    for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((d) => setTimeout(d, 20))) {
      const last = this.heard.findLast((m) => m.method === "textDocument/publishDiagnostics" && m.params.uri === uri);
      if (last && want(last.params)) return last.params;
    }
    throw new Error(`no diagnostics of ${uri} that are wanted`);
  }

  async stop() {
    await this.request("shutdown");
    const ended = new Promise((done) => this.child.on("exit", done));
    this.notify("exit");
    return ended;
  }
}

export const uri = (path) => pathToFileURL(path).href;
