// `pinvet check` as a task of the editor.
import {
  Disposable,
  ExtensionContext,
  ProcessExecution,
  Task,
  TaskDefinition,
  TaskGroup,
  tasks,
  TaskScope,
  workspace,
  WorkspaceFolder,
} from "vscode";
import { section, serverProgram } from "./settings";

interface CheckDefinition extends TaskDefinition {
  paths?: string[];
  arguments?: string[];
}

/** Tasks are for trusted workspaces only: a tasks.json could name any argument. */
export function checkTasks(context: ExtensionContext): Disposable {
  const make = (definition: CheckDefinition, scope: WorkspaceFolder | TaskScope, name: string) => {
    const found = serverProgram(context);
    if ("problem" in found || !workspace.isTrusted) return undefined;
    const args = ["check", ...(definition.arguments ?? []), ...(definition.paths ?? [])];
    const task = new Task(definition, scope, name, "pinvet", new ProcessExecution(found.program, args), "$pinvet");
    task.group = TaskGroup.Build;
    return task;
  };
  return tasks.registerTaskProvider(section, {
    provideTasks: () =>
      (workspace.workspaceFolders ?? []).flatMap((folder) => make({ type: section }, folder, "check") ?? []),
    resolveTask: (task) =>
      make(task.definition as CheckDefinition, task.scope ?? TaskScope.Workspace, task.name),
  });
}
