/** The ends of a flow as addresses and interfaces: what a sender would put into its packet's header, and where that should lead. */
import { familyOf, type IpFamily, isPrivateAddress } from "../ip/index.ts";
import type { Address, NetworkInterface, Unknown, VpcId } from "../model/index.ts";
import { type ComponentEnd, componentEnd, type EndProblem, isComponentEnd } from "./component-end.ts";
import { type Flow, type FlowEnd, internetHost } from "./flow.ts";
import type { PreparedModel } from "./prepared-model.ts";
import { holdsAddress, leavingInterface } from "./walk/operating-system.ts";
import type { Goal } from "./walk/position.ts";
import { unknownComponent } from "./walk/unknown-component.ts";

/** Who sends: an interface, a host on the internet, or whoever is behind a component. */
export interface Sender {
  readonly address: Address;
  readonly networkInterface?: NetworkInterface;
  readonly component?: ComponentEnd;
}

export type FlowEnds =
  | {
      readonly sender: Sender;
      readonly destination: Address;
      readonly goal: Goal;
      readonly unreachableFromOutside?: true;
      readonly isItself?: true;
    }
  | { readonly problem: EndProblem };

export function flowEnds(prepared: PreparedModel, flow: Flow): FlowEnds {
  const family = flowFamily(flow);
  const target = targetOf(prepared, flow.destination, family);
  if ("problem" in target) return target;
  const sender = senderOf(prepared, flow.source, family, target.goal);
  if ("problem" in sender) return sender;
  const { goal, written } = target;
  const { networkInterface } = sender;
  const isOutside = networkInterface === undefined && sender.component?.isInside !== true;
  if (isOutside && goal.meant !== undefined && family === "ipv4" && written === goal.address) {
    const publicIp = publicAddressOf(goal.meant, goal.address);
    if (publicIp === undefined) return { sender, destination: written, goal, unreachableFromOutside: true };
    return { sender, destination: publicIp, goal };
  }
  const isItself =
    networkInterface !== undefined &&
    (goal.meant === undefined || goal.meant.vpcId === networkInterface.vpcId) &&
    holdsAddress(prepared, networkInterface, written);
  return { sender, destination: written, goal, ...(isItself && { isItself }) };
}

/** By an address if one is named. */
function flowFamily({ source, destination, family }: Flow): IpFamily {
  for (const end of [destination, source])
    if ("address" in end && end.address !== undefined) return familyOf(end.address);
  return family ?? "ipv4";
}

interface Target {
  readonly goal: Goal;
  /** As the sender writes it. */
  readonly written: Address;
}

function targetOf(prepared: PreparedModel, end: FlowEnd, family: IpFamily): Target | { readonly problem: EndProblem } {
  switch (end.kind) {
    case "internet": {
      const written = end.address ?? internetHost[family];
      return { written, goal: { address: written } };
    }
    case "address":
      return addressTarget(prepared, end.address, end.vpcId);
    case "component": {
      if (!isComponentEnd(end.id)) return cannotFollow(prepared, end.id);
      const { written, goal } = addressTarget(prepared, end.address, undefined);
      return { written, goal: { ...goal, component: end.id } };
    }
    case "other":
      return cannotFollow(prepared, end.id);
    case "instance":
    case "network-interface": {
      const found = interfaceOf(prepared, end);
      if ("problem" in found) return found;
      const written = ownAddress(found, family);
      if (written === undefined) return noAddress(found.networkInterfaceId);
      return { written, goal: { address: written, meant: found, vpcId: found.vpcId } };
    }
  }
}

function addressTarget(prepared: PreparedModel, written: Address, vpcId: VpcId | undefined): Target {
  if (vpcId !== undefined) {
    const meant = prepared.interfaceAt(vpcId, written);
    return { written, goal: { address: written, vpcId, ...(meant !== undefined && { meant }) } };
  }
  const mapping = prepared.publicMapping(written);
  if (mapping !== undefined) return { written, goal: { address: mapping.address, likely: mapping.networkInterface } };
  const [likely, ...others] = prepared.interfacesAt(written);
  return { written, goal: { address: written, ...(likely !== undefined && others.length === 0 && { likely }) } };
}

function senderOf(
  prepared: PreparedModel,
  end: FlowEnd,
  family: IpFamily,
  goal: Goal,
): Sender | { readonly problem: EndProblem } {
  switch (end.kind) {
    case "internet":
      return { address: end.address ?? internetHost[family] };
    case "address":
      return addressSender(prepared, end.address, end.vpcId);
    case "component": {
      const component = componentEnd(prepared, end.id, end.address, goal);
      if (component === undefined) return cannotFollow(prepared, end.id);
      return "problem" in component ? component : { address: end.address, component };
    }
    case "other":
      return cannotFollow(prepared, end.id);
    case "instance":
    case "network-interface": {
      const found = interfaceOf(prepared, end, goal.address);
      if ("problem" in found) return found;
      const address = ownAddress(found, family);
      return address === undefined ? noAddress(found.networkInterfaceId) : { address, networkInterface: found };
    }
  }
}

/**
 * A public address is a host out there, unless an interface has it; then it is that interface. A private one that nobody has may be a host of a
 * network that a VPN or the like joins: those are not followed.
 */
function addressSender(
  prepared: PreparedModel,
  address: Address,
  vpcId?: VpcId,
): Sender | { readonly problem: EndProblem } {
  const mapping = vpcId === undefined ? prepared.publicMapping(address) : undefined;
  if (mapping !== undefined) return mapping;
  const found = prepared.interfacesAt(address).filter((each) => vpcId === undefined || each.vpcId === vpcId);
  const [networkInterface, ...others] = found;
  if (networkInterface !== undefined && others.length === 0) return { address, networkInterface };
  if (vpcId === undefined && found.length === 0) {
    const joining = isPrivateAddress(prepared.address(address)) ? prepared.joiningUnknown() : undefined;
    return joining === undefined ? { address } : mayBeBehind(address, joining);
  }
  return { problem: { component: address, blocked: { code: "NO_SOURCE_OR_DESTINATION" } } };
}

function cannotFollow(prepared: PreparedModel, id: string): { readonly problem: EndProblem } {
  const reason = "this version cannot follow packets from or to it";
  return { problem: { component: id, unknown: unknownComponent(prepared, id, reason, "UNSUPPORTED_COMPONENT") } };
}

function mayBeBehind(address: Address, { id, reason }: Unknown): { readonly problem: EndProblem } {
  const why = `no interface has ${address}, which may be a host behind this: ${reason}`;
  return { problem: { component: address, unknown: { id, code: "UNSUPPORTED_COMPONENT", reason: why } } };
}

function interfaceOf(
  prepared: PreparedModel,
  end: Extract<FlowEnd, { kind: "instance" | "network-interface" }>,
  towards?: Address,
): NetworkInterface | { readonly problem: EndProblem } {
  const { index } = prepared;
  const id = end.kind === "instance" ? end.instanceId : end.networkInterfaceId;
  const found =
    end.kind === "network-interface"
      ? index.networkInterface(end.networkInterfaceId)
      : towards === undefined
        ? index.networkInterfacesOf(end.instanceId)[0]
        : leavingInterface(prepared, end.instanceId, towards);
  if (found !== undefined) return found;
  const reason = index.unknownReason(id);
  if (reason !== undefined) return { problem: { component: id, unknown: { id, reason, code: "UNKNOWN_RESOURCE" } } };
  return { problem: { component: id, blocked: { code: "NO_SOURCE_OR_DESTINATION" } } };
}

function ownAddress({ privateAddresses, ipv6Addresses }: NetworkInterface, family: IpFamily): Address | undefined {
  if (family === "ipv6") return ipv6Addresses[0];
  return (privateAddresses.find(({ primary }) => primary) ?? privateAddresses[0])?.address;
}

function publicAddressOf({ privateAddresses }: NetworkInterface, address: Address): Address | undefined {
  return privateAddresses.find((each) => each.address === address)?.publicIp;
}

function noAddress(component: string): { readonly problem: EndProblem } {
  return { problem: { component, blocked: { code: "NO_SOURCE_OR_DESTINATION" } } };
}
