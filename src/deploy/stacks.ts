/** The stacks of a synthesized app as plain data: where each goes, what it needs first, and what it promises. */
import { type Intent, intentMetadataType, intentOf } from "../reachability/index.ts";
import { CannotDeploy } from "./cannot-deploy.ts";
import type { Place } from "./cloud.ts";
import { nearestOf } from "./near-names.ts";

type CloudAssembly = import("@aws-cdk/toolkit-lib").CachedCloudAssembly["cloudAssembly"];
type StackArtifact = CloudAssembly["stacksRecursively"][number];

/** A stack's id in its assembly, which is unique there. */
export type StackKey = string;

export interface AppStack extends Place {
  readonly artifactId: StackKey;
  /** The construct's path, by which people and CDK's toolkit know it: `Global/us-east-1-network`. */
  readonly id: string;
  readonly name: string;
  /** The artifact ids of stacks that are deployed before. */
  readonly dependencies: readonly StackKey[];
  readonly template: Template;
  readonly terminationProtection: boolean;
  /** Who may read the stack and its account, where it is not ours. */
  readonly readRole: string | undefined;
  /** Undefined when the stack needs no bootstrapping. */
  readonly bootstrap: Bootstrap | undefined;
  readonly intents: readonly Intent[];
  /** Entries that look like intents and are none that this version can judge. */
  readonly strangeIntents: number;
}

export interface Bootstrap {
  readonly version: number;
  /** The parameter that holds the version that is there. */
  readonly parameter: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown } }>
  >;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** Every stack, each after those that it needs. `home` is where stacks go that name no account or Region. */
export function stacksOf(assembly: CloudAssembly, home: Place): readonly AppStack[] {
  const artifacts = assembly.stacksRecursively;
  const ids = new Set(artifacts.map(({ id }) => id));
  return inOrder(artifacts.map((artifact) => stackOf(artifact, ids, home)));
}

function stackOf(artifact: StackArtifact, ids: ReadonlySet<string>, home: Place): AppStack {
  const { environment, lookupRole, assumeRoleArn, requiresBootstrapStackVersion, bootstrapStackVersionSsmParameter } =
    artifact;
  const place = {
    account: environment.account === "unknown-account" ? home.account : environment.account,
    region: environment.region === "unknown-region" ? home.region : environment.region,
  };
  const role = lookupRole?.arn ?? assumeRoleArn;
  const entries = artifact.findMetadataByType(intentMetadataType).map(({ data }) => intentOf(data));
  const intents = entries.filter((each) => each !== undefined);
  return {
    artifactId: artifact.id,
    id: artifact.hierarchicalId,
    name: artifact.stackName,
    ...place,
    dependencies: artifact.dependencies.map(({ id }) => id).filter((id) => ids.has(id)),
    template: artifact.template,
    terminationProtection: artifact.terminationProtection === true,
    readRole: role === undefined ? undefined : filledIn(role, place),
    bootstrap:
      requiresBootstrapStackVersion === undefined || bootstrapStackVersionSsmParameter === undefined
        ? undefined
        : { version: requiresBootstrapStackVersion, parameter: bootstrapStackVersionSsmParameter },
    intents,
    strangeIntents: entries.length - intents.length,
  };
}

/** CDK leaves these to whoever deploys. */
function filledIn(arn: string, { account, region }: Place): string {
  const partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return arn
    .replaceAll("${AWS::Partition}", partition)
    .replaceAll("${AWS::AccountId}", account)
    .replaceAll("${AWS::Region}", region);
}

function inOrder(stacks: readonly AppStack[]): readonly AppStack[] {
  const left = new Map(stacks.map((each) => [each.artifactId, each]));
  const ordered: AppStack[] = [];
  const place = (stack: AppStack): void => {
    if (!left.delete(stack.artifactId)) return;
    for (const id of stack.dependencies) {
      const needed = left.get(id);
      if (needed !== undefined) place(needed);
    }
    ordered.push(stack);
  };
  for (const each of stacks) place(each);
  return ordered;
}

export type Direction = "with-what-they-need" | "with-what-needs-them";

export interface Selection {
  readonly stacks: readonly AppStack[];
  /** Of these, the ones that were not named, and come along. */
  readonly alongside: readonly AppStack[];
}

/** The stacks that are meant: by id, name, artifact id, or with `*`. None named means all. */
export function select(all: readonly AppStack[], names: readonly string[], direction: Direction): Selection {
  if (all.length === 0) throw new CannotDeploy("NO_STACKS", "This app has no stacks.");
  if (names.length === 0) return { stacks: all, alongside: [] };
  const named = new Set(names.flatMap((name) => matching(all, name)));
  const chosen = new Set(named);
  let grown: number;
  do {
    grown = chosen.size;
    for (const stack of all) {
      const needs = all.filter((each) => stack.dependencies.includes(each.artifactId));
      if (direction === "with-what-they-need" && chosen.has(stack)) for (const each of needs) chosen.add(each);
      if (direction === "with-what-needs-them" && needs.some((each) => chosen.has(each))) chosen.add(stack);
    }
  } while (chosen.size > grown);
  const stacks = all.filter((each) => chosen.has(each));
  return { stacks, alongside: stacks.filter((each) => !named.has(each)) };
}

function matching(all: readonly AppStack[], name: string): readonly AppStack[] {
  const pattern = new RegExp(`^${name.split("*").map(escaped).join(".*")}$`);
  const found = all.filter((each) => namesOf(each).some((own) => pattern.test(own)));
  if (found.length > 0) return found;
  const near = nearestOf(name, all, namesOf).map(({ id }) => id);
  const hint =
    near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Its stacks: ${all.map(({ id }) => id).join(", ")}.`;
  throw new CannotDeploy("NO_SUCH_STACK", `This app has no stack '${name}'.`, hint);
}

function namesOf({ id, name, artifactId }: AppStack): readonly string[] {
  return [id, name, artifactId];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
