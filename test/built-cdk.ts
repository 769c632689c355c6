/** The constructs as users get them: built into a package in a folder of their own, where an example finds them by name. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCdk } from "../scripts/build-cdk.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

export interface BuiltCdk {
  /** Here `causeway-net` is installed, and what this repository has. */
  readonly folder: string;
  remove(): void;
}

export async function buildCdkPackage(): Promise<BuiltCdk> {
  // Below node_modules, so that CDK is found from there.
  const cache = join(root, "node_modules/.cache/causeway");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "cdk-"));
  const installed = join(folder, "node_modules/causeway-net");
  await buildCdk(join(installed, "dist/cdk"), root);
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  // A package of its own: within ours the name would be ours.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
