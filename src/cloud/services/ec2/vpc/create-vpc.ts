/** Making a VPC with what every VPC has from the start: main route table, default network ACL, default security group. */
import type { Scope } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import { defaultDhcpOptionsId } from "../dhcp-options/default-dhcp-options.ts";
import { createDefaultNetworkAcl } from "../network-acl/default-network-acl.ts";
import { createRouteTableRecord } from "../route-table/local-routes.ts";
import { createDefaultSecurityGroup } from "../security-group/default-security-group.ts";
import { newIpv6Association } from "./ipv6-blocks.ts";
import type { VpcRecord } from "./record.ts";

export interface VpcSpecification extends Scope {
  /** Canonical, checked. */
  readonly cidrBlock: string;
  readonly ipv6: boolean;
  readonly instanceTenancy: VpcRecord["InstanceTenancy"];
  readonly isDefault: boolean;
}

export function createVpcRecords(
  transaction: Transaction,
  { accountId, region, cidrBlock, ipv6, instanceTenancy, isDefault }: VpcSpecification,
): VpcRecord {
  const vpc: VpcRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: transaction.now,
    VpcId: transaction.newId("vpc"),
    State: "pending",
    CidrBlock: cidrBlock,
    // The primary block is there from the first answer on; only later ones are associated step by step.
    CidrBlockAssociationSet: [
      { AssociationId: transaction.newId("vpc-cidr-assoc"), CidrBlock: cidrBlock, State: "associated" },
    ],
    Ipv6CidrBlockAssociationSet: ipv6 ? [newIpv6Association(transaction, region)] : [],
    IsDefault: isDefault,
    InstanceTenancy: instanceTenancy,
    DhcpOptionsId: defaultDhcpOptionsId(transaction, { accountId, region }),
    EnableDnsSupport: true,
    // Names are given in the default VPC only, until asked for elsewhere. [DN-2]
    EnableDnsHostnames: isDefault,
    EnableNetworkAddressUsageMetrics: false,
  };
  transaction.put("vpc", vpc);
  createRouteTableRecord(transaction, vpc, { main: true });
  createDefaultNetworkAcl(transaction, vpc);
  createDefaultSecurityGroup(transaction, vpc);
  return vpc;
}
