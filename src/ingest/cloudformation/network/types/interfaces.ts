/** Network interfaces of whatever has one: addresses as given, or chosen as AWS will choose. */
import type {
  Address,
  NetworkInterface,
  NetworkInterfaceId,
  SecurityGroupId,
  Subnet,
} from "../../../../model/index.ts";
import { NotTold } from "../given.ts";
import { change, type NetworkDraft, place, resourceFields } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";

export interface InterfacePlan {
  readonly networkInterfaceId: NetworkInterfaceId;
  readonly subnet: Subnet;
  /** The primary one first; none where AWS chooses. */
  readonly addresses: readonly Address[];
  readonly ipv6Addresses: readonly Address[];
  /** Of IPv6 addresses that AWS chooses. */
  readonly ipv6Count: number;
  readonly securityGroupIds: readonly SecurityGroupId[];
  readonly sourceDestCheck: boolean;
  readonly interfaceType: NetworkInterface["interfaceType"];
  readonly attachment?: NetworkInterface["attachment"];
  /** Whose public address it has: its own, or an allocation's. */
  readonly publicAddressOf?: string | undefined;
  /** What it is of the resource, when it is not the resource itself. */
  readonly part?: string;
}

export function addInterface(draft: NetworkDraft, resource: StackResource, plan: InterfacePlan): void {
  const { networkInterfaceId, subnet, ipv6Count, publicAddressOf, part, attachment } = plan;
  const { addresses: chosen } = draft;
  const own = plan.addresses.length > 0 ? plan.addresses : [chosenIn(draft, networkInterfaceId, subnet)];
  const publicIp = publicAddressOf === undefined ? {} : { publicIp: chosen.publicAddress(publicAddressOf) };
  const { name: _name, ...fields } = resourceFields(resource);
  draft.networkInterfaces.set(networkInterfaceId, {
    ...fields,
    networkInterfaceId,
    vpcId: subnet.vpcId,
    subnetId: subnet.subnetId,
    macAddress: macAddress(draft.networkInterfaces.size),
    privateAddresses: own.map((address, index) => ({ address, primary: index === 0, ...(index === 0 && publicIp) })),
    ipv6Addresses: [...plan.ipv6Addresses, ...chosenIpv6(draft, networkInterfaceId, subnet, ipv6Count)],
    securityGroupIds: plan.securityGroupIds,
    sourceDestCheck: plan.sourceDestCheck,
    interfaceType: plan.interfaceType,
    ...(attachment !== undefined && { attachment }),
  });
  place(draft, networkInterfaceId, resource, part);
}

/** AWS's are told apart by the numbers at their ends; nothing is judged by them. */
function macAddress(index: number): string {
  const digits = index.toString(16).padStart(10, "0");
  return ["02", ...(digits.match(/../g) ?? [])].join(":");
}

function chosenIn({ addresses }: NetworkDraft, id: string, { cidrBlock, subnetId }: Subnet): Address {
  const address = addresses.inBlock(id, cidrBlock);
  if (address === undefined) throw new NotTold(`${subnetId} has no address left in ${cidrBlock}`);
  return address;
}

function chosenIpv6(draft: NetworkDraft, id: string, subnet: Subnet, count: number): readonly Address[] {
  if (count === 0) return [];
  const [block] = subnet.ipv6CidrBlocks;
  if (block === undefined) throw new NotTold(`${subnet.subnetId} has no IPv6 block for the address of ${id}`);
  return Array.from({ length: count }, (_, index) => {
    const address = draft.addresses.inBlock(`${id}.${index}`, block);
    if (address === undefined) throw new NotTold(`${subnet.subnetId} has no address left in ${block}`);
    return address;
  });
}

/** An Elastic IP address, or none of its own: what the interface's primary address is outside. */
export function setPublicAddress(draft: NetworkDraft, id: string, publicIp: Address, privateAddress?: Address): void {
  change(draft.networkInterfaces, id, (each) => ({
    ...each,
    privateAddresses: each.privateAddresses.map((one) =>
      (privateAddress === undefined ? one.primary : one.address === privateAddress) ? { ...one, publicIp } : one,
    ),
  }));
}
