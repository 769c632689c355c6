/** Runs the app, or takes what it has made, and hands back its assembly. */
import type { AppSource } from "./app.ts";
import { CannotDeploy } from "./cannot-deploy.ts";
import type { Voice } from "./toolkit-voice.ts";
import type { ToolkitLibrary } from "./tools.ts";

type Toolkit = InstanceType<ToolkitLibrary["Toolkit"]>;
export type Assembly = Awaited<ReturnType<Toolkit["synth"]>>;

/** Throws `CannotDeploy` with what the app has said when it fails. Whoever has the assembly disposes of it. */
export async function synthesize(
  library: ToolkitLibrary,
  toolkit: Toolkit,
  voice: Voice,
  source: AppSource,
  context: Readonly<Record<string, string>>,
): Promise<Assembly> {
  try {
    return await toolkit.synth(await sourceOf(library, toolkit, source, context));
  } catch (error) {
    throw notSynthesized(error, source, voice.lines);
  }
}

function sourceOf(
  { CdkAppMultiContext }: ToolkitLibrary,
  toolkit: Toolkit,
  source: AppSource,
  context: Readonly<Record<string, string>>,
) {
  if (source.kind === "assembly") return toolkit.fromAssemblyDirectory(source.folder);
  return toolkit.fromCdkApp(source.command, {
    workingDirectory: source.folder,
    contextStore: new CdkAppMultiContext(source.folder, context),
    ...(source.outdir !== undefined && { outdir: source.outdir }),
  });
}

const shownLines = 30;

function notSynthesized(error: unknown, source: AppSource, lines: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  const said = lines.join("\n").trimEnd().split("\n").slice(-shownLines).join("\n  ");
  const what = source.kind === "app" ? `The app in ${source.folder} fails (${source.command})` : source.folder;
  const hint = said === "" ? undefined : `It said:\n  ${said}`;
  return new CannotDeploy("SYNTHESIS", `${what}: ${error.message.trim()}`, hint, error);
}
