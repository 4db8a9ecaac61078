// What is right within one message may be wrong in a session: answers, ids, order, what the client can do.
import { fractions } from "./schema.mjs";

// What the server may send only to a client that says it can be asked.
const needs = {
  "workspace/configuration": (c) => c.workspace?.configuration,
  "workspace/applyEdit": (c) => c.workspace?.applyEdit,
  "workspace/workspaceFolders": (c) => c.workspace?.workspaceFolders,
  "workspace/diagnostic/refresh": (c) => c.workspace?.diagnostics?.refreshSupport,
  "window/workDoneProgress/create": (c) => c.window?.workDoneProgress,
  "window/showDocument": (c) => c.window?.showDocument?.support,
  "client/registerCapability": (c, params) =>
    params.registrations.every((r) => r.method.split("/").reduce((at, name) => at?.[name], c)?.dynamicRegistration),
};

// Clients pull for the documents of the languages; what is wrong in configuration files is always pushed.
const configuration = /(\.editorconfig|\.globalconfig|\.ya?ml)$/;

/** Checks the messages of one server process, {from, message} in order; returns complaints. */
export function complaints(session, strict, loose) {
  const out = [];
  const asked = { client: new Map(), server: new Map() };
  const seen = new Set();
  let capabilities;
  let initialized = false;
  const pulled = new Set();
  let pulls = false;
  session.forEach(({ from, message: m }, i) => {
    const say = (text) => out.push(`message ${i} of the ${from}: ${text}`);
    const check = from === "server" ? strict : loose;
    const other = from === "server" ? "client" : "server";
    if (m.jsonrpc !== "2.0") say("no jsonrpc 2.0");
    if (from === "server") fractions(m).forEach(say);

    if (m.method === undefined) { // an answer
      const request = asked[other].get(m.id);
      if (!request) return say(`an answer to nothing: ${JSON.stringify(m).slice(0, 200)}`);
      asked[other].delete(m.id);
      if (("result" in m) === ("error" in m)) return say("either a result or an error");
      if (m.error) {
        if (!Number.isInteger(m.error.code) || typeof m.error.message !== "string") say("an error has a code and a message");
        return;
      }
      check("requests", request.method, "result", m.result).forEach(say);
      if (request.method === "initialize") initialized = true;
      return;
    }

    const kind = m.id === undefined ? "notifications" : "requests";
    check(kind, m.method, "params", m.params).forEach(say);
    if (kind === "requests") {
      if (seen.has(`${from} ${m.id}`)) say(`id ${m.id} again`);
      seen.add(`${from} ${m.id}`);
      asked[from].set(m.id, m);
    }
    if (from === "client") {
      if (m.method === "initialize") capabilities = m.params.capabilities;
      if (m.method === "textDocument/diagnostic" || m.method === "workspace/diagnostic") pulls = true;
      if (m.method === "textDocument/diagnostic") pulled.add(m.params.textDocument.uri);
      return;
    }
    if (!initialized && !["window/logMessage", "window/showMessage"].includes(m.method)) say(`${m.method} before initialize was answered`);
    if (needs[m.method] && capabilities && !needs[m.method](capabilities, m.params)) say(`${m.method}, which the client cannot`);
    if (m.method === "textDocument/publishDiagnostics" && pulls && (!configuration.test(m.params.uri) || pulled.has(m.params.uri))) {
      say(`diagnostics of ${m.params.uri} pushed to a client that pulls`);
    }
  });
  const shut = session.some(({ message: m }) => m.method === "exit");
  if (shut) for (const [id, m] of asked.client) out.push(`request ${id}, ${m.method}, has no answer`);
  return out;
}
