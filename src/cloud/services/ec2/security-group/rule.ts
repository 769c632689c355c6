/**
 * One security group rule as AWS keeps it: protocol names, ports by protocol, canonical CIDRs, and what makes two rules the same.
 * [SG-20] and the table of semantics 3.3; https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
import { AwsError, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import { canonicalCidr, familyOf } from "../../../../ip/index.ts";
import type { SecurityGroupRuleRecord } from "./record.ts";

/** A rule without its id. */
export type RuleValues = Omit<SecurityGroupRuleRecord, "SecurityGroupRuleId">;

/** Protocol and ports of a rule, normalised; -1 for every port, type or code. */
export type Traffic = Pick<RuleValues, "IpProtocol" | "FromPort" | "ToPort">;

/** What a request says about protocol and ports, normalised. Throws when the ports do not fit the protocol. */
export function trafficOf(protocol: string | undefined, from: number | undefined, to: number | undefined): Traffic {
  const IpProtocol = protocolName(protocol);
  if (IpProtocol === "tcp" || IpProtocol === "udp") return { IpProtocol, ...portRange(from, to) };
  if (IpProtocol === "icmp" || IpProtocol === "icmpv6") return { IpProtocol, ...icmpRange(IpProtocol, from, to) };
  return { IpProtocol, ...everyPort };
}

/** Whether the protocol has ports or types that a rule can choose among. */
export function hasPorts(protocol: string): boolean {
  return protocol === "tcp" || protocol === "udp" || protocol === "icmp" || protocol === "icmpv6";
}

/** The block with host bits cleared [AD-3], of the family that its parameter is for. */
export function ruleCidr(text: string | undefined, family: "ipv4" | "ipv6"): string {
  const cidr = text?.includes("/") ? canonicalCidr(text) : undefined;
  if (cidr === undefined || familyOf(cidr) !== family) {
    throw invalidParameterValue(`CIDR block ${text ?? ""} is malformed`);
  }
  return cidr;
}

/** The source or destination as AWS's messages name it: a CIDR, a prefix list's id or a group's id. */
export function peerText(rule: Omit<RuleValues, keyof Traffic | "IsEgress">): string {
  return rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroup?.GroupId ?? "";
}

/** Equal for rules that AWS takes for one and the same within a group; the description does not count. [SG-20] */
export function identityOf(rule: RuleValues): string {
  return `${rule.IsEgress ? "egress" : "ingress"} ${rule.IpProtocol} ${rule.FromPort} ${rule.ToPort} ${peerText(rule)}`;
}

/** `InvalidPermission.Duplicate` for a rule that the group already has. */
export function duplicateRule(rule: RuleValues): AwsError {
  return new AwsError("InvalidPermission.Duplicate", `the specified rule "${ruleText(rule)}" already exists`);
}

/** What names and descriptions may be made of. */
export const descriptionCharacters = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*";

/** A rule's description, which may be absent. */
export function ruleDescription(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!isDescription(text)) {
    throw invalidParameterValue(
      `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  ${descriptionCharacters}`,
    );
  }
  return text;
}

/** A group's description, which must be there. [SG-12] */
export function groupDescription(text: string | undefined): string {
  if (!text) throw missingParameter("GroupDescription");
  if (!isDescription(text)) {
    throw invalidParameterValue(
      `Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  ${descriptionCharacters}`,
    );
  }
  return text;
}

/** Whether a text may be a description, or the name of a group in a VPC. */
export function isDescription(text: string): boolean {
  return text.length <= 255 && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(text);
}

const everyPort = { FromPort: -1, ToPort: -1 } as const;

const protocolNames: Readonly<Record<string, string>> = {
  "-1": "-1",
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
  icmp: "icmp",
  "1": "icmp",
  icmpv6: "icmpv6",
  "58": "icmpv6",
};

function protocolName(text: string | undefined): string {
  if (text === undefined || text === "") throw missingParameter("IpProtocol");
  const lower = text.toLowerCase();
  const name = Object.hasOwn(protocolNames, lower) ? protocolNames[lower] : undefined;
  if (name !== undefined) return name;
  if (/^\d{1,3}$/.test(lower) && Number(lower) <= 255) return String(Number(lower));
  throw invalidParameterValue(`Invalid value '${text}' for IP protocol. Unknown protocol.`);
}

function portRange(from: number | undefined, to: number | undefined): Omit<Traffic, "IpProtocol"> {
  if (from === undefined || to === undefined) throw missingRange("TCP/UDP");
  for (const port of [from, to]) {
    if (port < 0 || port > 65_535) throw malformedRange(`TCP/UDP port (${port}) out of range`);
  }
  if (from > to) throw malformedRange(`Invalid TCP/UDP port range (${from}:${to})`);
  return { FromPort: from, ToPort: to };
}

function icmpRange(protocol: string, type: number | undefined, code: number | undefined): Omit<Traffic, "IpProtocol"> {
  if (type === undefined || code === undefined) {
    if (protocol === "icmpv6" && type === undefined && code === undefined) return everyPort;
    throw missingRange("ICMP");
  }
  if (type < -1 || type > 255) throw malformedRange(`ICMP type (${type}) out of range`);
  if (code < -1 || code > 255) throw malformedRange(`ICMP code (${code}) out of range`);
  if (type === -1 && code !== -1) throw malformedRange(`ICMP code (${code}) must be -1 when the ICMP type is -1`);
  return { FromPort: type, ToPort: code };
}

function missingRange(protocol: string): AwsError {
  return invalidParameterValue(`Invalid value 'Must specify both from and to ports with ${protocol}.' for portRange.`);
}

function malformedRange(message: string): AwsError {
  return new AwsError("InvalidPermission.Malformed", message);
}

function ruleText(rule: RuleValues): string {
  const { IpProtocol, FromPort, ToPort } = rule;
  const all = (value: number): string => (value === -1 ? "ALL" : String(value));
  const traffic =
    IpProtocol === "-1"
      ? "ALL"
      : IpProtocol === "icmp" || IpProtocol === "icmpv6"
        ? `${IpProtocol.toUpperCase()}, type: ${all(FromPort)}, code: ${all(ToPort)}`
        : hasPorts(IpProtocol)
          ? `${IpProtocol.toUpperCase()}, from port: ${FromPort}, to port: ${ToPort}`
          : `PROTOCOL ${IpProtocol}`;
  return `peer: ${peerText(rule)}, ${traffic}, ALLOW`;
}
