/** Address translation with connection tracking as expressions: addresses in registers 1 and 2, ports behind them. */
import type { NftAddressMap } from "./ast.ts";
import { expression, immediate, lookup, register1 } from "./instructions.ts";
import type { MessageWriter } from "./message.ts";
import { loadKey, type RuleContext, type Statement } from "./rule-context.ts";
import { valueBytes } from "./values.ts";

/** Source or destination translation to an address, a range or a map's answer. */
export function writeNat(context: RuleContext, statement: Statement<"nat">): void {
  const { out } = context;
  const { address, ports } = statement;
  const type = statement.family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const ranged = typeof address === "object" && !("map" in address) && address.from !== address.to;
  if (typeof address === "string") immediate(out, 1, valueBytes(type, address));
  else if ("map" in address) loadAddress(context, address, ports);
  else immediate(out, 1, valueBytes(type, address.from));
  if (ranged) immediate(out, 2, valueBytes(type, address.to));
  if (ports !== undefined) {
    immediate(out, 3, valueBytes("inet_service", ports.from));
    immediate(out, 4, valueBytes("inet_service", ports.to));
  }
  expression(out, "nat", () => {
    out.u32(1, statement.direction === "snat" ? 0 : 1);
    out.u32(2, statement.family === "ip" ? 2 : 10);
    out.u32(3, 1);
    if (ranged) out.u32(4, 2);
    if (ports !== undefined) {
      out.u32(5, 3);
      if (ports.from !== ports.to) out.u32(6, 4);
      out.u32(7, 2);
    }
  });
}

/** Masquerade and redirect: the address is the interface's own. */
export function writePortNat(
  out: MessageWriter,
  name: "masq" | "redir",
  ports: { readonly from: number; readonly to: number } | undefined,
  attribute: { readonly flags: number; readonly from: number; readonly to: number },
): void {
  if (ports !== undefined) {
    immediate(out, 1, valueBytes("inet_service", ports.from));
    immediate(out, 2, valueBytes("inet_service", ports.to));
  }
  expression(out, name, () => {
    if (ports === undefined) return;
    // The flag NF_NAT_RANGE_PROTO_SPECIFIED.
    out.u32(attribute.flags, 2);
    out.u32(attribute.from, 1);
    if (ports.from !== ports.to) out.u32(attribute.to, 2);
  });
}

function loadAddress(context: RuleContext, address: NftAddressMap, ports: unknown): void {
  if (ports !== undefined) throw new Error("bug: an address map takes no ports");
  loadKey(context, address.fields);
  lookup(context.out, address.map, register1);
}
