/** AWS::EC2::NetworkInterface and its attachment; Elastic IP addresses and what they are associated with. */
import type { NetworkInterfaceId } from "../../../../model/index.ts";
import { isUnknownValue } from "../../template/index.ts";
import { needed } from "../given.ts";
import { change, neededThing, place } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import { groupsOr, primaryInterface } from "./instance.ts";
import { addInterface, setPublicAddress } from "./interfaces.ts";
import type { NetworkType } from "./network-type.ts";

export const networkInterfaceType: NetworkType = {
  name: "AWS::EC2::NetworkInterface",
  prefix: "eni",
  idAttributes: ["Id"],
  attribute(resource, name, draft) {
    if (name !== "PrimaryPrivateIpAddress") return undefined;
    const given = resource.properties();
    const raw = given.raw("PrivateIpAddress");
    if (raw !== undefined) return isUnknownValue(raw) ? undefined : raw;
    const [primary] = addressesOf(resource);
    const block = draft
      .resource(given.id("SubnetId", "subnet") ?? "")
      ?.properties()
      .cidr("CidrBlock");
    return primary ?? (block === undefined ? undefined : draft.addresses.inBlock(resource.id("eni"), block));
  },
  build(resource, draft) {
    const given = resource.properties();
    const subnet = neededThing(draft.subnets, needed("SubnetId", given.id("SubnetId", "subnet")));
    const ipv6Addresses = given.items("Ipv6Addresses").flatMap((each) => each.address("Ipv6Address") ?? []);
    addInterface(draft, resource, {
      networkInterfaceId: resource.id("eni"),
      subnet,
      addresses: addressesOf(resource),
      ipv6Addresses,
      ipv6Count: given.integer("Ipv6AddressCount") ?? 0,
      securityGroupIds: groupsOr(given.ids("GroupSet", "sg"), subnet, draft),
      sourceDestCheck: given.boolean("SourceDestCheck") ?? true,
      interfaceType: "interface",
    });
  },
};

/** The primary one first. */
function addressesOf(resource: StackResource): readonly string[] {
  const given = resource.properties();
  const own = given.address("PrivateIpAddress");
  const listed = given.items("PrivateIpAddresses").map((each) => ({
    address: needed("PrivateIpAddress", each.address("PrivateIpAddress")),
    primary: each.boolean("Primary") ?? false,
  }));
  const primary = own ?? listed.find((each) => each.primary)?.address;
  const others = listed.map(({ address }) => address).filter((each) => each !== primary);
  return primary === undefined ? others : [primary, ...others];
}

export const networkInterfaceAttachmentType: NetworkType = {
  name: "AWS::EC2::NetworkInterfaceAttachment",
  touches: (resource) => interfaceOf(resource),
  build(resource, draft) {
    const given = resource.properties();
    const instanceId = needed("InstanceId", given.id("InstanceId", "i"));
    const deviceIndex = needed("DeviceIndex", given.integer("DeviceIndex"));
    for (const id of interfaceOf(resource)) {
      change(draft.networkInterfaces, id, (each) => ({ ...each, attachment: { instanceId, deviceIndex } }));
    }
  },
};

function interfaceOf(resource: StackResource): readonly NetworkInterfaceId[] {
  const id = resource.properties().id("NetworkInterfaceId", "eni");
  return id === undefined ? [] : [id];
}

/** Its Ref is the address itself. What has it is told in other places, but for an instance. */
export const eipType: NetworkType = {
  name: "AWS::EC2::EIP",
  ref: (resource, draft) => draft.addresses.publicAddress(resource.id("eipalloc")),
  attribute(resource, name, draft) {
    if (name === "AllocationId") return resource.id("eipalloc");
    return name === "PublicIp" ? draft.addresses.publicAddress(resource.id("eipalloc")) : undefined;
  },
  build(resource, draft) {
    const instanceId = resource.properties().id("InstanceId", "i");
    if (instanceId === undefined) return;
    const address = draft.addresses.publicAddress(resource.id("eipalloc"));
    setPublicAddress(draft, primaryInterface(instanceId, draft), address);
    place(draft, resource.id("eipalloc"), resource);
  },
};

export const eipAssociationType: NetworkType = {
  name: "AWS::EC2::EIPAssociation",
  touches(resource) {
    const given = resource.properties();
    const id = given.id("NetworkInterfaceId", "eni") ?? given.id("InstanceId", "i");
    return id === undefined ? [] : [id];
  },
  build(resource, draft) {
    const given = resource.properties();
    const allocationId = given.id("AllocationId", "eipalloc");
    const address = allocationId === undefined ? given.address("EIP") : draft.addresses.publicAddress(allocationId);
    const instanceId = given.id("InstanceId", "i");
    const id = given.id("NetworkInterfaceId", "eni") ?? primaryInterface(needed("InstanceId", instanceId), draft);
    setPublicAddress(draft, id, needed("an address", address), given.address("PrivateIpAddress"));
  },
};
