/** What removing the stacks would take away, read from the stacks that are there; and what of it stays, or is in somebody's way. */
import type { Clients } from "./cloud.ts";
import { pathBelow } from "./construct-path.ts";
import { isRefusal, type Looked } from "./deployed-stack.ts";
import { type DestroyStep, destroyStep } from "./next-step.ts";
import { throughOutages } from "./outages.ts";
import { refusalOf } from "./refusals.ts";
import type { Session } from "./session.ts";
import type { AppStack, StackKey, Template } from "./stacks.ts";

export interface StackRemoval {
  readonly stack: AppStack;
  readonly step: DestroyStep;
  readonly looked: Looked;
  readonly resources: readonly StackResource[];
  /** Exports of this stack that stacks import which stay. */
  readonly exportsInUse: readonly { readonly name: string; readonly by: readonly string[] }[];
}

export interface StackResource {
  readonly logicalId: string;
  /** The construct's path below its stack, where the template that is deployed says it. */
  readonly path?: string;
  readonly type: string;
  readonly physicalId: string;
  /** By its template it stays when the stack goes. */
  readonly isRetained: boolean;
}

export async function removalsOf(
  session: Session,
  looked: ReadonlyMap<StackKey, Looked>,
): Promise<readonly StackRemoval[]> {
  const { stacks } = session.selection;
  const going = new Set(stacks.map(({ name }) => name));
  return Promise.all(
    stacks.map(async (stack) => {
      const now = looked.get(stack.artifactId) ?? { kind: "absent" };
      const removal = { stack, step: destroyStep(now), looked: now };
      if (now.kind !== "there") return { ...removal, resources: [], exportsInUse: [] };
      const clients = session.clients(stack);
      const read = async () => ({
        resources: await resourcesOf(clients, stack, now.stackId),
        exportsInUse: await exportsInUse(clients, now.stackId, going),
      });
      try {
        return { ...removal, ...(await throughOutages(read, session.onEvent)) };
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal?.kind !== "denied") throw error;
        const unknown: Looked = { kind: "unknown", reason: refusal.text, refusal: refusal.kind };
        return { stack, step: destroyStep(unknown), looked: unknown, resources: [], exportsInUse: [] };
      }
    }),
  );
}

async function resourcesOf(clients: Clients, stack: AppStack, stackId: string): Promise<readonly StackResource[]> {
  const template = await deployedTemplate(clients, stack, stackId);
  const resources: StackResource[] = [];
  let token: string | undefined;
  do {
    const page = await clients.cloudFormation.listStackResources({
      StackName: stackId,
      ...(token !== undefined && { NextToken: token }),
    });
    for (const each of page.StackResourceSummaries ?? []) {
      const { LogicalResourceId: logicalId = "", ResourceType: type = "", PhysicalResourceId, ResourceStatus } = each;
      if (PhysicalResourceId === undefined || PhysicalResourceId === "" || ResourceStatus === "DELETE_COMPLETE")
        continue;
      const resource = template.Resources?.[logicalId];
      const path = pathBelow(stack.id, resource?.Metadata);
      const isRetained = resource?.DeletionPolicy?.startsWith("Retain") === true;
      const named = { logicalId, ...(path !== undefined && { path }) };
      resources.push({ ...named, type, physicalId: PhysicalResourceId, isRetained });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return resources;
}

async function deployedTemplate({ cloudFormation }: Clients, stack: AppStack, stackId: string): Promise<Template> {
  try {
    const { TemplateBody } = await cloudFormation.getTemplate({ StackName: stackId, TemplateStage: "Processed" });
    return JSON.parse(TemplateBody ?? "{}");
  } catch (error) {
    if (!(error instanceof SyntaxError || isRefusal(error))) throw error;
    // CDK deploys JSON. Somebody has put YAML in its place, or we may not read it: the app's own template is the best that is known.
    return stack.template;
  }
}

async function exportsInUse(
  { cloudFormation }: Clients,
  stackId: string,
  going: ReadonlySet<string>,
): Promise<StackRemoval["exportsInUse"]> {
  const names: string[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await cloudFormation.listExports(token === undefined ? {} : { NextToken: token });
      for (const { ExportingStackId, Name } of page.Exports ?? []) {
        if (ExportingStackId === stackId && Name !== undefined) names.push(Name);
      }
      token = page.NextToken;
    } while (token !== undefined);
    const used = await Promise.all(
      names.map(async (name) => ({ name, by: await importersOf(cloudFormation, name, going) })),
    );
    return used.filter(({ by }) => by.length > 0);
  } catch (error) {
    // Not allowed to look: CloudFormation itself refuses the deletion then, with the names.
    if (isRefusal(error)) return [];
    throw error;
  }
}

async function importersOf(
  cloudFormation: Clients["cloudFormation"],
  name: string,
  going: ReadonlySet<string>,
): Promise<readonly string[]> {
  try {
    const { Imports = [] } = await cloudFormation.listImports({ ExportName: name });
    return Imports.filter((stack) => !going.has(stack));
  } catch (error) {
    // So CloudFormation says that nobody does.
    if (error instanceof Error && error.name === "ValidationError") return [];
    throw error;
  }
}
