/** The same promises by packets, where the deployment went to the running local cloud: the engine and the kernel must agree. */
import type { Judgement } from "../../deploy/index.ts";
import { indexNetworkModel, type NetworkModel } from "../../model/index.ts";
import { type FlowEnd, internetHost } from "../../reachability/index.ts";
import { ask } from "../control-client.ts";
import type { ControlRequest, PingResult, ProbeResultMessage, StatusResult } from "../control-protocol.ts";
import type { StateFolder } from "../state-folder.ts";
import { UserError } from "../user-error.ts";

export type PacketVerdict =
  | { readonly kind: "arrived" | "lost"; readonly how: string }
  | { readonly kind: "not-tried"; readonly why: string };

/** Whether the running cloud moves packets at all; why not, where it does not. */
export async function packetsOf(running: StateFolder): Promise<string | undefined> {
  const { packets } = await ask<StatusResult>(running, { do: "status" });
  return packets.mode === "kernel" ? undefined : "this cloud keeps records only";
}

export async function byPackets(
  running: StateFolder,
  model: NetworkModel,
  { intent, flow }: Judgement,
): Promise<PacketVerdict> {
  if (flow === undefined) return { kind: "not-tried", why: "its ends are not there" };
  const from = nameOf(model, flow.source);
  const to = nameOf(model, flow.destination);
  const { traffic, family = "any" } = intent;
  if (from === undefined || flow.source.kind === "internet")
    return { kind: "not-tried", why: "only an instance sends" };
  if (to === undefined) return { kind: "not-tried", why: "nothing answers there" };
  if (traffic.protocol === "icmp") {
    const isEcho = traffic.type === undefined || traffic.type === 8 || traffic.type === 128;
    if (!isEcho) return { kind: "not-tried", why: "ping sends echo requests only" };
    return pinged(running, { do: "ping", from, to, count: 2, family });
  }
  if (traffic.protocol !== "tcp" && traffic.protocol !== "udp") {
    return { kind: "not-tried", why: `probes are TCP or UDP, not protocol ${traffic.protocol}` };
  }
  return probed(running, { do: "probe", from, to, protocol: traffic.protocol, port: traffic.port, family });
}

async function pinged(running: StateFolder, request: ControlRequest): Promise<PacketVerdict> {
  return orNotTried(async () => {
    const { sent, received } = await ask<PingResult>(running, request);
    return { kind: received > 0 ? "arrived" : "lost", how: `${received} of ${sent} pings came back` };
  });
}

async function probed(running: StateFolder, request: ControlRequest): Promise<PacketVerdict> {
  return orNotTried(async () => {
    const { outcome } = await ask<ProbeResultMessage>(running, request);
    // Whoever refuses has got the packet, and been heard.
    return { kind: outcome === "no-answer" ? "lost" : "arrived", how: outcome === "no-answer" ? "no answer" : outcome };
  });
}

/** What the cloud refuses to send, it says why. */
async function orNotTried(work: () => Promise<PacketVerdict>): Promise<PacketVerdict> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) return { kind: "not-tried", why: error.message };
    throw error;
  }
}

/** By what the control socket knows an end; undefined where it is none that sends or answers. */
function nameOf(model: NetworkModel, end: FlowEnd): string | undefined {
  switch (end.kind) {
    case "instance":
      return end.instanceId;
    case "network-interface": {
      const { attachment } = indexNetworkModel(model).networkInterface(end.networkInterfaceId) ?? {};
      return attachment?.deviceIndex === 0 ? attachment.instanceId : undefined;
    }
    case "address":
      return end.address;
    case "internet":
      return end.address ?? internetHost.ipv4;
    default:
      return undefined;
  }
}

/** Whether one of them must be wrong. */
export function disagree({ explanation }: Judgement, packets: PacketVerdict | undefined): boolean {
  if (explanation === undefined || explanation.verdict === "unknown") return false;
  if (packets === undefined || packets.kind === "not-tried") return false;
  return (explanation.verdict === "reachable") !== (packets.kind === "arrived");
}
