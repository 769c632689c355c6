/** A VPC and its CIDR blocks. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Vpc.html */
import type { CloudRecord } from "../../../state/record.ts";

export type CidrBlockState = "associating" | "associated" | "disassociating" | "disassociated";

export interface CidrBlockAssociation {
  /** `vpc-cidr-assoc-…` or `subnet-cidr-assoc-…` */
  readonly AssociationId: string;
  readonly CidrBlock: string;
  readonly State: CidrBlockState;
  /** Milliseconds since the epoch, for a VPC's block that came later than the VPC: who had a block first counts. [TG-45] */
  readonly AssociatedAt?: number;
}

export interface VpcRecord extends CloudRecord {
  readonly VpcId: string;
  readonly State: "pending" | "available";
  /** The primary block, which is also the first association. */
  readonly CidrBlock: string;
  readonly CidrBlockAssociationSet: readonly CidrBlockAssociation[];
  readonly Ipv6CidrBlockAssociationSet: readonly (CidrBlockAssociation & { readonly NetworkBorderGroup: string })[];
  readonly IsDefault: boolean;
  readonly InstanceTenancy: "default" | "dedicated";
  /** `dopt-…`, or `default` for none. */
  readonly DhcpOptionsId: string;
  readonly EnableDnsSupport: boolean;
  readonly EnableDnsHostnames: boolean;
  readonly EnableNetworkAddressUsageMetrics: boolean;
}
