/** What holds a resource that cannot be deleted: the things in its VPC that no stack of this app has made, and who made them. */
import type { Clients } from "./cloud.ts";
import { isRefusal } from "./deployed-stack.ts";
import { throughOutages } from "./outages.ts";
import type { Session } from "./session.ts";
import type { Failure } from "./stack-events.ts";
import type { AppStack } from "./stacks.ts";

export interface Blocker {
  /** The resource that cannot be deleted. */
  readonly holds: string;
  readonly id: string;
  readonly what: string;
  readonly madeBy: string;
}

interface Found {
  readonly id: string | undefined;
  readonly what: string;
  readonly tags: readonly Tag[] | undefined;
  /** Whoever AWS names, where there is no stack. */
  readonly requester?: string | undefined;
  /** AWS makes one in every VPC, and takes it away with it. */
  readonly isDefault?: boolean | undefined;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Empty where nothing was found, or nobody may look. */
export async function blockersOf(
  session: Session,
  stack: AppStack,
  failures: readonly Failure[],
  ours: ReadonlySet<string>,
): Promise<readonly Blocker[]> {
  const clients = session.clients(stack);
  const look = async (failure: Failure): Promise<readonly Blocker[]> => {
    const { physicalId, type } = failure;
    const search = physicalId === undefined ? undefined : searches[type];
    if (physicalId === undefined || search === undefined) return [];
    const found = await search(clients, physicalId);
    return found.flatMap(({ id, what, tags, requester, isDefault }) =>
      id === undefined || isDefault || ours.has(id)
        ? []
        : [{ holds: physicalId, id, what, madeBy: makerOf(tags ?? [], requester) }],
    );
  };
  try {
    return await throughOutages(async () => (await Promise.all(failures.map(look))).flat(), session.onEvent);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

function makerOf(tags: readonly Tag[], requester: string | undefined): string {
  const of = (key: string): string | undefined => tags.find(({ Key }) => Key === key)?.Value;
  const stack = of("aws:cloudformation:stack-name");
  if (stack !== undefined) return `the stack ${stack}`;
  if (requester !== undefined) return requester;
  const name = of("Name");
  return `somebody, by hand or with another tool${name === undefined ? "" : ` (Name: ${name})`}`;
}

type Search = (clients: Clients, id: string) => Promise<readonly Found[]>;

/** By the type of what cannot be deleted. */
const searches: Readonly<Record<string, Search>> = {
  "AWS::EC2::VPC": inVpc,
  "AWS::EC2::Subnet": ({ ec2 }, id) => interfaces(ec2, "subnet-id", id),
  "AWS::EC2::SecurityGroup": async ({ ec2 }, id) => [
    ...(await interfaces(ec2, "group-id", id)),
    ...(await groupsThatName(ec2, id)),
  ],
  "AWS::EC2::InternetGateway": async ({ ec2 }, id) => {
    const { InternetGateways = [] } = await ec2.describeInternetGateways({ InternetGatewayIds: [id] });
    return InternetGateways.flatMap(({ Attachments = [] }) =>
      Attachments.map(({ VpcId }) => ({ id: VpcId, what: "VPC that it is attached to", tags: [] })),
    );
  },
  "AWS::EC2::VPCGatewayAttachment": inAttachedVpc,
  "AWS::EC2::TransitGateway": async ({ ec2 }, id) => {
    const { TransitGatewayAttachments = [] } = await ec2.describeTransitGatewayAttachments({
      Filters: [
        { Name: "transit-gateway-id", Values: [id] },
        { Name: "state", Values: ["available", "pending", "modifying", "deleting", "pendingAcceptance", "failing"] },
      ],
    });
    return TransitGatewayAttachments.map(({ TransitGatewayAttachmentId, ResourceType, ResourceOwnerId, Tags }) => ({
      id: TransitGatewayAttachmentId,
      what: `attachment of a ${ResourceType}`,
      tags: Tags,
      requester: ResourceOwnerId === undefined ? undefined : `account ${ResourceOwnerId}`,
    }));
  },
};

async function inVpc({ ec2 }: Clients, vpcId: string): Promise<readonly Found[]> {
  const filters = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  const attached = { Filters: [{ Name: "attachment.vpc-id", Values: [vpcId] }] };
  const [subnets, groups, tables, acls, gateways, endpoints, nats, own] = await Promise.all([
    ec2.describeSubnets(filters),
    ec2.describeSecurityGroups(filters),
    ec2.describeRouteTables(filters),
    ec2.describeNetworkAcls(filters),
    ec2.describeInternetGateways(attached),
    ec2.describeVpcEndpoints(filters),
    ec2.describeNatGateways({ Filter: filters.Filters }),
    interfaces(ec2, "vpc-id", vpcId),
  ]);
  return [
    ...own,
    ...(nats.NatGateways ?? [])
      .filter(({ State }) => State !== "deleted")
      .map(({ NatGatewayId, Tags }) => ({ id: NatGatewayId, what: "NAT gateway", tags: Tags })),
    ...(endpoints.VpcEndpoints ?? [])
      .filter(({ State }) => State !== "Deleted")
      .map(({ VpcEndpointId, Tags, RequesterManaged }) => ({
        id: VpcEndpointId,
        what: "VPC endpoint",
        tags: Tags,
        ...(RequesterManaged && { requester: "a service of AWS" }),
      })),
    ...(gateways.InternetGateways ?? []).map(({ InternetGatewayId, Tags }) => ({
      id: InternetGatewayId,
      what: "internet gateway",
      tags: Tags,
    })),
    ...(subnets.Subnets ?? []).map(({ SubnetId, Tags }) => ({ id: SubnetId, what: "subnet", tags: Tags })),
    ...(groups.SecurityGroups ?? []).map(({ GroupId, GroupName, Tags }) => ({
      id: GroupId,
      what: `security group ${GroupName}`,
      tags: Tags,
      isDefault: GroupName === "default",
    })),
    ...(tables.RouteTables ?? []).map(({ RouteTableId, Tags, Associations = [] }) => ({
      id: RouteTableId,
      what: "route table",
      tags: Tags,
      isDefault: Associations.some(({ Main }) => Main),
    })),
    ...(acls.NetworkAcls ?? []).map(({ NetworkAclId, Tags, IsDefault }) => ({
      id: NetworkAclId,
      what: "network ACL",
      tags: Tags,
      isDefault: IsDefault,
    })),
  ];
}

/** An attachment's id is not the VPC's: `IGW|vpc-…`, or of an older form. */
async function inAttachedVpc(clients: Clients, id: string): Promise<readonly Found[]> {
  const vpcId = id.split("|").find((part) => part.startsWith("vpc-"));
  return vpcId === undefined ? [] : interfaces(clients.ec2, "vpc-id", vpcId);
}

async function interfaces(ec2: Clients["ec2"], filter: string, value: string): Promise<readonly Found[]> {
  const { NetworkInterfaces = [] } = await ec2.describeNetworkInterfaces({
    Filters: [{ Name: filter, Values: [value] }],
  });
  return NetworkInterfaces.map(
    ({ NetworkInterfaceId, Attachment, Description, TagSet, RequesterManaged, RequesterId }) => ({
      id: Attachment?.InstanceId ?? NetworkInterfaceId,
      what:
        Attachment?.InstanceId === undefined
          ? `network interface${Description === undefined || Description === "" ? "" : ` (${Description})`}`
          : `instance, by its interface ${NetworkInterfaceId}`,
      tags: TagSet,
      ...(RequesterManaged && { requester: `a service of AWS${RequesterId === undefined ? "" : ` (${RequesterId})`}` }),
    }),
  );
}

async function groupsThatName(ec2: Clients["ec2"], id: string): Promise<readonly Found[]> {
  const [inwards, outwards] = await Promise.all(
    ["ip-permission.group-id", "egress.ip-permission.group-id"].map((Name) =>
      ec2.describeSecurityGroups({ Filters: [{ Name, Values: [id] }] }),
    ),
  );
  const groups = [...(inwards?.SecurityGroups ?? []), ...(outwards?.SecurityGroups ?? [])];
  return groups
    .filter(({ GroupId }) => GroupId !== id)
    .map(({ GroupId, GroupName, Tags }) => ({
      id: GroupId,
      what: `security group ${GroupName}, a rule of which names it`,
      tags: Tags,
    }));
}
