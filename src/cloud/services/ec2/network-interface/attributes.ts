/** One attribute of an interface at a time: ModifyNetworkInterfaceAttribute, DescribeNetworkInterfaceAttribute, Reset. [AD-53] */
import type {
  DescribeNetworkInterfaceAttributeCommandInput,
  DescribeNetworkInterfaceAttributeCommandOutput,
  ModifyNetworkInterfaceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandOutput,
  ResetNetworkInterfaceAttributeCommandInput,
  ResetNetworkInterfaceAttributeCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
  unsupportedOperation,
} from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { networkInterfaceById } from "./describe-network-interfaces.ts";
import { groupsFor } from "./limits.ts";
import { attachmentOf, groupIdentifiers } from "./to-api.ts";

const modelled = ["Description", "SourceDestCheck", "Groups", "Attachment", "AssociatePublicIpAddress"] as const;
const notModelled = [
  "EnaSrdSpecification",
  "EnablePrimaryIpv6",
  "ConnectionTrackingSpecification",
  "AssociatedSubnetIds",
] as const;

export const modifyNetworkInterfaceAttribute: Action<
  ModifyNetworkInterfaceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandOutput
> = (input, context) => {
  const record = networkInterfaceById(input.NetworkInterfaceId, context);
  for (const attribute of notModelled) {
    if (input[attribute] !== undefined) throw unsupportedOperation(`ModifyNetworkInterfaceAttribute with ${attribute}`);
  }
  const given = modelled.filter((attribute) => input[attribute] !== undefined);
  if (given.length > 1) {
    throw invalidParameterCombination(`Fields for multiple attribute types specified: ${given.join(", ")}`);
  }
  if (record.RequesterManaged) {
    throw new AwsError(
      "OperationNotPermitted",
      `The network interface '${record.NetworkInterfaceId}' is managed by ${record.RequesterId}.`,
    );
  }
  const { Description, SourceDestCheck, Groups, Attachment, AssociatePublicIpAddress } = input;
  if (Description !== undefined) {
    context.put("networkInterface", { ...record, Description: Description.Value ?? "" });
  } else if (SourceDestCheck !== undefined) {
    if (SourceDestCheck.Value === undefined) throw missingParameter("SourceDestCheck.Value");
    context.put("networkInterface", { ...record, SourceDestCheck: SourceDestCheck.Value });
  } else if (Groups !== undefined) {
    if (Groups.length === 0) throw missingParameter("SecurityGroupId");
    context.put("networkInterface", { ...record, Groups: groupsFor(context, record.VpcId, record.SubnetId, Groups) });
  } else if (AssociatePublicIpAddress !== undefined) {
    context.put("networkInterface", { ...record, AssociatePublicIpAddress });
  } else if (Attachment !== undefined) {
    if (Attachment.AttachmentId === undefined || record.Attachment?.AttachmentId !== Attachment.AttachmentId) {
      throw ec2Errors.notFound("network-interface-attachment", Attachment.AttachmentId ?? "");
    }
    const DeleteOnTermination = Attachment.DeleteOnTermination ?? record.Attachment.DeleteOnTermination;
    context.put("networkInterface", { ...record, Attachment: { ...record.Attachment, DeleteOnTermination } });
  } else throw missingParameter("an attribute to modify");
  return {};
};

export const describeNetworkInterfaceAttribute: Action<
  DescribeNetworkInterfaceAttributeCommandInput,
  DescribeNetworkInterfaceAttributeCommandOutput
> = ({ NetworkInterfaceId, Attribute }, context) => {
  const record = networkInterfaceById(NetworkInterfaceId, context);
  const base = { NetworkInterfaceId: record.NetworkInterfaceId };
  switch (Attribute) {
    case undefined:
      throw missingParameter("Attribute");
    case "description":
      return { ...base, Description: { Value: record.Description } };
    case "sourceDestCheck":
      return { ...base, SourceDestCheck: { Value: record.SourceDestCheck } };
    case "groupSet":
      return { ...base, Groups: groupIdentifiers(context, record.Groups) };
    case "attachment":
      return { ...base, Attachment: attachmentOf(record) };
    case "associatePublicIpAddress":
      return { ...base, AssociatePublicIpAddress: record.AssociatePublicIpAddress };
    default:
      throw invalidParameterValue(
        `Value (${Attribute}) for parameter attribute is invalid. Unknown network interface attribute`,
      );
  }
};

export const resetNetworkInterfaceAttribute: Action<
  ResetNetworkInterfaceAttributeCommandInput,
  ResetNetworkInterfaceAttributeCommandOutput
> = ({ NetworkInterfaceId, SourceDestCheck }, context) => {
  const record = networkInterfaceById(NetworkInterfaceId, context);
  if (SourceDestCheck === undefined) throw missingParameter("SourceDestCheck");
  context.put("networkInterface", { ...record, SourceDestCheck: true });
  return {};
};
