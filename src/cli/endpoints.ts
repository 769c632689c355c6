/** Who a person means by the two ends of a ping or a probe: an instance by id, Name tag or address, or a bare address. */
import { canonicalAddress } from "../ip/index.ts";
import {
  findByText,
  type InstanceId,
  indexNetworkModel,
  type NetworkInterface,
  type NetworkModel,
  type ResourceKind,
} from "../model/index.ts";
import { UserError } from "./user-error.ts";

export type Family = "ipv4" | "ipv6" | "any";

export interface SourceEnd {
  readonly instanceId: InstanceId;
  readonly networkInterface: NetworkInterface;
}

export interface DestinationEnd {
  /** The instance's id, or the address itself when no instance holds it. */
  readonly id: string;
  readonly address: string;
  /** Present when a running instance is meant: the address is its own, or its public one. */
  readonly instanceId?: InstanceId;
  /** The instance's own address behind a public one, which its operating system never sees. [AD-52] */
  readonly ownAddress?: string;
}

/** The running instance that a person names. Throws a `UserError` when there is none, or when the name fits several. */
export function runningInstance(model: NetworkModel, text: string): SourceEnd {
  const id = instanceNamed(model, text);
  const instance = model.instances.find((each) => each.instanceId === id);
  if (instance === undefined) throw nothingNamed(text, "instance", model);
  if (instance.state !== "running") {
    throw new UserError(
      "NOT_RUNNING_INSTANCE",
      `${label(instance)} is ${instance.state}; only a running instance sends packets.`,
      "Start it with `aws ec2 start-instances`.",
    );
  }
  const networkInterface = indexNetworkModel(model)
    .networkInterfacesOf(instance.instanceId)
    .find((each) => each.attachment?.deviceIndex === 0);
  if (networkInterface === undefined) throw new Error(`bug: ${instance.instanceId} has no primary interface`);
  return { instanceId: instance.instanceId, networkInterface };
}

/** Where packets shall go. A name means the instance's primary private address, as in a walk-through; an address is taken as it is. */
export function destination(model: NetworkModel, text: string, family: Family, from: NetworkInterface): DestinationEnd {
  const literal = canonicalAddress(text);
  if (literal !== undefined) return holderOf(model, literal, from) ?? { id: literal, address: literal };
  const { instanceId, networkInterface } = runningInstance(model, text);
  const ipv4 = networkInterface.privateAddresses.find((each) => each.primary)?.address;
  const ipv6 = networkInterface.ipv6Addresses[0];
  const address = family === "ipv6" ? ipv6 : family === "ipv4" ? ipv4 : (ipv4 ?? ipv6);
  if (address === undefined)
    throw new UserError("NO_ADDRESS", `${text} has no ${family === "ipv6" ? "IPv6" : "IPv4"} address.`);
  return { id: instanceId, address, instanceId };
}

/** The source address that the kernel will choose, for what is shown. */
export function sourceAddress({ networkInterface }: SourceEnd, towards: string): string {
  const own = towards.includes(":")
    ? networkInterface.ipv6Addresses[0]
    : networkInterface.privateAddresses.find((each) => each.primary)?.address;
  if (own === undefined)
    throw new UserError(
      "NO_ADDRESS",
      `The sender has no ${towards.includes(":") ? "IPv6" : "IPv4"} address to reach ${towards} from.`,
    );
  return own;
}

/** The id of the one resource of these kinds that the text names. */
export function resourceNamed(
  model: NetworkModel,
  text: string,
  kinds: readonly ResourceKind[],
  what: string,
): { kind: ResourceKind; id: string } {
  const found = findByText(model, text, { kinds });
  if (found.outcome === "found") return found.resource;
  if (found.outcome === "none") throw nothingNamed(text, what, model);
  const candidates = found.candidates.map((each) => `${each.id} (${each.ownerId}, ${each.region})`).join(", ");
  throw new UserError("AMBIGUOUS", `'${text}' fits several: ${candidates}.`, "Give the id.");
}

function instanceNamed(model: NetworkModel, text: string): string {
  const { kind, id } = resourceNamed(model, text, ["instance", "network-interface"], "instance");
  if (kind === "instance") return id;
  const owner = model.networkInterfaces.find((each) => each.networkInterfaceId === id)?.attachment?.instanceId;
  if (owner === undefined)
    throw new UserError("NOT_ATTACHED", `${id} is not attached to an instance, so nothing runs there.`);
  return owner;
}

function nothingNamed(text: string, what: string, model: NetworkModel): UserError {
  const known = model.instances.filter((each) => each.state !== "terminated").map(label);
  const some = known.slice(0, 8).join(", ") + (known.length > 8 ? `, and ${known.length - 8} more` : "");
  return new UserError(
    "NOT_FOUND",
    `No ${what} has the id, Name tag or address '${text}'.`,
    known.length > 0
      ? `Instances here: ${some}.`
      : "This cloud has no instances yet. `aws ec2 run-instances` makes one.",
  );
}

/** Two VPCs may have the same addresses: whoever is nearest to the sender is meant. */
function holderOf(model: NetworkModel, address: string, from: NetworkInterface): DestinationEnd | undefined {
  const index = indexNetworkModel(model);
  const peers = new Set(
    index
      .peeringsOf(from.vpcId)
      .filter(({ statusCode }) => statusCode === "active")
      .flatMap(({ requester, accepter }) => [requester.vpcId, accepter.vpcId]),
  );
  const distance = ({ vpcId }: NetworkInterface): number => (vpcId === from.vpcId ? 0 : peers.has(vpcId) ? 1 : 2);
  const holders = index
    .networkInterfacesByAddress(address)
    .filter(({ attachment }) => isRunning(attachment?.instanceId))
    .sort((a, b) => distance(a) - distance(b));
  for (const { attachment, privateAddresses, ipv6Addresses } of holders) {
    const instanceId = attachment?.instanceId;
    const ownAddress =
      privateAddresses.find((each) => each.address === address || each.publicIp === address)?.address ??
      ipv6Addresses.find((each) => each === address);
    if (instanceId !== undefined && ownAddress !== undefined)
      return { id: instanceId, address, instanceId, ownAddress };
  }
  return undefined;

  function isRunning(instanceId: InstanceId | undefined): boolean {
    return instanceId !== undefined && index.instance(instanceId)?.state === "running";
  }
}

function label({ instanceId, name }: { readonly instanceId: string; readonly name?: string }): string {
  return name === undefined ? instanceId : `${name} (${instanceId})`;
}
