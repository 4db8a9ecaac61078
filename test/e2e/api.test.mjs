// What pinvet shows in VS Code, asked through its API by a second extension.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { probe, vsix } from "./lib/packages.mjs";
import { scratch } from "./lib/places.mjs";
import { recorded, sessions } from "./lib/recorder.mjs";
import { sample } from "./lib/sample.mjs";
import { open } from "./lib/vscode.mjs";

test("VS Code, through its API", { timeout: 300_000 }, async (t) => {
  const home = scratch("api");
  const workspace = join(home, "workspace");
  mkdirSync(workspace);
  sample(workspace);
  const result = join(home, "result.jsonl");
  const editor = await open(home, workspace, {
    name: "api",
    vsix: [vsix, probe],
    settings: { "security.workspace.trust.enabled": false },
    machine: { "pinvet.path": recorded("api", home) },
    env: { PINVET_E2E_STEPS: "steps.js", PINVET_E2E_RESULT: result, PINVET_E2E_PID: join(sessions, "api.pid") },
  });
  try {
    let seen = 0;
    for (const end = Date.now() + 280_000; Date.now() < end; await sleep(100)) {
      const lines = existsSync(result) ? readFileSync(result, "utf8").split("\n").slice(0, -1) : [];
      for (const line of lines.slice(seen)) {
        const step = JSON.parse(line);
        if (step.done) return;
        const took = `${step.ms} ms`;
        await t.test(step.name, (c) => {
          c.diagnostic(took);
          assert.ok(step.ok, step.error);
        });
      }
      seen = lines.length;
    }
    assert.fail(`the probe did not end; ${seen} steps done`);
  } finally {
    await editor.shot("end");
    await editor.close();
  }
});
