// What a person sees and does in VS Code: squiggles, problems, hover, quick fix, restricted mode.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { vsix } from "./lib/packages.mjs";
import { scratch } from "./lib/places.mjs";
import { messages, recorded, serverPid } from "./lib/recorder.mjs";
import { sample } from "./lib/sample.mjs";
import { open } from "./lib/vscode.mjs";

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
        await editor.settle();
        throw e;
      }
    });
  const hover = async () => {
    // The rule's name comes with the server's own hover, below the diagnostic of the editor.
    const widget = await editor.hover(/PIN\d{3}\s+[a-z]+-/);
    await widget.getByText("Checking for quick fixes...").waitFor({ state: "hidden" });
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

    const unicode = join(workspace, "Sonde/Unicode.cs");
    const unicodeText = readFileSync(unicode, "utf8");
    // The list of actions, asked for again where it went away: the editor drops it when diagnostics come meanwhile.
    // The server has no such excuse: each request by hand is answered with the action.
    const act = async (title) => {
      const choice = page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
      await again(
        async () => {
          await page.keyboard.press("Control+.");
          await choice.waitFor({ timeout: 8_000 });
        },
        () => page.keyboard.press("Escape"),
      );
      const said = messages("page", serverPid("page"));
      const asked = said.filter(({ message: m }) => m.method === "textDocument/codeAction" && m.params.context.triggerKind === 1 && !m.params.context.only);
      assert.ok(asked.length > 0);
      for (const { message: m } of asked) {
        const answer = said.find((x) => x.from === "server" && !x.message.method && x.message.id === m.id)?.message;
        const cancelled = answer?.error?.code === -32800;
        assert.ok(cancelled || answer?.result?.some((x) => x.title.includes(title)), `the server answered ${JSON.stringify(answer)}`);
      }
      return choice;
    };
    const save = async () => {
      await editor.command("File: Save All Files");
      await page.locator(".tab.dirty").first().waitFor({ state: "detached" });
    };

    await step("a quick fix on a line with é and 😀", async () => {
      await editor.file("Unicode.cs", 17, 38);
      await editor.squiggles("error").first().waitFor();
      await editor.shot("fix-before");
      const choice = await act("Test for the failure value");
      await editor.shot("fix");
      await choice.click();
      await editor.squiggles("error").first().waitFor({ state: "detached" });
      await editor.shot("fix-after");
    });

    await step("the file is saved right", async () => {
      assert.equal(readFileSync(unicode, "utf8"), unicodeText);
      await save();
      assert.equal(readFileSync(unicode, "utf8"), unicodeText.replace("été == IntPtr.Zero", "été == new IntPtr(-1)"));
    });

    await step("undo brings the squiggle back", async () => {
      await page.keyboard.press("Control+Z");
      await editor.squiggles("error").first().waitFor();
      await save();
      assert.equal(readFileSync(unicode, "utf8"), unicodeText);
    });

    await step("a server that is killed comes back, what is not saved stays", async () => {
      const line = "// é 😀 not saved ";
      await editor.file("Unicode.cs", 1, 1);
      await page.keyboard.type(line);
      await page.locator(".tab.active.dirty").waitFor();
      const pid = serverPid("page");
      process.kill(pid, "SIGKILL");
      await until("another server has found it again", () => {
        if (serverPid("page") === pid) return false;
        const said = messages("page", serverPid("page"));
        const asked = said.filter(({ message: m }) => m.method === "textDocument/diagnostic" && m.params.textDocument.uri.endsWith("Unicode.cs"));
        const ids = asked.map((m) => m.message.id);
        const answers = said.filter((m) => m.from === "server" && !m.message.method && ids.includes(m.message.id));
        return answers.some((m) => m.message.result?.items?.some((d) => d.code === "PIN403"));
      });
      await editor.squiggles("error").first().waitFor();
      assert.ok((await editor.text()).includes(`${line}using System;`), await editor.text());
      assert.equal(await page.locator(".tab.active.dirty").count(), 1);
      assert.equal(readFileSync(unicode, "utf8"), unicodeText);
      await save();
      assert.equal(readFileSync(unicode, "utf8"), line + unicodeText);
      await page.keyboard.press("Shift+Home");
      await page.keyboard.press("Delete");
      await save();
      assert.equal(readFileSync(unicode, "utf8"), unicodeText);
    });

    await step("a mistake in pinvet.yaml", async () => {
      const yaml = join(workspace, "pinvet.yaml");
      writeFileSync(yaml, "rules:\n  PIN403: eror # é 😀\n");
      await editor.file("pinvet.yaml", 2, 12);
      await again(() => editor.squiggles("error").first().waitFor({ timeout: 8_000 }), () => touch(yaml));
      await editor.hover("eror");
      await editor.shot("configuration");
      await page.keyboard.press("Escape");
      writeFileSync(yaml, "# é 😀\n");
      await again(() => editor.squiggles("error").first().waitFor({ state: "detached", timeout: 8_000 }), () => touch(yaml));
    });

    await step("a rule is switched off for a file in pinvet.yaml", async () => {
      await editor.file("Unicode.cs", 17, 38);
      await editor.squiggles("error").first().waitFor();
      await (await act("in pinvet.yaml")).click();
      await page.locator(".tab.dirty").first().waitFor();
      await save();
      await editor.squiggles("error").first().waitFor({ state: "detached" });
      await editor.shot("switched-off");
      const written = readFileSync(join(workspace, "pinvet.yaml"), "utf8");
      assert.match(written, /^# é 😀\noverrides:\n[^\n]*TODO[^\n]*\n +- paths: \["Sonde\/Unicode.cs"\]\n +rules: \{PIN403: off\}\n$/);
      assert.equal(readFileSync(unicode, "utf8"), unicodeText);
      rmSync(join(workspace, "pinvet.yaml"));
      await editor.squiggles("error").first().waitFor();
      await editor.command("View: Close All Editors");
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

/** Waits, and where that was in vain does something and waits again: the editor's watch of the disk may miss a change. */
async function again(wait, before) {
  for (let i = 0; i < 3; i++) {
    try {
      return await wait();
    } catch (e) {
      console.log(`once more: ${e.message.split("\n")[0]}`);
      await before();
    }
  }
  await wait();
}

function touch(path) {
  writeFileSync(path, readFileSync(path));
}

async function until(what, done) {
  for (let i = 0; i < 600; i++) {
    if (await done()) return;
    await sleep(50);
  }
  throw new Error(`not in time: ${what}`);
}

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
