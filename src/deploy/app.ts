/** What is deployed: the folder of a CDK app, which is run, or of an assembly that is synthesized already. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CannotDeploy } from "./cannot-deploy.ts";

export type AppSource =
  | { readonly kind: "assembly"; readonly folder: string }
  | { readonly kind: "app"; readonly folder: string; readonly command: string; readonly outdir?: string };

/** Throws `CannotDeploy` when the folder holds neither. */
export function findApp(path: string): AppSource {
  const folder = resolve(path);
  if (!existsSync(folder)) throw new CannotDeploy("NO_FOLDER", `There is no folder ${folder}.`, appHint);
  if (!statSync(folder).isDirectory()) throw new CannotDeploy("NO_FOLDER", `${folder} is a file.`, appHint);
  if (existsSync(join(folder, "manifest.json")) && existsSync(join(folder, "cdk.out")))
    return { kind: "assembly", folder };
  const file = join(folder, "cdk.json");
  if (!existsSync(file)) throw new CannotDeploy("NO_APP", `There is no cdk.json in ${folder}.`, appHint);
  return appOf(folder, file);
}

const appHint =
  "Name the folder of a CDK app (its cdk.json says how it is run), or a cdk.out that `cdk synth` has made.";

function appOf(folder: string, file: string): AppSource {
  const { app, build, output } = settingsIn(file);
  if (typeof app !== "string" || app === "") {
    const hint = 'It is a line like "app": "npx tsx app.ts".';
    throw new CannotDeploy("NO_APP", `${file} does not say how the app is run: it has no "app".`, hint);
  }
  // CDK's own command takes a folder there, too.
  const named = resolve(folder, app);
  if (existsSync(named) && statSync(named).isDirectory()) return { kind: "assembly", folder: named };
  const command = typeof build === "string" && build !== "" ? `${build} && ${app}` : app;
  return {
    kind: "app",
    folder,
    command,
    ...(typeof output === "string" && output !== "" && { outdir: resolve(folder, output) }),
  };
}

function settingsIn(file: string): Readonly<Record<string, unknown>> {
  try {
    const settings: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof settings === "object" && settings !== null) return { ...settings };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CannotDeploy("NO_APP", `${file} is not JSON: ${error.message}`, undefined, error);
  }
  throw new CannotDeploy("NO_APP", `${file} is not an object.`);
}

/** `-c key=value`, each of them. */
export function contextOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new CannotDeploy("CONTEXT", `'${word}' is no context.`, "Write -c key=value.");
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}
