/** A subnet, and which network ACL and route table serve it. */
import type { CloudRecord } from "../../../state/record.ts";
import type { CidrBlockAssociation } from "../vpc/record.ts";

export interface SubnetRecord extends CloudRecord {
  readonly SubnetId: string;
  readonly VpcId: string;
  readonly State: "pending" | "available";
  readonly CidrBlock: string;
  readonly Ipv6CidrBlockAssociationSet: readonly CidrBlockAssociation[];
  readonly AvailabilityZone: string;
  readonly AvailabilityZoneId: string;
  readonly DefaultForAz: boolean;
  readonly MapPublicIpOnLaunch: boolean;
  readonly AssignIpv6AddressOnCreation: boolean;
  readonly EnableDns64: boolean;
  readonly PrivateDnsNameOptionsOnLaunch: {
    readonly HostnameType: "ip-name" | "resource-name";
    readonly EnableResourceNameDnsARecord: boolean;
    readonly EnableResourceNameDnsAAAARecord: boolean;
  };
  /** Exactly one network ACL serves a subnet; the association has an id of its own. [NA-1] */
  readonly NetworkAclId: string;
  readonly NetworkAclAssociationId: string;
}
