/** Network interfaces. An instance's answer tells its interfaces too: those count where DescribeNetworkInterfaces did not name them. */
import type { NetworkInterface, PrivateAddress } from "../model/index.ts";
import { type Item, isIdOf, required } from "./item.ts";
import { mergeResources, resourceFields } from "./merge.ts";
import { type Part, readNested, type Seen } from "./part.ts";
import type { Report } from "./report.ts";

const idField = { field: "NetworkInterfaceId", prefix: "eni" } as const;

export function readNetworkInterfaces(parts: readonly Part[], report: Report): readonly NetworkInterface[] {
  const own = parts.flatMap((part) =>
    part.readEach("NetworkInterfaces", idField, (item, id) => readNetworkInterface(item, id, part)),
  );
  const told = new Set(own.map(({ id }) => id));
  const ofInstances = parts.flatMap(interfacesOfInstances).filter(({ id }) => !told.has(id));
  return mergeResources([...own, ...ofInstances], report);
}

function interfacesOfInstances(part: Part): readonly Seen<NetworkInterface>[] {
  const instances = part.items("Reservations").flatMap((reservation) => reservation.items("Instances"));
  return instances.flatMap((instance) =>
    readNested(part, instance.items("NetworkInterfaces"), idField, (item, id) =>
      readNetworkInterface(item, id, part, instance.text("InstanceId")),
    ),
  );
}

function readNetworkInterface(
  item: Item,
  networkInterfaceId: NetworkInterface["networkInterfaceId"],
  part: Part,
  instanceId?: string,
): NetworkInterface {
  noteLoadBalancer(item, networkInterfaceId);
  return {
    ...resourceFields(item, part),
    networkInterfaceId,
    vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
    subnetId: required(item, "SubnetId", item.id("SubnetId", "subnet")),
    macAddress: required(item, "MacAddress", item.text("MacAddress")).toLowerCase(),
    privateAddresses: privateAddressesOf(item),
    ipv6Addresses: item.items("Ipv6Addresses").flatMap((each) => each.address("Ipv6Address") ?? []),
    securityGroupIds: item.items("Groups").flatMap((each) => each.id("GroupId", "sg") ?? []),
    sourceDestCheck: item.boolean("SourceDestCheck") ?? true,
    interfaceType: typeOf(item),
    ...attachmentOf(item, instanceId),
  };
}

/** AWS's enumeration says `natGateway`, and its answers `nat_gateway`. */
function typeOf(item: Item): string {
  const type = item.text("InterfaceType") ?? "interface";
  return type === "nat_gateway" ? "natGateway" : type;
}

/** Answers of before there were several addresses tell the one beside the interface's other fields. */
function privateAddressesOf(item: Item): readonly PrivateAddress[] {
  const listed = item.items("PrivateIpAddresses");
  if (listed.length === 0) return addressOf(item, true);
  return listed.flatMap((each) => addressOf(each, each.boolean("Primary") ?? listed.length === 1));
}

function addressOf(item: Item, primary: boolean): readonly PrivateAddress[] {
  const address = item.address("PrivateIpAddress");
  const publicIp = item.item("Association")?.address("PublicIp");
  if (address === undefined) return [];
  return [{ address, primary, ...(publicIp !== undefined && { publicIp }) }];
}

/** An interface on its way to or from an instance neither sends nor receives. [AD-55] */
function attachmentOf(item: Item, instance?: string): Pick<NetworkInterface, "attachment"> {
  const attachment = item.item("Attachment");
  const inUse = (item.text("Status") ?? "in-use") === "in-use";
  if (attachment === undefined || !inUse || (attachment.text("Status") ?? "attached") !== "attached") return {};
  const instanceId = attachment.text("InstanceId") ?? instance;
  return {
    attachment: {
      ...(instanceId !== undefined && isIdOf("i", instanceId) && { instanceId }),
      deviceIndex: attachment.integer("DeviceIndex") ?? 0,
    },
  };
}

/** What a load balancer does with what it receives is not modelled. */
function noteLoadBalancer(item: Item, id: string): void {
  const isBalancer =
    item.text("Description")?.startsWith("ELB ") === true ||
    item.text("InterfaceType")?.includes("load_balancer") === true;
  if (isBalancer) item.notes.unknown(id, "it belongs to a load balancer, which is not modelled");
}
