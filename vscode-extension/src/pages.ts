// Read-only documents of the extension: rule pages and debug information.
import { commands, Disposable, EventEmitter, TextDocumentContentProvider, Uri, window, workspace } from "vscode";

const scheme = "pinvet";

export class Pages implements TextDocumentContentProvider, Disposable {
  private changed = new EventEmitter<Uri>();
  private texts = new Map<string, string>();
  private registration = workspace.registerTextDocumentContentProvider(scheme, this);
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? "";
  }

  /** Shows Markdown as it is read, not as it is written. */
  async showMarkdown(name: string, markdown: string): Promise<void> {
    await commands.executeCommand("markdown.showPreview", this.put(`/${name}.md`, markdown));
  }

  async showText(name: string, content: string): Promise<void> {
    const document = await workspace.openTextDocument(this.put(`/${name}.txt`, content));
    await window.showTextDocument(document, { preview: true });
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private put(path: string, content: string): Uri {
    const uri = Uri.from({ scheme, path });
    this.texts.set(path, content);
    this.changed.fire(uri);
    return uri;
  }
}
