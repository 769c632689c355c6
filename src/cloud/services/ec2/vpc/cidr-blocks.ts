/** Blocks that join and leave a VPC after its creation. [AD-5 .. AD-13, AD-21] */
import type {
  AssociateVpcCidrBlockCommandInput,
  AssociateVpcCidrBlockCommandOutput,
  DisassociateVpcCidrBlockCommandInput,
  DisassociateVpcCidrBlockCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import { cidrContains, cidrFrom, cidrsOverlap, familyOf, formatCidr } from "../../../../ip/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { addIpv6Entries } from "../network-acl/default-network-acl.ts";
import { named, required } from "../required.ts";
import { addLocalRoutes, destinationOf, isLocalRoute, removeLocalRoutes } from "../route-table/local-routes.ts";
import { addIpv6Egress } from "../security-group/default-security-group.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { peerClash } from "../vpc-peering-connection/peer-clash.ts";
import { blocksInForce } from "./block-states.ts";
import { checkedVpcBlock, checkMayJoin } from "./cidr-rules.ts";
import { cidrBlockAssociationToApi, ipv6CidrBlockAssociationToApi, vpcDescription } from "./describe.ts";
import { newIpv6Association } from "./ipv6-blocks.ts";
import { checkQuota } from "./quotas.ts";
import type { CidrBlockAssociation, VpcRecord } from "./record.ts";

export const associateVpcCidrBlock: Action<AssociateVpcCidrBlockCommandInput, AssociateVpcCidrBlockCommandOutput> = (
  input,
  context,
) => {
  const { Ipv6Pool, Ipv6CidrBlock, Ipv4IpamPoolId, Ipv4NetmaskLength, Ipv6IpamPoolId, Ipv6NetmaskLength } = input;
  refuseUnmodelled("AssociateVpcCidrBlock", {
    Ipv6Pool,
    Ipv6CidrBlock,
    Ipv4IpamPoolId,
    Ipv4NetmaskLength,
    Ipv6IpamPoolId,
    Ipv6NetmaskLength,
  });
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  if (input.CidrBlock !== undefined && input.AmazonProvidedIpv6CidrBlock === true) {
    throw invalidParameterCombination("Only one of cidrBlock and amazonProvidedIpv6CidrBlock may be specified.");
  }
  if (input.CidrBlock !== undefined) return associateIpv4(vpc, input.CidrBlock, context);
  if (input.AmazonProvidedIpv6CidrBlock === true) return associateIpv6(vpc, context);
  throw missingParameter("CidrBlock");
};

export const disassociateVpcCidrBlock: Action<
  DisassociateVpcCidrBlockCommandInput,
  DisassociateVpcCidrBlockCommandOutput
> = (input, context) => {
  const { vpc, association } = associationNamed(input.AssociationId, context);
  const { AssociationId, CidrBlock } = association;
  if (CidrBlock === vpc.CidrBlock) {
    throw new AwsError(
      "OperationNotPermitted",
      `The vpc CIDR block with association ID ${AssociationId} may not be disassociated. It is the primary IPv4 CIDR block of the VPC`,
    );
  }
  if (subnetBlocks(context, vpc.VpcId).some((block) => cidrsOverlap(block, CidrBlock))) {
    throw new AwsError(
      "InvalidCidrBlock.InUse",
      `The CIDR block ${CidrBlock} with association ID ${AssociationId} is used by a subnet of ${vpc.VpcId}.`,
    );
  }
  removeLocalRoutes(context, vpc.VpcId, CidrBlock);
  const leaving = <A extends CidrBlockAssociation>(associations: readonly A[]): readonly A[] =>
    associations.map((each) => (each.AssociationId === AssociationId ? { ...each, State: "disassociating" } : each));
  const after: VpcRecord = {
    ...vpc,
    CidrBlockAssociationSet: leaving(vpc.CidrBlockAssociationSet),
    Ipv6CidrBlockAssociationSet: leaving(vpc.Ipv6CidrBlockAssociationSet),
  };
  context.put("vpc", after);
  return associationToApi(after, AssociationId);
};

function associateIpv4(vpc: VpcRecord, text: string, context: ActionContext): AssociateVpcCidrBlockResult {
  const block = checkedVpcBlock(text);
  const CidrBlock = formatCidr(block);
  const existing = vpc.CidrBlockAssociationSet.map((each) => cidrFrom(each.CidrBlock));
  checkMayJoin(block, existing);
  checkQuota("cidrBlocksPerVpc", existing.length + 1, vpc.VpcId);
  refuseRouteClash(vpc, CidrBlock, context);
  refusePeerClash(vpc, CidrBlock, context);
  const association: CidrBlockAssociation = {
    AssociationId: context.newId("vpc-cidr-assoc"),
    CidrBlock,
    State: "associating",
    AssociatedAt: context.now,
  };
  const after = { ...vpc, CidrBlockAssociationSet: [...vpc.CidrBlockAssociationSet, association] };
  context.put("vpc", after);
  addLocalRoutes(context, vpc.VpcId, CidrBlock);
  return associationToApi(after, association.AssociationId);
}

function associateIpv6(vpc: VpcRecord, context: ActionContext): AssociateVpcCidrBlockResult {
  checkQuota("cidrBlocksPerVpc", vpc.Ipv6CidrBlockAssociationSet.length + 1, vpc.VpcId);
  const association = { ...newIpv6Association(context, vpc.Region), AssociatedAt: context.now };
  const after = { ...vpc, Ipv6CidrBlockAssociationSet: [...vpc.Ipv6CidrBlockAssociationSet, association] };
  context.put("vpc", after);
  addLocalRoutes(context, vpc.VpcId, association.CidrBlock);
  addIpv6Entries(context, after);
  addIpv6Egress(context, after);
  return associationToApi(after, association.AssociationId);
}

type AssociateVpcCidrBlockResult = Omit<AssociateVpcCidrBlockCommandOutput, "$metadata">;

/** [AD-11]: the local route of a new block must not be as wide as, or wider than, a route that is there. */
function refuseRouteClash(vpc: VpcRecord, block: string, context: ActionContext): void {
  for (const table of context.by("routeTable", "vpc", vpc.VpcId)) {
    for (const route of table.Routes) {
      if (isLocalRoute(route) || route.DestinationPrefixListId !== undefined) continue;
      const destination = destinationOf(route);
      if (familyOf(destination) === familyOf(block) && cidrContains(block, destination)) {
        throw invalidParameterValue(
          `The CIDR '${block}' is the same as or larger than the destination ${destination} of a route in ${table.RouteTableId}.`,
        );
      }
    }
  }
}

/** [AD-12] */
function refusePeerClash(vpc: VpcRecord, block: string, context: ActionContext): void {
  const peering = peerClash(context, vpc.VpcId, block);
  if (peering !== undefined) {
    throw invalidParameterValue(
      `The CIDR '${block}' cannot be associated with ${vpc.VpcId} because of the VPC peering connection ${peering}.`,
    );
  }
}

function associationNamed(
  id: string | undefined,
  context: ActionContext,
): { readonly vpc: VpcRecord; readonly association: CidrBlockAssociation } {
  const associationId = required("AssociationId", id);
  if (!isWellFormedId("vpc-cidr-assoc", associationId)) {
    throw ec2Errors.malformed("vpc-cidr-block-association", associationId);
  }
  const { accountId, region } = context.caller;
  const [vpc] = context.by("vpc", "cidrBlockAssociation", associationId);
  const association = [...(vpc?.CidrBlockAssociationSet ?? []), ...(vpc?.Ipv6CidrBlockAssociationSet ?? [])].find(
    (each) => each.AssociationId === associationId && each.State !== "disassociating",
  );
  if (
    vpc === undefined ||
    association === undefined ||
    context.visible("vpc", vpc.VpcId, accountId, region) === undefined
  ) {
    throw ec2Errors.notFound("vpc-cidr-block-association", associationId);
  }
  return { vpc, association };
}

function subnetBlocks(context: ActionContext, vpcId: string): string[] {
  return context
    .by("subnet", "vpc", vpcId)
    .flatMap((subnet) => [subnet.CidrBlock, ...blocksInForce(subnet.Ipv6CidrBlockAssociationSet)]);
}

function associationToApi(vpc: VpcRecord, associationId: string): AssociateVpcCidrBlockResult {
  const ipv4 = vpc.CidrBlockAssociationSet.find((each) => each.AssociationId === associationId);
  const ipv6 = vpc.Ipv6CidrBlockAssociationSet.find((each) => each.AssociationId === associationId);
  return {
    VpcId: vpc.VpcId,
    ...(ipv4 === undefined ? {} : { CidrBlockAssociation: cidrBlockAssociationToApi(ipv4) }),
    ...(ipv6 === undefined ? {} : { Ipv6CidrBlockAssociation: ipv6CidrBlockAssociationToApi(ipv6) }),
  };
}
