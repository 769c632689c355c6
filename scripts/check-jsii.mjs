/** Whether the constructs' public API can be used from Python, Java, Go and .NET: compiles a copy of it with jsii, whose rules are stricter than TypeScript's. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// Below node_modules, so that CDK is found from there.
const cache = join(root, "node_modules/.cache/causeway");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "jsii-"));

try {
  for (const part of ["cdk", "ip"]) copySources(part);
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

/** jsii compiles to CommonJS by settings of its own: imports without endings, and no `import.meta`. */
function copySources(part) {
  const target = join(folder, "src", part);
  mkdirSync(target, { recursive: true });
  const names = readdirSync(join(root, "src", part)).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  for (const name of names) {
    const text = readFileSync(join(root, "src", part, name), "utf8");
    const plain = text.replaceAll(/(from "\.[^"]+)\.ts"/g, '$1"').replaceAll("import.meta.dirname", "__dirname");
    writeFileSync(join(target, name), plain);
  }
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
