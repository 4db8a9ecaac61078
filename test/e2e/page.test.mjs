// What a person sees and does in VS Code: squiggles, problems, hover, quick fix, restricted mode.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { vsix } from "./lib/packages.mjs";
import { scratch } from "./lib/places.mjs";
import { messages, recorded } from "./lib/recorder.mjs";
import { sample } from "./lib/sample.mjs";
import { open } from "./lib/vscode.mjs";

const fixLine = /^(\s*)\/\/ pinvet:|pinvet:.*PIN403/;

function place(name) {
  const home = scratch(name);
  const workspace = join(home, "workspace");
  mkdirSync(workspace);
  return { home, workspace: sample(workspace) };
}

test("VS Code, by hand", { timeout: 300_000 }, async (t) => {
  const { home, workspace } = place("page");
  const editor = await open(home, workspace, {
    name: "page",
    vsix: [vsix],
    settings: { "security.workspace.trust.enabled": false },
    machine: { "pinvet.path": recorded("page", home) },
  });
  const { page } = editor;
  const step = (name, run) =>
    t.test(name, async () => {
      try {
        await run();
      } catch (e) {
        await editor.shot(`failed-${name.replace(/\W+/g, "-")}`);
        throw e;
      }
    });
  const hover = async () => {
    await editor.command("Show or Focus Hover");
    const widget = page.locator(".monaco-hover:not(.hidden)", { hasText: "PIN" }).first();
    await widget.waitFor();
    return widget;
  };

  try {
    await step("a squiggle in C#, its steps in the hover", async () => {
      await editor.file("FrameReader.cs", 24, 30);
      await editor.squiggles("error").first().waitFor();
      const text = await (await hover()).innerText();
      assert.match(text, /is unpinned at the end of the fixed block/);
      assert.match(text, /PIN101/);
      assert.match(text, /pinned by the fixed statement/);
      await editor.shot("steps");
      await page.keyboard.press("Escape");
    });

    await step("the Problems panel lists findings of both languages", async () => {
      await editor.command("Problems: Focus on Problems View");
      const filter = page.locator(".viewpane-filter input, .viewpane-filter-container input").first();
      const row = (text) => page.locator(".markers-panel .monaco-list-row", { hasText: text }).first();
      for (const [rule, file] of [["PIN101", "FrameReader.cs"], ["PIN202", "cancel.c"]]) {
        await filter.fill(rule);
        await row(rule).waitFor();
        await row(file).waitFor();
      }
      await filter.fill("");
      await row("Capture.cs").waitFor();
      await editor.shot("problems");
      await editor.command("View: Hide Panel");
    });

    await step("a finding in C# whose step is in the C file", async () => {
      await editor.file("Capture.cs", 19, 15);
      await editor.squiggles("error").first().waitFor();
      const text = await (await hover()).innerText();
      assert.match(text, /PIN703/);
      assert.match(text, /capture\.c/);
      await editor.shot("border");
      await page.keyboard.press("Escape");
    });

    await step("an edit in the C file takes the squiggle out of the C# file", async () => {
      await editor.command("View: Split Editor Right");
      await editor.file("native/capture.c", 6, 5);
      await editor.squiggles("error").first().waitFor();
      await page.keyboard.press("Home");
      await page.keyboard.type("//");
      await editor.squiggles("error").first().waitFor({ state: "detached" });
      await editor.shot("border-edited");
      await page.keyboard.press("Control+Z");
      await page.keyboard.press("Control+Z");
      await editor.squiggles("error").first().waitFor();
      await editor.command("File: Revert File");
      await editor.command("View: Join All Editor Groups");
      await page.locator(".editor-group-container").nth(1).waitFor({ state: "detached" });
    });

    await step("a quick fix on a line with é and 😀", async () => {
      await editor.file("Unicode.cs", 17, 38);
      await editor.squiggles("error").first().waitFor();
      await editor.shot("fix-before");
      await page.keyboard.press("Control+.");
      const choice = page.locator(".action-widget .monaco-list-row", { hasText: /PIN403.*line/ }).first();
      await choice.waitFor();
      await editor.shot("fix");
      await choice.click();
      await editor.squiggles("error").first().waitFor({ state: "detached" });
      await editor.shot("fix-after");
    });

    await step("the file is saved right", async () => {
      const name = join(workspace, "Sonde/Unicode.cs");
      const before = readFileSync(name, "utf8");
      await page.keyboard.press("Control+S");
      await page.locator(".tab.active.dirty").waitFor({ state: "detached" });
      const after = readFileSync(name, "utf8");
      assert.notEqual(after, before);
      const kept = after.split("\n").filter((line) => !/^\s*\/\/ *pinvet/.test(line));
      assert.equal(kept.join("\n").replace(/ *\/\/ *pinvet[^\n]*/g, ""), before);
      assert.ok(after.includes('string text = "é 😀"; if (été == IntPtr.Zero) return false; // é 😀'), after);
      assert.match(after, fixLine);
    });

    await step("undo brings the squiggle back", async () => {
      await page.keyboard.press("Control+Z");
      await editor.squiggles("error").first().waitFor();
      await page.keyboard.press("Control+S");
    });

    await step("the rule's page", async () => {
      await editor.file("FrameReader.cs", 24, 30);
      await editor.squiggles("error").first().waitFor();
      await editor.command("pinvet: Explain Rule...");
      await frame(page, /fixed-ends-pending|PIN101/);
      await editor.shot("explain");
    });

    await step("the inventory of pins", async () => {
      await editor.command("pinvet: Show Pins");
      const pins = await frame(page, /Where managed memory is pinned/);
      await pins.locator("#q").fill("FrameSender");
      await pins.locator("#n", { hasText: /^[1-9]\d* of \d+ sites/ }).waitFor(); // the page's script runs
      await pins.locator("#q").fill("");
      await editor.shot("pins");
    });

    await step("the status of the language", async () => {
      await editor.file("FrameReader.cs");
      await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
      await page.locator(".hover-language-status, .monaco-hover", { hasText: /pinvet: \d+ findings/ }).first().waitFor();
      await page.waitForTimeout(500); // it fades in
      await editor.shot("status");
    });

    await step("the walkthrough", async () => {
      await editor.command("Welcome: Open Walkthrough...");
      await page.locator(".quick-input-widget .input").fill("pinvet");
      await page.locator(".quick-input-list .monaco-list-row", { hasText: "Get started with pinvet" }).first().waitFor();
      await page.keyboard.press("Enter");
      await page.locator(".getting-started-step", { hasText: "Read why" }).first().waitFor();
      await editor.shot("walkthrough");
    });
  } finally {
    await editor.close();
  }
});

test("VS Code, restricted mode", { timeout: 240_000 }, async (t) => {
  const { home, workspace } = place("restricted");
  const trap = join(home, "executed");
  const bait = join(workspace, "bait.sh");
  writeFileSync(bait, `#!/bin/sh\ntouch '${trap}'\n`, { mode: 0o755 });
  mkdirSync(join(workspace, ".vscode"));
  writeFileSync(join(workspace, ".vscode/settings.json"), JSON.stringify({ "pinvet.path": bait }));
  const editor = await open(home, workspace, {
    name: "restricted",
    vsix: [vsix],
    settings: { "security.workspace.trust.startupPrompt": "never" },
    machine: { "pinvet.path": recorded("restricted", home) },
  });
  const { page } = editor;
  const executed = () => {
    try {
      readFileSync(trap);
      return true;
    } catch {
      return false;
    }
  };
  try {
    await t.test("findings are shown, the program of the workspace is not executed", async () => {
      await page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
      await editor.file("FrameReader.cs", 24, 30);
      await editor.squiggles("error").first().waitFor();
      await editor.shot("squiggle");
      assert.ok(messages("restricted").length > 0, "the server of the machine's settings did not run");
      assert.equal(executed(), false);
    });

    await t.test("once trusted, the path of the workspace counts", async () => {
      await editor.command("Workspaces: Manage Workspace Trust");
      await page.getByRole("button", { name: /^Trust$/ }).click();
      for (let i = 0; i < 100 && !executed(); i++) await page.waitForTimeout(100);
      await editor.shot("trusted");
      assert.equal(executed(), true);
    });
  } catch (e) {
    await editor.shot("failed");
    throw e;
  } finally {
    await editor.close();
  }
});

/** The content of a webview that has a text. */
async function frame(page, text) {
  for (let i = 0; i < 100; i++) {
    for (const f of page.frames()) {
      const body = await f.locator("body").innerText({ timeout: 500 }).catch(() => "");
      if (f !== page.mainFrame() && text.test(body)) return f;
    }
    await page.waitForTimeout(100);
  }
  throw new Error(`no webview with ${text}`);
}
