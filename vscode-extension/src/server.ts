// The language server's life: start, restart, stop.
import { commands, Disposable, ExtensionContext, LogOutputChannel, OutputChannel, window, workspace } from "vscode";
import {
  ExecuteCommandRequest,
  LanguageClient,
  LanguageClientOptions,
  ServerOptions,
  State,
} from "vscode-languageclient/node";
import { section, serverProgram, serverSettings } from "./settings";

export const languages = ["csharp", "c", "cpp"];
export const selector = languages.map((language) => ({ scheme: "file", language }));

export type Health = { state: "starting" | "running" | "stopped" } | { state: "failed"; why: string };

/** Shows what a command of the server answered; the server's code actions use the same commands. */
export type Answers = Record<string, (answer: unknown) => Promise<void>>;

export class Server implements Disposable {
  health: Health = { state: "stopped" };
  program = "";
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private listeners: (() => void)[] = [];

  constructor(
    private context: ExtensionContext,
    private output: OutputChannel,
    private log: OutputChannel | LogOutputChannel,
    private answers: () => Answers,
  ) {}

  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Starts the server, or stops the running one first. Calls are done one after the other. */
  restart(): Promise<void> {
    this.queue = this.queue.then(() => this.stopNow()).then(() => this.startNow());
    return this.queue;
  }

  stop(): Promise<void> {
    this.queue = this.queue.then(() => this.stopNow());
    return this.queue;
  }

  dispose(): void {
    void this.stop();
  }

  /** Executes a command of the server; tells the user and returns undefined when it cannot. */
  async execute(command: string, ...args: unknown[]): Promise<unknown> {
    await this.queue;
    if (!this.client || this.health.state !== "running") {
      void window.showWarningMessage("pinvet: the server is not running.");
      return undefined;
    }
    try {
      return await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
    } catch (e) {
      void window.showErrorMessage(`pinvet: ${text(e)}`);
      return undefined;
    }
  }

  private async startNow(): Promise<void> {
    const found = serverProgram(this.context);
    if ("problem" in found) {
      this.fail(found.problem);
      return;
    }
    this.program = found.program;
    this.output.appendLine(`server: ${found.program} (from ${found.from})`);
    this.client = new LanguageClient(section, "pinvet", serverOptions(found.program), this.clientOptions());
    this.client.onDidChangeState((change) => {
      if (change.newState === State.Running) this.become({ state: "running" });
      else if (change.newState === State.Starting) this.become({ state: "starting" });
      else this.become({ state: "stopped" });
    });
    try {
      await this.client.start();
    } catch (e) {
      this.fail(text(e));
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    try {
      await client.dispose();
    } catch (e) {
      this.output.appendLine(`stopping: ${text(e)}`); // it was not running any more
    }
    this.become({ state: "stopped" });
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: selector,
      initializationOptions: serverSettings(),
      outputChannel: this.output,
      traceOutputChannel: this.log,
      diagnosticCollectionName: section,
      middleware: {
        executeCommand: async (command, args, next) => {
          const answer = await next(command, args);
          await this.answers()[command]?.(answer);
          return answer;
        },
      },
    };
  }

  private become(health: Health): void {
    this.health = health;
    for (const listener of this.listeners) listener();
  }

  private fail(why: string): void {
    this.become({ state: "failed", why });
    this.output.appendLine(why);
    void window.showErrorMessage(`pinvet: ${why}`, "Open Settings", "Show Output").then((choice) => {
      if (choice === "Open Settings") void commands.executeCommand("workbench.action.openSettings", "pinvet.path");
      if (choice === "Show Output") this.output.show();
    });
  }
}

function serverOptions(program: string): ServerOptions {
  return { command: program, args: ["lsp"], options: { cwd: folder() } };
}

// The folder is only where the server stands: it reads there and executes nothing.
function folder(): string | undefined {
  return workspace.workspaceFolders?.find((f) => f.uri.scheme === "file")?.uri.fsPath;
}

function text(e: unknown): string {
  return e instanceof Error ? e.message : String(e);
}
