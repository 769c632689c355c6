/** Builds the constructs: for import and require, with types for both, and beside them the provider's code, which becomes an asset of the user's app. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";

const source = "src/cdk";

/** Writes into a folder, from the repository's root. */
export async function buildCdk(outdir, root = ".") {
  const shared = {
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    bundle: true,
    platform: "node",
    target: "node20.19",
    external: ["aws-cdk-lib", "constructs", "@aws-sdk/*"],
    logLevel: "warning",
  };
  // What an app is written with, and what its tests are.
  const faces = { ...shared, entryPoints: [`${source}/index.ts`, `${source}/assertions.ts`], outdir };
  await Promise.all([
    // A bundled package may be CommonJS, and ask for Node's own modules by require.
    build({
      ...faces,
      format: "esm",
      splitting: true,
      chunkNames: "shared-[hash]",
      banner: {
        js: 'import { createRequire as causewayRequire } from "node:module"; const require = causewayRequire(import.meta.url);',
      },
    }),
    // The constructs find the provider's folder beside themselves.
    build({
      ...faces,
      format: "cjs",
      outExtension: { ".js": ".cjs" },
      define: { "import.meta.dirname": "__dirname" },
    }),
    build({
      ...shared,
      entryPoints: [`${source}/provider/index.ts`],
      format: "cjs",
      outfile: join(outdir, "provider/index.js"),
    }),
  ]);
  writeDeclarations(join(root, source), outdir);
}

/** Each file's declarations follow from that file alone; nothing is checked again here. */
function writeDeclarations(folder, outdir) {
  mkdirSync(outdir, { recursive: true });
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name));
  for (const name of names) {
    const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(join(folder, name), "utf8"), {
      fileName: name,
      reportDiagnostics: true,
      compilerOptions: {
        isolatedDeclarations: true,
        declaration: true,
        stripInternal: true,
        target: ts.ScriptTarget.ES2023,
      },
    });
    for (const { messageText } of diagnostics)
      throw new Error(`${name}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    for (const [kind, extension] of [
      ["d.ts", "js"],
      ["d.cts", "cjs"],
    ]) {
      const text = outputText.replaceAll(/(from "\.\/[^"]+)\.ts"/g, `$1.${extension}"`);
      writeFileSync(join(outdir, name.replace(/ts$/, kind)), text);
    }
  }
}
