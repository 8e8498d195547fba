/* Bundles the page into dist/: page.js and page.css. The same sources give the same bytes, so that a check can
   build again and compare. The licences of the packages inside stand at the end, as they ask. */

import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

const common = {
  absWorkingDir: here,
  outdir: "dist",
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "eof",
  logLevel: "warning",
};

/** The licence texts of the packages that a bundle took in, as one comment. */
async function licences(inputs) {
  const folders = new Set(
    Object.keys(inputs).flatMap((path) => path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? []),
  );
  const texts = [];
  for (const folder of [...folders].map((path) => join(here, path))) {
    const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    texts.push(`${name} ${version}\n\n${(await readFile(join(folder, "LICENSE"), "utf8")).trim()}`);
  }
  return texts.length ? `/*!\n${texts.sort().join("\n\n\n")}\n*/` : "";
}

const script = {
  ...common,
  entryPoints: { page: "src/main.tsx" },
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
};
const { metafile } = await build({ ...script, metafile: true, write: false });
await build({ ...script, footer: { js: await licences(metafile.inputs) } });
await build({ ...common, entryPoints: { page: "src/page.css" }, target: ["chrome111", "firefox115", "safari16.4"] });
