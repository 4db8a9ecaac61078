// The workspace of the tests: the sample projects of testdata and a file with letters beyond ASCII.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { here, root } from "./places.mjs";

export function sample(folder) {
  for (const name of ["tour", "border"]) {
    cpSync(join(root, "testdata/projects", name), join(folder, name), { recursive: true });
  }
  cpSync(join(here, "sample"), folder, { recursive: true });
  return folder;
}
