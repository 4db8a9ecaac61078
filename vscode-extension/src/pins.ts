// The inventory of pins, a page that the server makes, in a webview.
import { randomBytes } from "node:crypto";
import { Disposable, ViewColumn, WebviewPanel, window } from "vscode";

export class PinsPanel implements Disposable {
  private panel: WebviewPanel | undefined;

  show(html: string): void {
    if (!this.panel) {
      this.panel = window.createWebviewPanel("pinvet.pins", "Pins", ViewColumn.Active, {
        enableScripts: true, // the page's own search; the policy below lets nothing else run
        enableFindWidget: true,
        localResourceRoots: [],
      });
      this.panel.onDidDispose(() => (this.panel = undefined));
    }
    this.panel.webview.html = confine(html, randomBytes(16).toString("hex"));
    this.panel.reveal();
  }

  dispose(): void {
    this.panel?.dispose();
  }
}

const colours = `<style>:root {
  --back: var(--vscode-editor-background); --text: var(--vscode-editor-foreground);
  --soft: var(--vscode-descriptionForeground); --line: var(--vscode-panel-border);
  --code: var(--vscode-textCodeBlock-background);
}</style>`;

/** Adds a policy that allows the page's own script and nothing from elsewhere, and the editor's colours. */
export function confine(html: string, nonce: string): string {
  const policy =
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; form-action 'none'; ` +
    `style-src 'unsafe-inline'; script-src 'nonce-${nonce}'">`;
  return html
    .replace(/<head>/, `<head>${policy}`)
    .replace(/<\/head>/, `${colours}</head>`)
    .replace(/<script>/g, `<script nonce="${nonce}">`);
}
