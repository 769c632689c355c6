/** What a cloud assembly's folder holds: the templates of its stacks, nested ones too, and where each stack is to be deployed. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type NestedTemplate, readTemplate, type TemplateStack } from "../ingest/index.ts";

export interface AssemblyStacks {
  readonly stacks: readonly TemplateStack[];
  /** Whether values are missing that the CLI will look up: then these are templates of a first round, with values of no meaning. */
  readonly isIncomplete: boolean;
  /** The stacks' templates as files, by the stacks' ids. */
  readonly files: ReadonlyMap<string, string>;
}

/** The folder of the assembly that a template is in: each stage has its own. */
export function assemblyFolder(templatePath: string): string {
  return dirname(templatePath);
}

interface Manifest {
  readonly missing?: readonly unknown[];
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  /** `aws://111111111111/eu-west-1` */
  readonly environment?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

export function assemblyStacks(folder: string): AssemblyStacks {
  const { missing = [], artifacts = {} }: Manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  const stacks = Object.entries(artifacts).flatMap(([id, artifact]): readonly TemplateStack[] => {
    const { templateFile, stackName = id, parameters = {} } = artifact.properties ?? {};
    if (artifact.type !== "aws:cloudformation:stack" || templateFile === undefined) return [];
    return [{ id, stackName, parameters, ...environmentOf(artifact), ...templateAt(folder, templateFile) }];
  });
  const files = Object.entries(artifacts).flatMap(([id, { properties }]): readonly (readonly [string, string])[] =>
    properties?.templateFile === undefined ? [] : [[id, join(folder, properties.templateFile)]],
  );
  return { stacks, isIncomplete: missing.length > 0, files: new Map(files) };
}

/** Said, unless the app leaves it to whoever deploys. */
function environmentOf({ environment = "" }: Artifact): Pick<TemplateStack, "accountId" | "region"> {
  const [, accountId = "", region = ""] = /^aws:\/\/([^/]*)\/([^/]*)$/.exec(environment) ?? [];
  return {
    ...(/^\d{12}$/.test(accountId) && { accountId }),
    ...(region !== "" && region !== "unknown-region" && { region }),
  };
}

/** A nested stack's resource says in its metadata which file it is made from. */
function templateAt(folder: string, file: string): NestedTemplate {
  const template = readFileSync(join(folder, file), "utf8");
  const nested = Object.entries(nestedFiles(template)).map(([id, path]) => [id, templateAt(folder, path)]);
  return { template, ...(nested.length > 0 && { nested: Object.fromEntries(nested) }) };
}

function nestedFiles(template: string): Readonly<Record<string, string>> {
  if (!template.includes("AWS::CloudFormation::Stack")) return {};
  return Object.fromEntries(
    [...readTemplate(template).resources].flatMap(([id, { type, metadata }]) => {
      const path =
        typeof metadata === "object" && metadata !== null && "aws:asset:path" in metadata
          ? metadata["aws:asset:path"]
          : undefined;
      return type === "AWS::CloudFormation::Stack" && typeof path === "string" ? [[id, path]] : [];
    }),
  );
}
