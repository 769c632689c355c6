/** IPv6 blocks that join and leave a subnet after its creation. A subnet has at most one. */
import type {
  AssociateSubnetCidrBlockCommandInput,
  AssociateSubnetCidrBlockCommandOutput,
  DisassociateSubnetCidrBlockCommandInput,
  DisassociateSubnetCidrBlockCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors, isWellFormedId } from "../../../../aws/index.ts";
import { cidrContains } from "../../../../ip/index.ts";
import type { Action } from "../../action.ts";
import { named, required } from "../required.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import type { CidrBlockAssociation } from "../vpc/record.ts";
import { checkedSubnetIpv6Block, newSubnetAssociation } from "./create-subnet.ts";
import { subnetAssociationToApi, subnetDescription } from "./describe.ts";

export const associateSubnetCidrBlock: Action<
  AssociateSubnetCidrBlockCommandInput,
  AssociateSubnetCidrBlockCommandOutput
> = (input, context) => {
  const { Ipv6IpamPoolId, Ipv6NetmaskLength } = input;
  refuseUnmodelled("AssociateSubnetCidrBlock", { Ipv6IpamPoolId, Ipv6NetmaskLength });
  const subnet = named(subnetDescription, "SubnetId", input.SubnetId, context);
  if (subnet.Ipv6CidrBlockAssociationSet.length > 0) {
    throw new AwsError(
      "InvalidSubnet.Conflict",
      `The subnet ${subnet.SubnetId} already has an associated IPv6 CIDR block.`,
    );
  }
  const block = checkedSubnetIpv6Block(
    context,
    context.must("vpc", subnet.VpcId),
    required("Ipv6CidrBlock", input.Ipv6CidrBlock),
  );
  const association = newSubnetAssociation(context, block);
  context.put("subnet", { ...subnet, Ipv6CidrBlockAssociationSet: [association] });
  return { SubnetId: subnet.SubnetId, Ipv6CidrBlockAssociation: subnetAssociationToApi(association) };
};

export const disassociateSubnetCidrBlock: Action<
  DisassociateSubnetCidrBlockCommandInput,
  DisassociateSubnetCidrBlockCommandOutput
> = (input, context) => {
  const id = required("AssociationId", input.AssociationId);
  if (!isWellFormedId("subnet-cidr-assoc", id)) throw ec2Errors.malformed("subnet-cidr-block-association", id);
  const { accountId, region } = context.caller;
  const [subnet] = context
    .by("subnet", "cidrBlockAssociation", id)
    .filter((each) => context.visible("subnet", each.SubnetId, accountId, region) !== undefined);
  const association = subnet?.Ipv6CidrBlockAssociationSet.find((each) => each.AssociationId === id);
  if (subnet === undefined || association === undefined || association.State === "disassociating") {
    throw ec2Errors.notFound("subnet-cidr-block-association", id);
  }
  const holder = context
    .by("networkInterface", "subnet", subnet.SubnetId)
    .find(({ Ipv6Addresses }) => Ipv6Addresses.some((address) => cidrContains(association.CidrBlock, address)));
  if (holder !== undefined) {
    throw new AwsError(
      "InvalidCidrBlock.InUse",
      `The IPv6 CIDR block ${association.CidrBlock} is in use by ${holder.NetworkInterfaceId}.`,
    );
  }
  const leaving: CidrBlockAssociation = { ...association, State: "disassociating" };
  context.put("subnet", {
    ...subnet,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: subnet.Ipv6CidrBlockAssociationSet.map((each) =>
      each.AssociationId === id ? leaving : each,
    ),
  });
  return { SubnetId: subnet.SubnetId, Ipv6CidrBlockAssociation: subnetAssociationToApi(leaving) };
};
