// Bundles src/ and vscode-languageclient into dist/extension.js.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node18",
  external: ["vscode"],
  minify: !process.argv.includes("--debug"),
  sourcemap: process.argv.includes("--debug") ? "inline" : false,
  logLevel: "warning",
});
