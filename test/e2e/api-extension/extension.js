// Runs the steps of PINVET_E2E_STEPS (a file of steps/) inside the extension host and writes what came
// of each to PINVET_E2E_RESULT: a line {name, ok, error, ms} for each, then {done: true}.
const fs = require("node:fs");
const path = require("node:path");
const tools = require("./tools");

exports.activate = () => {
  const { PINVET_E2E_STEPS: name, PINVET_E2E_RESULT: result } = process.env;
  if (name && result && !fs.existsSync(result)) void run(require(path.join(__dirname, name)), result);
};

async function run(steps, result) {
  for (const [name, step] of Object.entries(steps)) {
    const start = Date.now();
    let error;
    try {
      await step(tools);
    } catch (e) {
      error = e.stack ?? String(e);
    }
    fs.appendFileSync(result, JSON.stringify({ name, ok: !error, error, ms: Date.now() - start }) + "\n");
  }
  fs.appendFileSync(result, JSON.stringify({ done: true }) + "\n");
}
