/** A security group and its rules, each with an id and one peer. [SG-20] */
import type { CloudRecord } from "../../../state/record.ts";

export interface SecurityGroupRuleRecord {
  /** `sgr-…` */
  readonly SecurityGroupRuleId: string;
  readonly IsEgress: boolean;
  /** Normalised: `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1`. */
  readonly IpProtocol: string;
  /** -1 for every port, type or code. */
  readonly FromPort: number;
  readonly ToPort: number;
  readonly CidrIpv4?: string;
  readonly CidrIpv6?: string;
  readonly PrefixListId?: string;
  readonly ReferencedGroup?: {
    readonly GroupId: string;
    readonly UserId: string;
    readonly VpcId?: string;
    readonly VpcPeeringConnectionId?: string;
    /** The gateway over which the reference was made, when it was not over a peering. [SG-40] */
    readonly TransitGatewayId?: string;
  };
  readonly Description?: string;
}

export interface SecurityGroupRecord extends CloudRecord {
  readonly GroupId: string;
  readonly GroupName: string;
  readonly Description: string;
  readonly VpcId: string;
  readonly Rules: readonly SecurityGroupRuleRecord[];
}
