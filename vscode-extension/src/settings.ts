// The settings of the extension.
import { ExtensionContext, workspace } from "vscode";
import { Located, locate } from "./locate";

export const section = "pinvet";

/** What the server gets: as initializationOptions, on change and when it asks. */
export interface ServerSettings {
  run: "onType" | "onSave";
  severity: Record<string, string>;
  generated: boolean;
}

export function serverSettings(): ServerSettings {
  const c = workspace.getConfiguration(section);
  return {
    run: c.get("run", "onType"),
    severity: { ...c.get<Record<string, string>>("severity", {}) },
    generated: c.get("generated", false),
  };
}

export function serverProgram(context: ExtensionContext): Located {
  const setting = workspace.getConfiguration(section).inspect<string>("path");
  // VS Code leaves restricted values out by itself; said again here, since it decides what is executed.
  const own = workspace.isTrusted ? (setting?.workspaceFolderValue ?? setting?.workspaceValue) : undefined;
  return locate({
    setting: (own ?? setting?.globalValue ?? setting?.defaultValue ?? "").trim(),
    extensionPath: context.extensionPath,
    env: process.env,
    platform: process.platform,
  });
}
