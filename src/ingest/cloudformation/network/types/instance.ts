/** AWS::EC2::Instance, with the interface that it has of its own or those that it is given. */
import type { InstanceId, NetworkInterfaceId, SecurityGroupId, Subnet } from "../../../../model/index.ts";
import type { Evaluated } from "../../template/index.ts";
import { isUnknownValue } from "../../template/index.ts";
import { type Given, NotTold, needed } from "../given.ts";
import { change, type NetworkDraft, neededThing, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { addInterface } from "./interfaces.ts";
import type { NetworkType } from "./network-type.ts";
import { defaultSecurityGroup } from "./vpc.ts";

export const instanceType: NetworkType = {
  name: "AWS::EC2::Instance",
  prefix: "i",
  idAttributes: ["InstanceId"],
  attribute(resource, name, draft) {
    switch (name) {
      case "PrivateIp":
        return privateIp(resource, draft);
      case "AvailabilityZone":
        return subnetResource(resource, draft)?.properties().raw("AvailabilityZone");
      case "VpcId":
        return subnetResource(resource, draft)?.properties().raw("VpcId");
      case "PublicIp":
        return draft.addresses.publicAddress(resource.id("eni"));
      default:
        return undefined;
    }
  },
  build(resource, draft) {
    const given = resource.properties();
    const instanceId = resource.id("i");
    place(draft, instanceId, resource);
    const told = given.items("NetworkInterfaces");
    const subnet = subnetOf(told.find((each) => deviceOf(each) === 0) ?? given, draft);
    const [own] = [resource.id("eni")];
    draft.instances.set(instanceId, {
      ...resourceFields(resource),
      instanceId,
      vpcId: subnet.vpcId,
      subnetId: subnet.subnetId,
      state: "running",
      imageId: "",
      instanceType: "",
      availabilityZone: subnet.availabilityZone,
      privateDnsName: "",
      launchTime: "",
    });
    if (told.length === 0) {
      addOwn(
        resource,
        given,
        { subnet, instanceId, networkInterfaceId: own, deviceIndex: 0, groups: "SecurityGroupIds" },
        draft,
      );
      return;
    }
    for (const each of told) {
      const deviceIndex = deviceOf(each);
      const there = each.id("NetworkInterfaceId", "eni");
      if (there !== undefined) {
        change(draft.networkInterfaces, there, (one) => ({ ...one, attachment: { instanceId, deviceIndex } }));
      } else {
        const networkInterfaceId = deviceIndex === 0 ? own : resource.id("eni", String(deviceIndex));
        const plan = { subnet: subnetOf(each, draft), instanceId, networkInterfaceId, deviceIndex, groups: "GroupSet" };
        addOwn(resource, each, plan, draft);
      }
    }
  },
};

interface OwnInterface {
  readonly subnet: Subnet;
  readonly instanceId: InstanceId;
  readonly networkInterfaceId: NetworkInterfaceId;
  readonly deviceIndex: number;
  /** The property that names its groups. */
  readonly groups: string;
}

/** Made with the instance, in its words or in those of an entry of NetworkInterfaces. */
function addOwn(resource: StackResource, given: Given, plan: OwnInterface, draft: NetworkDraft): void {
  const { subnet, instanceId, networkInterfaceId, deviceIndex, groups } = plan;
  if (given.raw("SecurityGroups") !== undefined)
    throw new NotTold("groups are named by their names, which is not modelled");
  const address = given.address("PrivateIpAddress");
  const more = given.items("PrivateIpAddresses").flatMap((each) => each.address("PrivateIpAddress") ?? []);
  const ipv6Addresses = given.items("Ipv6Addresses").flatMap((each) => each.address("Ipv6Address") ?? []);
  const source = draft.resource(subnet.subnetId)?.properties();
  const isAssigned = source?.boolean("AssignIpv6AddressOnCreation") ?? false;
  const isPublic = given.boolean("AssociatePublicIpAddress") ?? source?.boolean("MapPublicIpOnLaunch") ?? false;
  addInterface(draft, resource, {
    networkInterfaceId,
    subnet,
    addresses: address === undefined ? more : [address, ...more.filter((each) => each !== address)],
    ipv6Addresses,
    ipv6Count: given.integer("Ipv6AddressCount") ?? (isAssigned && ipv6Addresses.length === 0 ? 1 : 0),
    securityGroupIds: groupsOr(given.ids(groups, "sg"), subnet, draft),
    sourceDestCheck: resource.properties().boolean("SourceDestCheck") ?? true,
    interfaceType: "interface",
    attachment: { instanceId, deviceIndex },
    publicAddressOf: isPublic ? networkInterfaceId : undefined,
    part: deviceIndex === 0 ? "interface" : `interface ${deviceIndex}`,
  });
}

/** Without a group it has its VPC's default one. */
export function groupsOr(
  groups: readonly SecurityGroupId[],
  { vpcId }: Subnet,
  draft: NetworkDraft,
): readonly SecurityGroupId[] {
  if (groups.length > 0) return groups;
  const vpc = draft.resource(vpcId);
  return [vpc === undefined ? `sg-default-of-${vpcId}` : defaultSecurityGroup(vpc)];
}

const deviceOf = (given: Given): number => given.integer("DeviceIndex") ?? 0;

/** Without one it would be in the default VPC, which no template tells. */
function subnetOf(given: Given, draft: NetworkDraft): Subnet {
  const there = given.id("NetworkInterfaceId", "eni");
  const id = there === undefined ? given.id("SubnetId", "subnet") : draft.networkInterfaces.get(there)?.subnetId;
  return neededThing(draft.subnets, needed("SubnetId", id));
}

/** The interface that stands for the instance in a route. */
export function primaryInterface(instanceId: InstanceId, { networkInterfaces }: NetworkDraft): NetworkInterfaceId {
  for (const { attachment, networkInterfaceId } of networkInterfaces.values()) {
    if (attachment?.instanceId === instanceId && attachment.deviceIndex === 0) return networkInterfaceId;
  }
  throw new NotTold(`${instanceId} has no interface in the templates`);
}

function subnetResource(resource: StackResource, draft: NetworkDraft): StackResource | undefined {
  const given = resource.properties();
  const [first] = given.raw("NetworkInterfaces") === undefined ? [] : given.items("NetworkInterfaces");
  const own = first?.id("NetworkInterfaceId", "eni");
  const subnet = own === undefined ? (first ?? given) : draft.resource(own)?.properties();
  const id = subnet?.id("SubnetId", "subnet");
  return id === undefined ? undefined : draft.resource(id);
}

/** As given, or as it is chosen for the interface later. */
function privateIp(resource: StackResource, draft: NetworkDraft): Evaluated | undefined {
  const given = resource.properties();
  const [first] = given.raw("NetworkInterfaces") === undefined ? [] : given.items("NetworkInterfaces");
  const there = first?.id("NetworkInterfaceId", "eni");
  if (there !== undefined) return draft.resource(there)?.value("PrimaryPrivateIpAddress");
  const raw = (first ?? given).raw("PrivateIpAddress");
  if (raw !== undefined) return isUnknownValue(raw) ? undefined : raw;
  const block = subnetResource(resource, draft)?.properties().cidr("CidrBlock");
  return block === undefined ? undefined : draft.addresses.inBlock(resource.id("eni"), block);
}
