/**
 * What the data plane may ask of the machine: a set of anonymous network namespaces inside one user namespace, held by one
 * child process (`fabric-process.ts`) and gone with it. Names of namespaces and links are the caller's; they exist only in here.
 */
import type { NftCommand } from "./nftables/ast.ts";

/** A namespace's name, e.g. `vpc-0123…`, `i-0123…`, `internet`. */
export type NamespaceName = string;

/** One change of the kernel's state. Applied in order; an `nft` operation is atomic in itself. */
export type KernelOperation =
  /** The new namespace's `lo` is up. */
  | { readonly op: "namespace-add"; readonly namespace: NamespaceName }
  | { readonly op: "namespace-delete"; readonly namespace: NamespaceName }
  | {
      readonly op: "veth-add";
      readonly end: LinkEnd;
      readonly peer: LinkEnd;
      readonly mtu: number;
      /** Neither end takes an IPv6 address of its own making, so that nobody speaks unasked: no neighbour discovery either. */
      readonly quiet?: boolean;
    }
  /** Deleting one end deletes both. */
  | { readonly op: "link-delete"; readonly namespace: NamespaceName; readonly link: string }
  | {
      readonly op: "link-set";
      readonly namespace: NamespaceName;
      readonly link: string;
      readonly up?: boolean;
      readonly mtu?: number;
    }
  | {
      readonly op: "address-add" | "address-delete";
      readonly namespace: NamespaceName;
      readonly link: string /** With prefix length: `10.0.1.10/24`. */;
      readonly address: string /** No kernel route for the prefix. */;
      readonly noPrefixRoute?: boolean;
    }
  | ({ readonly op: "route-replace" | "route-delete"; readonly namespace: NamespaceName } & KernelRoute)
  | ({ readonly op: "rule-add" | "rule-delete"; readonly namespace: NamespaceName } & KernelRule)
  | {
      readonly op: "neighbour-replace";
      readonly namespace: NamespaceName;
      readonly link: string;
      readonly address: string;
      readonly macAddress: string;
    }
  /** `/proc/sys/` + path, seen from inside the namespace: `net/ipv4/ip_forward`. */
  | { readonly op: "sysctl"; readonly namespace: NamespaceName; readonly path: string; readonly value: string }
  | { readonly op: "nft"; readonly namespace: NamespaceName; readonly commands: readonly NftCommand[] }
  /** Forget tracked connections, e.g. after a change that must cut them. Without addresses: all of the namespace. */
  | { readonly op: "conntrack-flush"; readonly namespace: NamespaceName };

export interface LinkEnd {
  readonly namespace: NamespaceName;
  /** At most 15 characters. */
  readonly link: string;
  readonly macAddress?: string;
}

export interface KernelRoute {
  /** Routing table number; 254 is main. */
  readonly table: number;
  /** CIDR; `0.0.0.0/0` and `::/0` are the defaults. */
  readonly destination: string;
  readonly type: "unicast" | "local" | "blackhole" | "throw" | "unreachable";
  readonly link?: string;
  readonly gateway?: string;
  /** Instead of one link and gateway: several of equal worth. A flow takes one of them, by its addresses and ports. */
  readonly hops?: readonly { readonly link: string; readonly gateway: string }[];
  /** The gateway is on the link though no address there says so. */
  readonly onLink?: boolean;
  readonly preferredSource?: string;
}

export interface KernelRule {
  readonly family: "ipv4" | "ipv6";
  readonly priority: number;
  readonly table: number;
  readonly fwmark?: { readonly value: number; readonly mask: number };
  readonly inputLink?: string;
}

/** Something of the machine's, and where it is in a command's own root. */
export interface SharedPath {
  readonly source: string;
  readonly target: string;
}

/** A command run in a namespace; see `inside/private-root.ts` for what it may see and `inside/commands.ts` for what it may do. */
export interface CommandRequest {
  readonly namespace: NamespaceName;
  readonly argv: readonly string[];
  /** Host folder that is the instance's own disk (home, tmp, var); made when missing. Without it: a throw-away memory disk. */
  readonly disk?: string;
  readonly hostName?: string;
  /** Files and folders of the machine that the command sees besides, and can only read. */
  readonly readOnly?: readonly SharedPath[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly input?: string;
  /**
   * What the command leaves in the background goes on until the namespace is deleted (a server that user data starts). Without
   * it all of it ends with the command.
   */
  readonly leaveRunning?: boolean;
  /** Milliseconds; then the command and its children are killed. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

export interface CommandResult {
  /** The exit code; 128 + n when signal n ended it; 124 when `timeoutMs` did. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** A stream was longer than 10 MB: the rest was read and thrown away. */
  readonly truncated: boolean;
}

/** One attempt to get a packet through, made from a socket inside `namespace`. */
export type ProbeRequest = {
  readonly namespace: NamespaceName;
  readonly source?: string;
  readonly destination: string;
  readonly timeoutMs: number;
} & (
  | { readonly protocol: "tcp" | "udp"; readonly port: number }
  | { readonly protocol: "icmp"; readonly count?: number; readonly sizeBytes?: number }
);

export type ProbeResult =
  /** TCP: connected. UDP: the echo came back. ICMP: the echo reply came back. `seenSource` is what the listener saw, for TCP and UDP echo listeners. */
  | { readonly outcome: "answered"; readonly roundTripMs: number; readonly seenSource?: string }
  /** TCP: reset; the packet arrived and nobody listens. UDP: port unreachable. */
  | { readonly outcome: "refused" }
  | { readonly outcome: "no-answer" }
  | { readonly outcome: "error"; readonly message: string };

/** A listener that the fabric holds in a namespace: `echo` answers TCP and UDP with the peer's address as it sees it. */
export interface ListenRequest {
  readonly namespace: NamespaceName;
  readonly protocol: "tcp" | "udp";
  /** `0.0.0.0`, `::` or one address of the namespace. */
  readonly address: string;
  readonly port: number;
  readonly service: ListenerService;
}

export type ListenerService =
  | { readonly kind: "echo" }
  /** HTTP for the instance metadata service: each request is handed to the owner of the fabric. */
  | { readonly kind: "http"; readonly handlerId: string };

export interface HttpRequest {
  readonly handlerId: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
}
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A command whose input arrives as it goes: a shell that somebody in another process types into. */
export interface InteractiveRequest extends Omit<CommandRequest, "input" | "timeoutMs" | "leaveRunning" | "onOutput"> {
  /** With a size: the command gets a terminal of its own, and all output is `stdout`. Without: three plain pipes. */
  readonly terminal?: { readonly columns: number; readonly rows: number /** `TERM`. */; readonly type?: string };
  readonly onOutput: (stream: "stdout" | "stderr", chunk: Buffer) => void;
}

/** A running interactive command. Calls after its end do nothing. */
export interface InteractiveCommand {
  write(chunk: Buffer): void;
  /** No more input (with a terminal: Ctrl-D is the caller's to send). */
  end(): void;
  resize(columns: number, rows: number): void;
  kill(): void;
  /** The exit code, 128 + n when signal n ended it; after the last output. Rejects when the command could not be started. */
  readonly exit: Promise<number>;
}

export interface Fabric {
  /** How it is held: `rootless` in an unprivileged user namespace, or `root`. */
  readonly mode: "rootless" | "root";
  readonly processId: number;
  /** The next `apply` will add about so many namespaces: those that can be made until then, it finds made. */
  makeAhead(namespaces: number): void;
  /** Resolves when the kernel has taken every operation; rejects with a `FabricError` that names the one that failed. */
  apply(operations: readonly KernelOperation[]): Promise<void>;
  run(command: CommandRequest): Promise<CommandResult>;
  /** Like `run`, with input and output as streams and, when asked, a terminal. */
  runInteractive(request: InteractiveRequest): InteractiveCommand;
  probe(request: ProbeRequest): Promise<ProbeResult>;
  /** Many at once, all in flight together. */
  probeAll(requests: readonly ProbeRequest[]): Promise<readonly ProbeResult[]>;
  /** Resolves with a function that stops listening. */
  listen(request: ListenRequest): Promise<() => Promise<void>>;
  /** Answers the requests of `http` listeners. */
  onHttp(handler: (request: HttpRequest) => Promise<HttpResponse>): void;
  /** Called once when the child process is gone without `close`. */
  onLost(listener: (reason: string) => void): void;
  /** Ends the child; with it every namespace, link and process in it. Resolves when the kernel has let go. */
  close(): Promise<void>;
}
