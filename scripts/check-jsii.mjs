/** Whether the constructs' public API can be used from Python, Java, Go and .NET: compiles a copy of it with jsii, whose rules are stricter than TypeScript's. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
// Below node_modules, so that CDK is found from there.
const cache = join(root, "node_modules/.cache/causeway");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "jsii-"));

try {
  copySources("cdk", (text) => [".ts", plain(text)]);
  for (const part of ["ip", "model", "reachability", "ingest", "aws"]) copySources(part, declaration);
  for (const file of ["LICENSE", "README.md"]) cpSync(join(root, file), join(folder, file));
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest(), null, 2));
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/jsii/bin/jsii"), "--fail-on-warnings", "--silence-warnings=reserved-word"],
    {
      cwd: folder,
      stdio: "inherit",
    },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function copySources(part, copy) {
  for (const name of readdirSync(join(root, "src", part), { recursive: true })) {
    if (!name.endsWith(".ts") || /(\.test|\.fixture|(^|\/)test-[^/]+)\.ts$/.test(name)) continue;
    const [ending, text] = copy(readFileSync(join(root, "src", part, name), "utf8"), name);
    const target = join(folder, "src", part, name.replace(/\.ts$/, ending));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** jsii compiles to CommonJS by settings of its own: imports without endings, and no `import.meta`. */
function plain(text) {
  return text.replaceAll(/(from "\.[^"]+)\.ts"/g, '$1"').replaceAll("import.meta.dirname", "__dirname");
}

/** Of what the constructs are built on, which nobody sees, their types are enough. */
function declaration(text, fileName) {
  const { outputText } = ts.transpileDeclaration(text, {
    fileName,
    compilerOptions: { target: ts.ScriptTarget.ES2023 },
  });
  return [".d.ts", plain(outputText)];
}

function manifest() {
  const { version, license, peerDependencies: peers } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const author = { name: "Causeway", url: "https://example.com" };
  const peerDependencies = { "aws-cdk-lib": peers["aws-cdk-lib"], constructs: peers.constructs };
  // jsii wants to be told the oldest that a user may have.
  const oldest = Object.entries(peerDependencies).map(([name, range]) => [name, range.replace("^", "")]);
  return {
    name: "causeway-net-cdk",
    version,
    license,
    author,
    description: "Constructs of causeway-net",
    repository: { type: "git", url: "https://example.com/causeway.git" },
    main: "src/cdk/index.js",
    types: "src/cdk/index.d.ts",
    peerDependencies,
    devDependencies: Object.fromEntries(oldest),
    jsii: { outdir: "dist", targets: {}, versionFormat: "short" },
  };
}
