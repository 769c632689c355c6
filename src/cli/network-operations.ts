/** What commands ask of a running cloud's network: exec, ping, probe, capture. Packets are real, or the answer is that they are off. */
import type { DataPlane } from "../dataplane/index.ts";
import type { CommandRequest, Fabric, InteractiveCommand, NamespaceName } from "../host/index.ts";
import type { NetworkModel } from "../model/index.ts";
import { captureKinds, captureLink } from "./capture-link.ts";
import type { ControlRequest, PingResult, ProbeResultMessage } from "./control-protocol.ts";
import type { Session } from "./control-server.ts";
import { type DestinationEnd, destination, resourceNamed, runningInstance, sourceAddress } from "./endpoints.ts";
import { packetsOff, UserError } from "./user-error.ts";

export interface NetworkOperationsOptions {
  /** Undefined in model mode. */
  readonly dataPlane: DataPlane | undefined;
  /** Why no packets move; empty while they can. */
  readonly why: () => string;
  readonly model: () => NetworkModel;
  /** The host folder that is an instance's own disk. */
  readonly diskOf: (instanceId: string) => string;
}

type Asked<What extends ControlRequest["do"]> = Extract<ControlRequest, { readonly do: What }>;

export interface NetworkOperations {
  exec(request: Asked<"exec">, session: Session): Promise<number>;
  ping(request: Asked<"ping">, session: Session): Promise<PingResult>;
  probe(request: Asked<"probe">): Promise<ProbeResultMessage>;
  capture(request: Asked<"capture">, session: Session): Promise<number>;
  /** How a command in an instance is run: where, on which disk, under which name. */
  commandIn(instanceId: string): {
    readonly fabric: Fabric;
    readonly command: Pick<CommandRequest, "namespace" | "disk" | "hostName">;
  };
}

const pingPauseSeconds = 0.3;
const probeTimeoutMs = 2_000;

export function networkOperations({ dataPlane, why, model, diskOf }: NetworkOperationsOptions): NetworkOperations {
  function packets(): { readonly fabric: Fabric; readonly dataPlane: DataPlane } {
    const fabric = dataPlane?.fabric();
    const status = dataPlane?.stats().status;
    if (fabric === undefined && status?.state === "rebuilding") {
      throw new UserError(
        "REBUILDING",
        `The packets are being built again, after this: ${status.reason}`,
        "A moment later they flow; ask again.",
      );
    }
    if (dataPlane === undefined || fabric === undefined) {
      throw new UserError(
        packetsOff,
        `No packets move in this cloud: ${why() || "no instance is running yet."}`,
        "The API, its life cycles and its records work all the same.",
      );
    }
    return { fabric, dataPlane };
  }

  function namespaceOf(id: string): NamespaceName {
    const namespace = packets().dataPlane.namespaceOf(id);
    if (namespace === undefined)
      throw new UserError(
        "NO_NAMESPACE",
        `${id} has no packets at the moment.`,
        "A moment later it may; `causeway status` tells more.",
      );
    return namespace;
  }

  function commandIn(instanceId: string): ReturnType<NetworkOperations["commandIn"]> {
    const { fabric } = packets();
    const namespace = namespaceOf(instanceId);
    const instance = model().instances.find((each) => each.instanceId === instanceId);
    const hostName = instance?.privateDnsName.split(".")[0];
    return {
      fabric,
      command: {
        namespace,
        disk: diskOf(instanceId),
        ...(hostName && { hostName }),
      },
    };
  }

  return {
    commandIn,

    exec({ instance, argv, terminal }, session) {
      const { fabric, command } = commandIn(runningInstance(model(), instance).instanceId);
      const running = fabric.runInteractive({
        ...command,
        argv,
        ...(terminal && { terminal }),
        signal: session.signal,
        onOutput: session.output,
      });
      return connected(running, session);
    },

    async ping({ from, to, count, family }, session) {
      const source = runningInstance(model(), from);
      const target = destination(model(), to, family, source.networkInterface);
      const address = sourceAddress(source, target.address);
      const { fabric, command } = commandIn(source.instanceId);
      // -W bounds the wait for the last reply; a blocked ping then ends by itself.
      const argv = ["ping", "-n", "-c", String(count), "-i", String(pingPauseSeconds), "-W", "1", target.address];
      const result = await fabric.run({
        ...command,
        argv,
        signal: session.signal,
        timeoutMs: 5_000 + count * 1_500,
        onOutput: session.output,
      });
      if (result.exitCode !== 0 && result.exitCode !== 1) {
        throw new UserError(
          "PING",
          `ping ended with ${result.exitCode}: ${result.stderr.trim() || "is it installed? (Debian: iputils-ping)"}`,
        );
      }
      const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(result.stdout) ?? [];
      return {
        from: { id: source.instanceId, address },
        to: { id: target.id, address: target.address },
        sent: Number(sent ?? count),
        received: Number(received ?? 0),
        command: argv.join(" "),
      };
    },

    async probe({ from, to, protocol, port, family }) {
      const source = runningInstance(model(), from);
      const target = destination(model(), to, family, source.networkInterface);
      const address = sourceAddress(source, target.address);
      const { fabric } = packets();
      const ends = { from: { id: source.instanceId, address }, to: { id: target.id, address: target.address } };
      const stop = await listener(fabric, target, protocol, port);
      try {
        const result = await fabric.probe({
          namespace: namespaceOf(source.instanceId),
          destination: target.address,
          protocol,
          port,
          timeoutMs: probeTimeoutMs,
        });
        if (result.outcome === "error") throw new Error(`the probe could not be sent: ${result.message}`);
        return { ...ends, ...result };
      } finally {
        await stop();
      }
    },

    async capture({ hop, filter }, session) {
      const { fabric, dataPlane } = packets();
      const { id } = resourceNamed(model(), hop, captureKinds, "hop");
      const { namespace, links, seen } = captureLink(dataPlane, id);
      session.output("stderr", Buffer.from(`watching ${id}: ${seen}; Ctrl-C ends it\n`));
      // tcpdump listens to one link, or to all of the namespace.
      const running = links.map((link) => {
        const argv = ["tcpdump", "-n", "-l", "-i", link, ...filter];
        return fabric.runInteractive({ namespace, argv, signal: session.signal, onOutput: session.output });
      });
      return Math.max(...(await Promise.all(running.map(({ exit }) => exit))));
    },
  };

  async function listener(
    fabric: Fabric,
    target: DestinationEnd,
    protocol: "tcp" | "udp",
    port: number,
  ): Promise<() => Promise<void>> {
    if (target.instanceId === undefined) return async () => {};
    try {
      return await fabric.listen({
        namespace: namespaceOf(target.instanceId),
        protocol,
        address: target.ownAddress ?? target.address,
        port,
        service: { kind: "echo" },
      });
    } catch (error) {
      // Something of the user's listens there already: then it is what gets probed.
      if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return async () => {};
      throw error;
    }
  }
}

function connected(running: InteractiveCommand, session: Session): Promise<number> {
  session.onInput((input) => {
    if ("input" in input) running.write(Buffer.from(input.input, "base64"));
    else if ("end" in input) running.end();
    else running.resize(input.resize.columns, input.resize.rows);
  });
  return running.exit;
}
