/** What is sent: the kinds of packets that a promise is about. */
import { DesignError } from "./design-error.ts";

/** A kind of traffic. */
export class Traffic {
  /** Echo requests, and their replies. */
  static ping(): Traffic {
    return new Traffic({ protocol: "icmp" }, "ping");
  }

  /** ICMP of a type and, if given, a code. */
  static icmp(type: number, code?: number): Traffic {
    checkNumber(type, 255, "an ICMP type");
    if (code !== undefined) checkNumber(code, 255, "an ICMP code");
    return new Traffic(
      { protocol: "icmp", type, ...(code !== undefined && { code }) },
      `icmp type ${type}${code === undefined ? "" : ` code ${code}`}`,
    );
  }

  /** TCP to a port. */
  static tcp(port: number): Traffic {
    checkNumber(port, 65_535, "a port");
    return new Traffic({ protocol: "tcp", port }, `tcp/${port}`);
  }

  /** UDP to a port. */
  static udp(port: number): Traffic {
    checkNumber(port, 65_535, "a port");
    return new Traffic({ protocol: "udp", port }, `udp/${port}`);
  }

  /** Another protocol, by its IANA number. */
  static protocol(protocolNumber: number): Traffic {
    checkNumber(protocolNumber, 255, "a protocol");
    return new Traffic({ protocol: protocolNumber }, `protocol ${protocolNumber}`);
  }

  /** @internal */
  readonly _data: TrafficData;
  /** @internal */
  readonly _label: string;
  /** @internal */
  readonly _family: "ipv6" | undefined;

  private constructor(data: TrafficData, label: string, family?: "ipv6") {
    this._data = data;
    this._label = label;
    this._family = family;
  }

  /** The same by IPv6. Without it, things that have both are asked by IPv4. */
  overIpv6(): Traffic {
    return new Traffic(this._data, `${this._label} by IPv6`, "ipv6");
  }
}

interface TrafficData {
  readonly protocol: string | number;
  readonly port?: number;
  readonly type?: number;
  readonly code?: number;
}

function checkNumber(value: number, highest: number, what: string): void {
  if (!Number.isInteger(value) || value < 0 || value > highest)
    throw new DesignError(`${value} is not ${what}: give a whole number from 0 to ${highest}.`);
}
