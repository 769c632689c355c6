/** Which VPCs the templates join, by a peering or by transit gateways, as far as templates tell: references are followed from stack to stack. */
import type { AppStack, TemplateResource } from "../stacks.ts";

export type VpcRef =
  /** Of a template. `blocks` is undefined where only the deployment will tell. */
  | { readonly kind: "made"; readonly name: string; readonly blocks: readonly string[] | undefined }
  /** There already. */
  | { readonly kind: "id"; readonly id: string; readonly stack: AppStack };

export interface Join {
  readonly by: { readonly kind: "peering" | "transit-gateway"; readonly name: string };
  readonly vpcs: readonly VpcRef[];
}

export function joinsOf(stacks: readonly AppStack[]): readonly Join[] {
  return [...peerings(stacks), ...gateways(stacks)].filter(({ vpcs }) => vpcs.length > 1);
}

function peerings(stacks: readonly AppStack[]): readonly Join[] {
  return resourcesOf(stacks, "AWS::EC2::VPCPeeringConnection").map(({ stack, logicalId, resource }) => {
    const { VpcId, PeerVpcId } = resource.Properties ?? {};
    const vpcs = [VpcId, PeerVpcId].flatMap((value) => vpcOf(stacks, stack, value) ?? []);
    return { by: { kind: "peering", name: `${stack.id}/${logicalId}` }, vpcs };
  });
}

/** One join for all gateways that are peered with each other, directly or by others. */
function gateways(stacks: readonly AppStack[]): readonly Join[] {
  const attachments = attachmentTypes.flatMap((type) => resourcesOf(stacks, type));
  const peered = resourcesOf(stacks, "AWS::EC2::TransitGatewayPeeringAttachment").flatMap(({ stack, resource }) => {
    const { TransitGatewayId, PeerTransitGatewayId } = resource.Properties ?? {};
    const [one, other] = [TransitGatewayId, PeerTransitGatewayId].map((value) => originOf(stacks, stack, value));
    return one === undefined || other === undefined ? [] : [[keyOf(one), keyOf(other)] as const];
  });
  const groupOf = groups(peered);
  const joins = new Map<string, { name: string; vpcs: Map<string, VpcRef> }>();
  for (const { stack, resource } of attachments) {
    const gateway = originOf(stacks, stack, resource.Properties?.TransitGatewayId);
    const vpc = originOf(stacks, stack, resource.Properties?.VpcId);
    const ref = vpcOf(stacks, stack, resource.Properties?.VpcId);
    if (gateway === undefined || vpc === undefined || ref === undefined) continue;
    const group = groupOf(keyOf(gateway));
    const join = joins.get(group) ?? { name: nameOf(gateway), vpcs: new Map<string, VpcRef>() };
    join.vpcs.set(keyOf(vpc), ref);
    joins.set(group, join);
  }
  return [...joins.values()].map(({ name, vpcs }) => ({
    by: { kind: "transit-gateway", name },
    vpcs: [...vpcs.values()],
  }));
}

const attachmentTypes = ["AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"] as const;

/** Names one member of each group of those that the pairs connect. */
function groups(pairs: readonly (readonly [string, string])[]): (key: string) => string {
  const parents = new Map<string, string>();
  const root = (key: string): string => {
    const parent = parents.get(key);
    return parent === undefined || parent === key ? key : root(parent);
  };
  for (const [one, other] of pairs) {
    const [first, second] = [root(one), root(other)];
    if (first !== second) parents.set(first, second);
  }
  return root;
}

/** Where a value comes from in the end. */
type Origin =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "made"; readonly stack: AppStack; readonly logicalId: string };

const furthest = 8;

/** Undefined where the template does not tell. */
function originOf(stacks: readonly AppStack[], stack: AppStack, value: unknown, depth = 0): Origin | undefined {
  if (typeof value === "string") return { kind: "id", id: value };
  if (!isRecord(value) || depth > furthest) return undefined;
  const follow = (found: Reference | undefined): Origin | undefined =>
    found === undefined ? undefined : originOf(stacks, found.stack, found.value, depth + 1);
  const { Ref: ref, "Fn::GetAtt": getAtt, "Fn::ImportValue": imported, "Fn::GetStackOutput": output } = value;
  if (typeof imported === "string") return follow(exported(stacks, stack, imported));
  if (isRecord(output)) return follow(outputOf(stacks, stack, output));
  const [logicalId, attribute] = typeof ref === "string" ? [ref, ""] : attributeOf(getAtt);
  const resource = stack.template.Resources?.[logicalId];
  if (resource === undefined) return undefined;
  if (resource.Type === "Custom::CrossRegionExportReader") return follow(written(stacks, attribute));
  return { kind: "made", stack, logicalId };
}

interface Reference {
  readonly stack: AppStack;
  readonly value: unknown;
}

function attributeOf(value: unknown): readonly [string, string] {
  if (typeof value === "string") return [value.split(".")[0] ?? "", value.slice(value.indexOf(".") + 1)];
  const [logicalId, attribute] = Array.isArray(value) ? value : [];
  return [typeof logicalId === "string" ? logicalId : "", typeof attribute === "string" ? attribute : ""];
}

/** What an export of another stack of the same account and Region stands for. */
function exported(stacks: readonly AppStack[], { account, region }: AppStack, name: string): Reference | undefined {
  for (const stack of stacks) {
    if (stack.account !== account || stack.region !== region) continue;
    for (const output of Object.values(stack.template.Outputs ?? {})) {
      if (output.Export?.Name === name) return { stack, value: output.Value };
    }
  }
  return undefined;
}

/** What Fn::GetStackOutput names. Of another account, of which only a role is told, the stack with that name is taken. */
function outputOf(
  stacks: readonly AppStack[],
  { account, region }: AppStack,
  { StackName, OutputName, Region = region, RoleArn }: Readonly<Record<string, unknown>>,
): Reference | undefined {
  const isNamed = (stack: AppStack): boolean =>
    stack.name === StackName &&
    (typeof Region !== "string" || stack.region === Region) &&
    (RoleArn !== undefined || stack.account === account);
  const stack = stacks.find(isNamed);
  return stack && typeof OutputName === "string"
    ? { stack, value: stack.template.Outputs?.[OutputName]?.Value }
    : undefined;
}

/** What CDK's writer in another Region says under a name. */
function written(stacks: readonly AppStack[], name: string): Reference | undefined {
  for (const { stack, resource } of resourcesOf(stacks, "Custom::CrossRegionExportWriter")) {
    const props = resource.Properties?.WriterProps;
    const exports = isRecord(props) ? props.exports : undefined;
    if (isRecord(exports) && Object.hasOwn(exports, name)) return { stack, value: exports[name] };
  }
  return undefined;
}

function vpcOf(stacks: readonly AppStack[], stack: AppStack, value: unknown): VpcRef | undefined {
  const origin = originOf(stacks, stack, value);
  if (origin === undefined) return undefined;
  if (origin.kind === "id") return origin.id.startsWith("vpc-") ? { kind: "id", id: origin.id, stack } : undefined;
  return { kind: "made", name: nameOf(origin), blocks: blocksOf(origin) };
}

function blocksOf({ stack, logicalId }: Extract<Origin, { readonly kind: "made" }>): readonly string[] | undefined {
  const first = stack.template.Resources?.[logicalId]?.Properties?.CidrBlock;
  const further = resourcesOf([stack], "AWS::EC2::VPCCidrBlock")
    .map(({ resource }) => resource.Properties ?? {})
    .filter(({ VpcId }) => originOf([stack], stack, VpcId)?.kind === "made" && attributeOrRef(VpcId) === logicalId)
    .flatMap(({ CidrBlock }) => (CidrBlock === undefined ? [] : [CidrBlock]));
  const all = [first, ...further];
  return all.every((each) => typeof each === "string") ? all : undefined;
}

function attributeOrRef(value: unknown): string {
  if (!isRecord(value)) return "";
  return typeof value.Ref === "string" ? value.Ref : attributeOf(value["Fn::GetAtt"])[0];
}

function keyOf(origin: Origin): string {
  return origin.kind === "id" ? origin.id : `${origin.stack.artifactId} ${origin.logicalId}`;
}

function nameOf(origin: Origin): string {
  return origin.kind === "id" ? origin.id : `${origin.stack.id}/${origin.logicalId}`;
}

interface FoundResource {
  readonly stack: AppStack;
  readonly logicalId: string;
  readonly resource: TemplateResource;
}

function resourcesOf(stacks: readonly AppStack[], type: string): readonly FoundResource[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, resource]) => ({ stack, logicalId, resource })),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
