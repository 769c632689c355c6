/**
 * One entry of a network ACL as a request words it, checked and normalised. [NA-3, NA-5, NA-7]
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html
 */
import type { CreateNetworkAclEntryCommandInput } from "@aws-sdk/client-ec2";
import { invalidParameterCombination, invalidParameterValue, missingParameter } from "../../../../aws/index.ts";
import { canonicalCidr, familyOf } from "../../../../ip/index.ts";
import { required } from "../required.ts";
import type { NetworkAclEntryRecord } from "./record.ts";

export type EntryRequest = Omit<CreateNetworkAclEntryCommandInput, "NetworkAclId" | "DryRun">;

/** Which entry of an ACL: a number is used once per direction. */
export type EntryKey = Pick<NetworkAclEntryRecord, "RuleNumber" | "Egress">;

/** The entry that a request describes. Refuses what the protocol needs and lacks, and numbers that are AWS's own. */
export function entryOf(request: EntryRequest): NetworkAclEntryRecord {
  const { CidrBlock, Ipv6CidrBlock } = request;
  const RuleAction = required("RuleAction", request.RuleAction);
  const key = entryKey(request);
  const Protocol = protocolNumber(required("Protocol", request.Protocol));
  if (RuleAction !== "allow" && RuleAction !== "deny") {
    throw invalidParameterValue(`Value (${RuleAction}) for parameter ruleAction is invalid. Use allow or deny.`);
  }
  if (CidrBlock && Ipv6CidrBlock) {
    throw invalidParameterCombination("Only one of CidrBlock and Ipv6CidrBlock can be specified.");
  }
  if (!CidrBlock && !Ipv6CidrBlock) throw missingParameter("CidrBlock or Ipv6CidrBlock");
  if (Protocol === "58" && !Ipv6CidrBlock) {
    throw invalidParameterCombination("Protocol 58 (ICMPv6) needs an IPv6 CIDR block.");
  }
  return {
    ...key,
    Protocol,
    RuleAction,
    ...(CidrBlock
      ? { CidrBlock: checkedCidr(CidrBlock, "ipv4", "cidrBlock") }
      : { Ipv6CidrBlock: checkedCidr(Ipv6CidrBlock ?? "", "ipv6", "ipv6CidrBlock") }),
    ...traffic(Protocol, request),
  };
}

/** The number and direction of a request. */
export function entryKey(request: Pick<EntryRequest, "RuleNumber" | "Egress">): EntryKey {
  const RuleNumber = required("RuleNumber", request.RuleNumber);
  const Egress = required("Egress", request.Egress);
  if (!Number.isInteger(RuleNumber) || RuleNumber < 1 || RuleNumber > 32_766) {
    throw invalidParameterValue(
      `Value (${RuleNumber}) for parameter ruleNumber is invalid. Rule numbers are from 1 to 32766.`,
    );
  }
  return { RuleNumber, Egress };
}

const numbers: Readonly<Record<string, string>> = { "-1": "-1", tcp: "6", udp: "17", icmp: "1", icmpv6: "58" };

function protocolNumber(text: string): string {
  const lower = text.toLowerCase();
  const known = Object.hasOwn(numbers, lower) ? numbers[lower] : undefined;
  if (known !== undefined) return known;
  if (/^\d{1,3}$/.test(lower) && Number(lower) <= 255) return String(Number(lower));
  throw invalidParameterValue(`Invalid value '${text}' for IP protocol. Unknown protocol.`);
}

/** Ports for TCP and UDP, type and code for the two ICMPs; for any other protocol what was given is ignored. [NA-7] */
function traffic(
  protocol: string,
  { PortRange, IcmpTypeCode }: EntryRequest,
): Pick<NetworkAclEntryRecord, "PortRange" | "IcmpTypeCode"> {
  if (protocol === "6" || protocol === "17") {
    const From = PortRange?.From;
    const To = PortRange?.To;
    if (From === undefined || To === undefined) throw missingParameter("PortRange");
    if (From < 0 || To > 65_535 || From > To) {
      throw invalidParameterValue(`Value (${From}-${To}) for parameter portRange is invalid.`);
    }
    return { PortRange: { From, To } };
  }
  if (protocol === "1" || protocol === "58") {
    const Type = IcmpTypeCode?.Type;
    const Code = IcmpTypeCode?.Code;
    if (Type === undefined || Code === undefined) throw missingParameter("Icmp");
    if (Type < -1 || Type > 255 || Code < -1 || Code > 255 || (Type === -1 && Code !== -1)) {
      throw invalidParameterValue(`Value (${Type}/${Code}) for parameter icmpTypeCode is invalid.`);
    }
    return { IcmpTypeCode: { Type, Code } };
  }
  return {};
}

function checkedCidr(text: string, family: "ipv4" | "ipv6", parameter: string): string {
  const cidr = text.includes("/") ? canonicalCidr(text) : undefined;
  if (cidr === undefined || familyOf(cidr) !== family) {
    throw invalidParameterValue(
      `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
    );
  }
  return cidr;
}
