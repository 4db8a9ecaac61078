// The entry of pinvet in the language status of the editor.
import { Diagnostic, Disposable, languages, LanguageStatusSeverity } from "vscode";
import { selector, Server } from "./server";

export function isOurs(d: Diagnostic): boolean {
  return d.source === "pinvet";
}

export function codeOf(d: Diagnostic): string {
  return typeof d.code === "object" ? String(d.code.value) : String(d.code ?? "");
}

export function languageStatus(server: Server): Disposable {
  const item = languages.createLanguageStatusItem("pinvet.status", selector);
  item.name = "pinvet";
  const update = () => {
    const health = server.health;
    item.busy = health.state === "starting";
    item.severity = health.state === "failed" ? LanguageStatusSeverity.Error : LanguageStatusSeverity.Information;
    switch (health.state) {
      case "running":
        item.text = `pinvet: ${findings()}`;
        item.detail = "in the workspace";
        item.command = { command: "pinvet.showOutput", title: "Show Output" };
        break;
      case "starting":
        item.text = "pinvet: starting";
        item.detail = undefined;
        item.command = { command: "pinvet.showOutput", title: "Show Output" };
        break;
      default:
        item.text = `pinvet: ${health.state}`;
        item.detail = health.state === "failed" ? health.why : undefined;
        item.command = { command: "pinvet.restart", title: "Restart" };
    }
  };
  server.onChange(update);
  update();
  return Disposable.from(item, languages.onDidChangeDiagnostics(update));
}

function findings(): string {
  let n = 0;
  for (const [, diagnostics] of languages.getDiagnostics()) n += diagnostics.filter(isOurs).length;
  return n === 1 ? "1 finding" : `${n} findings`;
}
