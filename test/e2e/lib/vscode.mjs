// VS Code in a browser: code-server, and Chromium that shows it.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium as playwright } from "playwright-core";
import { artifacts, chromium, editor } from "./places.mjs";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--lang=en-US", "--font-render-hinting=none",
];

const quiet = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "window.commandCenter": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.minimap.enabled": false,
  "editor.accessibilitySupport": "off",
  "editor.cursorBlinking": "solid",
  "files.autoSave": "off",
  "git.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
};

/**
 * Starts an editor on `workspace` with a home of its own under `home`.
 * Options: vsix (packages to install), settings, machine (settings of the machine),
 * name (of screenshots), env (of the extensions).
 */
export async function open(home, workspace, { vsix, settings, machine, name, env: more }) {
  const { node, entry } = editor();
  for (const d of ["data/User", "data/Machine"]) mkdirSync(join(home, d), { recursive: true });
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(home, "data/User/settings.json"), JSON.stringify({ ...quiet, ...settings }, null, 2));
  // What is said for a machine does not count in the user's settings of a remote window, which this is.
  writeFileSync(join(home, "data/Machine/settings.json"), JSON.stringify(machine ?? {}));
  const env = { ...process.env, ...more, HOME: home, XDG_CONFIG_HOME: join(home, ".config"), XDG_DATA_HOME: join(home, ".local/share"), XDG_CACHE_HOME: join(home, ".cache") };
  const places = ["--user-data-dir", join(home, "data"), "--extensions-dir", join(home, "extensions")];
  execFileSync(node, [entry, ...places, ...vsix.flatMap((v) => ["--install-extension", v])], { env, stdio: ["ignore", "pipe", "pipe"] });

  const port = await freePort();
  const out = openSync(join(artifacts, `${name}-editor.log`), "w");
  const child = spawn(
    node,
    [entry, ...places, "--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--config", join(home, "config.yaml")],
    { env, detached: true, stdio: ["ignore", out, out] },
  );
  const browser = await playwright.launch({ executablePath: chromium, args: flags });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await answers(port);
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
  await page.waitForSelector(".monaco-workbench .part.statusbar", { timeout: 60_000 });
  return new Editor(page, name, async () => {
    await browser.close();
    try {
      process.kill(-child.pid, "SIGTERM");
    } catch {} // it is gone
  });
}

class Editor {
  constructor(page, name, close) {
    this.page = page;
    this.name = name;
    this.close = close;
  }

  async shot(what) {
    const path = join(artifacts, `${this.name}-${what}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget .input");
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click();
  }

  /** Opens a file of the workspace, at a line and column when they are given. */
  async file(name, line, column) {
    const base = name.split("/").pop();
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${base}"]`).first();
    // The list is searched for once: a file that is newer than the search is found by another one only.
    for (let left = 5; ; left--) {
      await this.page.keyboard.press("Control+P");
      const input = this.page.locator(".quick-input-widget .input");
      await input.waitFor();
      await input.fill(name + (line ? `:${line}:${column ?? 1}` : ""));
      try {
        await row.click({ timeout: 8_000 });
        break;
      } catch (e) {
        if (left === 0) throw e;
        await this.page.keyboard.press("Escape");
      }
    }
    const group = this.page.locator(".editor-group-container.active");
    await group.locator(`.tab.active[data-resource-name="${base}"]`).waitFor();
    await group.locator(".monaco-editor.focused .view-line").first().waitFor();
    if (line) await this.page.locator(".statusbar-item", { hasText: `Ln ${line},` }).waitFor();
  }

  /** The hover at the cursor, once it holds a text; it is asked for again where it went away. */
  async hover(hasText) {
    const widget = this.page.locator(".monaco-hover:not(.hidden)", { hasText }).first();
    for (let left = 4; ; left--) {
      await this.command("Show or Focus Hover");
      try {
        await widget.waitFor({ timeout: 8_000 });
        return widget;
      } catch (e) {
        if (left === 0) throw e;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Closes what lies above the editor, so that what failed in one step is not in the way of the next. */
  async settle() {
    for (let i = 0; i < 3; i++) await this.page.keyboard.press("Escape");
  }

  /** The text of the editor that has the focus, as far as it is seen. */
  async text() {
    const lines = await this.page.locator(".editor-group-container.active .view-line").allInnerTexts();
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  squiggles(kind = "") {
    return this.page.locator(`.view-overlays .cdr[class*="squiggly-${kind}"]`);
  }
}

async function freePort() {
  const s = createServer();
  await new Promise((done) => s.listen(0, "127.0.0.1", done));
  const { port } = s.address();
  await new Promise((done) => s.close(done));
  return port;
}

async function answers(port) {
  for (let i = 0; i < 200; i++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return;
    } catch {}
    await sleep(150);
  }
  throw new Error("code-server does not answer; see the -editor.log of this test");
}
