// The VS Code client of pinvet: it starts `pinvet lsp` and adds what the protocol has no word for.
import { ExtensionContext, window, workspace } from "vscode";
import { answers, Parts, registerCommands } from "./commands";
import { Pages } from "./pages";
import { PinsPanel } from "./pins";
import { Server } from "./server";
import { languageStatus } from "./status";
import { checkTasks } from "./tasks";

let server: Server | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("pinvet");
  const log = window.createOutputChannel("pinvet server log");
  const pages = new Pages();
  const pins = new PinsPanel();
  server = new Server(context, output, log, () => answers(parts));
  const parts: Parts = { context, server, pages, pins, output, log };
  context.subscriptions.push(output, log, pages, pins, server);
  context.subscriptions.push(registerCommands(parts), languageStatus(server), checkTasks(context));
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("pinvet.path")) void server?.restart();
    }),
    workspace.onDidGrantWorkspaceTrust(() => void server?.restart()), // the path of the workspace counts now
  );
  await server.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
