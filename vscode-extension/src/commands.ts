// The commands of the palette, and what is done with the answers of the server's own commands.
import { commands, Disposable, ExtensionContext, languages, OutputChannel, ProgressLocation, version, window, workspace } from "vscode";
import { Pages } from "./pages";
import { PinsPanel } from "./pins";
import { Answers, Server } from "./server";
import { section } from "./settings";
import { codeOf, isOurs } from "./status";

export interface Parts {
  context: ExtensionContext;
  server: Server;
  pages: Pages;
  pins: PinsPanel;
  output: OutputChannel;
  log: OutputChannel;
}

/** The server's commands have other names than the palette's: the client registers them by itself. */
export function answers(parts: Parts): Answers {
  return {
    "pinvet.explain": async (answer) => {
      const page = answer as { title?: string; markdown?: string } | null;
      if (page?.markdown) await parts.pages.showMarkdown(page.title ?? "rule", page.markdown);
    },
    "pinvet.showPins": async (answer) => {
      if (typeof answer === "string") parts.pins.show(answer);
    },
    "pinvet.debugInfo": async (answer) => {
      await parts.pages.showText("debug information", debugInfo(parts) + (typeof answer === "string" ? answer : ""));
    },
  };
}

export function registerCommands(parts: Parts): Disposable {
  const { server } = parts;
  const show = answers(parts);
  const all: Record<string, () => unknown> = {
    "pinvet.restart": () => server.restart(),
    "pinvet.showOutput": () => parts.output.show(),
    "pinvet.showServerLog": () => showLog(parts.log),
    "pinvet.showDebugInfo": async () => {
      const running = server.health.state === "running";
      await show["pinvet.debugInfo"](running ? await server.execute("pinvet.debugInfo") : "");
    },
    "pinvet.runCheckWorkspace": () => busy("pinvet: checking the workspace", () => server.execute("pinvet.checkWorkspace")),
    "pinvet.runFixAll": async () => {
      const uri = window.activeTextEditor?.document.uri;
      if (uri) await server.execute("pinvet.fixAll", uri.toString());
    },
    "pinvet.explainRule": async () => {
      const code = await chooseRule();
      if (code) await show["pinvet.explain"](await server.execute("pinvet.explain", code));
    },
    "pinvet.openPins": () =>
      busy("pinvet: looking for pins", async () => show["pinvet.showPins"](await server.execute("pinvet.showPins"))),
  };
  return Disposable.from(...Object.entries(all).map(([id, run]) => commands.registerCommand(id, run)));
}

function busy(title: string, run: () => Promise<unknown>): Thenable<unknown> {
  return window.withProgress({ location: ProgressLocation.Window, title }, run);
}

async function showLog(log: OutputChannel): Promise<void> {
  log.show();
  const settings = workspace.getConfiguration(section);
  if (settings.get("trace.server", "off") !== "off") return;
  const record = "Record Messages";
  const choice = await window.showInformationMessage("pinvet: messages of the server are not recorded.", record);
  if (choice === record) await settings.update("trace.server", "messages", true);
}

/** The rule under the cursor, else one that the user picks of those that have findings, else one that is typed. */
async function chooseRule(): Promise<string | undefined> {
  const editor = window.activeTextEditor;
  if (editor) {
    const here = languages.getDiagnostics(editor.document.uri).filter(isOurs);
    const hit = here.find((d) => d.range.contains(editor.selection.active));
    if (hit) return codeOf(hit);
  }
  const codes = new Set(languages.getDiagnostics().flatMap(([, ds]) => ds.filter(isOurs).map(codeOf)));
  const other = "Another rule...";
  if (codes.size > 0) {
    const choice = await window.showQuickPick([...codes].sort().concat(other), { placeHolder: "Rule to explain" });
    if (choice !== other) return choice;
  }
  return window.showInputBox({
    prompt: "Code of the rule, for example PIN101",
    validateInput: (v) => (/^PIN\d{3}$/.test(v) ? undefined : "PIN and three digits"),
  });
}

function debugInfo({ context, server }: Parts): string {
  const health = server.health.state === "failed" ? `failed: ${server.health.why}` : server.health.state;
  return [
    `extension ${context.extension.packageJSON.version}, editor ${version}, ${process.platform} ${process.arch}`,
    `server ${server.program || "not found"}, ${health}`,
    `workspace ${workspace.isTrusted ? "trusted" : "not trusted"}, ${workspace.workspaceFolders?.length ?? 0} folders`,
    "",
    "",
  ].join("\n");
}
