/** A network while it is being read out of templates: things by their ids, what is not known of them, and where they are written. */
import type {
  EgressOnlyInternetGateway,
  Instance,
  InternetGateway,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  NetworkModel,
  PrefixList,
  Resource,
  RouteTable,
  SecurityGroup,
  Subnet,
  TransitGateway,
  TransitGatewayPeeringAttachment,
  TransitGatewayRouteTable,
  TransitGatewayVpcAttachment,
  Unknown,
  Vpc,
  VpcPeeringConnection,
} from "../../../model/index.ts";
import { type ChosenAddresses, createChosenAddresses } from "./chosen-addresses.ts";
import { NotTold } from "./given.ts";
import type { StackResource } from "./read-stacks.ts";
import type { TemplateOrigin } from "./template-stack.ts";

export interface NetworkDraft {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly routeTables: Map<string, RouteTable>;
  readonly networkAcls: Map<string, NetworkAcl>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly instances: Map<string, Instance>;
  readonly internetGateways: Map<string, InternetGateway>;
  readonly egressOnlyInternetGateways: Map<string, EgressOnlyInternetGateway>;
  readonly natGateways: Map<string, NatGateway>;
  readonly vpcPeeringConnections: Map<string, VpcPeeringConnection>;
  readonly transitGateways: Map<string, TransitGateway>;
  readonly transitGatewayVpcAttachments: Map<string, TransitGatewayVpcAttachment>;
  readonly transitGatewayPeeringAttachments: Map<string, TransitGatewayPeeringAttachment>;
  readonly transitGatewayRouteTables: Map<string, TransitGatewayRouteTable>;
  readonly prefixLists: Map<string, PrefixList>;
  readonly addresses: ChosenAddresses;
  readonly origins: Map<string, TemplateOrigin>;
  /** The resource that has this id. */
  resource(id: string): StackResource | undefined;
  found(id: string, resource: StackResource): void;
  /** Of a thing that stays in the network, or that is none of it. */
  unknown(id: string, reason: string): void;
  /** A thing about which so much is not known that it is not told at all. */
  lose(id: string, reason: string): void;
  unknowns(): readonly Unknown[];
  isLost(id: string): boolean;
}

export type DraftedCollection = Exclude<keyof NetworkModel, "version" | "unknowns">;

export const draftedCollections: readonly DraftedCollection[] = [
  "vpcs",
  "subnets",
  "routeTables",
  "networkAcls",
  "securityGroups",
  "networkInterfaces",
  "instances",
  "internetGateways",
  "egressOnlyInternetGateways",
  "natGateways",
  "vpcPeeringConnections",
  "transitGateways",
  "transitGatewayVpcAttachments",
  "transitGatewayPeeringAttachments",
  "transitGatewayRouteTables",
  "prefixLists",
];

export function createDraft(): NetworkDraft {
  const resources = new Map<string, StackResource>();
  const unknowns = new Map<string, Unknown>();
  const lost = new Set<string>();
  const unknown = (id: string, reason: string): void => {
    if (!unknowns.has(id)) unknowns.set(id, { id, reason });
  };
  return {
    vpcs: new Map(),
    subnets: new Map(),
    routeTables: new Map(),
    networkAcls: new Map(),
    securityGroups: new Map(),
    networkInterfaces: new Map(),
    instances: new Map(),
    internetGateways: new Map(),
    egressOnlyInternetGateways: new Map(),
    natGateways: new Map(),
    vpcPeeringConnections: new Map(),
    transitGateways: new Map(),
    transitGatewayVpcAttachments: new Map(),
    transitGatewayPeeringAttachments: new Map(),
    transitGatewayRouteTables: new Map(),
    prefixLists: new Map(),
    addresses: createChosenAddresses(),
    origins: new Map(),
    resource: (id) => resources.get(id),
    found: (id, resource) => void resources.set(id, resource),
    unknown,
    lose(id, reason) {
      lost.add(id);
      unknown(id, reason);
    },
    unknowns: () => [...unknowns.values()],
    isLost: (id) => lost.has(id),
  };
}

/** Changes a thing that is there. One from outside of the templates is not: then there is nothing to change. */
export function change<T>(things: Map<string, T>, id: string, changed: (thing: T) => T): void {
  const thing = things.get(id);
  if (thing !== undefined) things.set(id, changed(thing));
}

/** A thing that a resource cannot do without, and that is not in the templates. */
export function neededThing<T>(things: ReadonlyMap<string, T>, id: string): T {
  const thing = things.get(id);
  if (thing === undefined) throw new NotTold(`${id} is not among the templates, or not told there`);
  return thing;
}

/** What every resource has. Its name is its Name tag, else where it is written. */
export function resourceFields(resource: StackResource): Resource {
  const { accountId: ownerId, region } = resource.stack;
  return { ownerId, region, name: nameOf(resource) };
}

export function nameOf({ origin, properties }: StackResource): string {
  return nameTag(properties().raw("Tags")) ?? origin.constructPath?.replace(/\/Resource$/, "") ?? origin.logicalId;
}

function nameTag(tags: unknown): string | undefined {
  if (!Array.isArray(tags)) return undefined;
  const tag: unknown = tags.find((each) => typeof each === "object" && each !== null && each.Key === "Name");
  const value = typeof tag === "object" && tag !== null && "Value" in tag ? tag.Value : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Puts down where the thing is written; `part` for what AWS makes with the resource. */
export function place(draft: NetworkDraft, id: string, { origin }: StackResource, part?: string): void {
  draft.origins.set(id, part === undefined ? origin : { ...origin, part });
}
