/** Address translation with connection tracking as expressions: addresses in registers 1 and 2, ports behind them. */

import type { NftAddressMap } from "./ast.ts";
import { nfta } from "./attributes.ts";
import { expression, immediate, lookup, register1 } from "./instructions.ts";
import type { MessageWriter } from "./message.ts";
import { loadKey, type RuleContext, type Statement } from "./rule-context.ts";
import { valueBytes } from "./values.ts";

const register2 = 2;
const register3 = 3;
const register4 = 4;
const natType = { snat: 0, dnat: 1 } as const;
const nfproto = { ipv4: 2, ipv6: 10 } as const;
/** NF_NAT_RANGE_PROTO_SPECIFIED. */
const portsGiven = 2;

/** Source or destination translation to an address, a range or a map's answer. */
export function writeNat(context: RuleContext, statement: Statement<"nat">): void {
  const { out } = context;
  const { address, ports } = statement;
  const type = statement.family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const ranged = typeof address === "object" && !("map" in address) && address.from !== address.to;
  if (typeof address === "string") immediate(out, register1, valueBytes(type, address));
  else if ("map" in address) loadAddress(context, address, ports);
  else immediate(out, register1, valueBytes(type, address.from));
  if (ranged) immediate(out, register2, valueBytes(type, address.to));
  if (ports !== undefined) {
    immediate(out, register3, valueBytes("inet_service", ports.from));
    immediate(out, register4, valueBytes("inet_service", ports.to));
  }
  expression(out, "nat", () => {
    out.u32(nfta.nat.type, statement.direction === "snat" ? natType.snat : natType.dnat);
    out.u32(nfta.nat.family, statement.family === "ip" ? nfproto.ipv4 : nfproto.ipv6);
    out.u32(nfta.nat.addressMin, register1);
    if (ranged) out.u32(nfta.nat.addressMax, register2);
    if (ports !== undefined) {
      out.u32(nfta.nat.protoMin, register3);
      if (ports.from !== ports.to) out.u32(nfta.nat.protoMax, register4);
      out.u32(nfta.nat.flags, portsGiven);
    }
  });
}

/** Masquerade and redirect: the address is the interface's own. */
export function writePortNat(
  out: MessageWriter,
  name: "masq" | "redir",
  ports: { readonly from: number; readonly to: number } | undefined,
): void {
  if (ports !== undefined) {
    immediate(out, register1, valueBytes("inet_service", ports.from));
    immediate(out, register2, valueBytes("inet_service", ports.to));
  }
  expression(out, name, () => {
    if (ports === undefined) return;
    const attribute = nfta[name];
    out.u32(attribute.flags, portsGiven);
    out.u32(attribute.protoMin, register1);
    if (ports.from !== ports.to) out.u32(attribute.protoMax, register2);
  });
}

function loadAddress(context: RuleContext, address: NftAddressMap, ports: unknown): void {
  if (ports !== undefined) throw new Error("bug: an address map takes no ports");
  loadKey(context, address.fields);
  lookup(context.out, address.map, register1);
}
