/** Network ACLs, their entries, and which subnets they serve. (semantics 4, "API") */
import type {
  CreateNetworkAclCommandInput,
  CreateNetworkAclCommandOutput,
  CreateNetworkAclEntryCommandInput,
  CreateNetworkAclEntryCommandOutput,
  DeleteNetworkAclCommandInput,
  DeleteNetworkAclCommandOutput,
  DeleteNetworkAclEntryCommandInput,
  DeleteNetworkAclEntryCommandOutput,
  DescribeNetworkAclsCommandInput,
  DescribeNetworkAclsCommandOutput,
  ReplaceNetworkAclAssociationCommandInput,
  ReplaceNetworkAclAssociationCommandOutput,
  ReplaceNetworkAclEntryCommandInput,
  ReplaceNetworkAclEntryCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  dependencyViolation,
  ec2Errors,
  invalidParameterValue,
  isWellFormedId,
} from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { type DescribeDefinition, describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import { aclFilters } from "./acl-filters.ts";
import { createClosedNetworkAcl, lastRuleNumber } from "./default-network-acl.ts";
import { type EntryKey, entryKey, entryOf } from "./entry.ts";
import type { NetworkAclEntryRecord, NetworkAclRecord } from "./record.ts";
import { toNetworkAcl } from "./to-api.ts";

const networkAcls: DescribeDefinition<"networkAcl"> = {
  table: "networkAcl",
  kind: "network-acl",
  idPrefix: "acl",
  filters: aclFilters,
  indexed: { "vpc-id": "vpc" },
};

/** AWS's default is 200 in a VPC, which it raises on request. */
const aclsPerVpc = 200;
/** For each direction and each address family, without the last entry. */
const entriesPerDirection = 20;

export const createNetworkAcl: Action<CreateNetworkAclCommandInput, CreateNetworkAclCommandOutput> = (
  input,
  context,
) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  if (context.by("networkAcl", "vpc", vpc.VpcId).length >= aclsPerVpc) {
    throw new AwsError(
      "NetworkAclLimitExceeded",
      `The maximum number of network ACLs has been reached: ${aclsPerVpc}.`,
    );
  }
  const acl = createClosedNetworkAcl(context, vpc);
  tagNewResource(context, input.TagSpecifications, "network-acl", acl.NetworkAclId);
  return { NetworkAcl: toNetworkAcl(acl, context), ClientToken: input.ClientToken };
};

export const deleteNetworkAcl: Action<DeleteNetworkAclCommandInput, DeleteNetworkAclCommandOutput> = (
  input,
  context,
) => {
  const acl = aclById(input.NetworkAclId, context);
  const { NetworkAclId } = acl;
  if (acl.IsDefault) throw invalidParameterValue(`default network ACL cannot be deleted: ${NetworkAclId}`);
  if (context.by("subnet", "networkAcl", NetworkAclId).length > 0) {
    throw dependencyViolation(`The networkAcl '${NetworkAclId}' has dependencies and cannot be deleted.`);
  }
  context.delete("networkAcl", NetworkAclId);
  forgetTags(context, NetworkAclId);
  return {};
};

export const describeNetworkAcls: Action<DescribeNetworkAclsCommandInput, DescribeNetworkAclsCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(networkAcls, input.NetworkAclIds, input, context);
  return { NetworkAcls: records.map((acl) => toNetworkAcl(acl, context)), NextToken };
};

export const createNetworkAclEntry: Action<CreateNetworkAclEntryCommandInput, CreateNetworkAclEntryCommandOutput> = (
  input,
  context,
) => {
  const acl = aclById(input.NetworkAclId, context);
  const entry = entryOf(input);
  if (acl.Entries.some((each) => isAt(each, entry))) {
    throw new AwsError(
      "NetworkAclEntryAlreadyExists",
      `The network acl entry identified by ${entry.RuleNumber} already exists.`,
    );
  }
  putEntries(acl, [...acl.Entries, entry], context);
  return {};
};

export const replaceNetworkAclEntry: Action<ReplaceNetworkAclEntryCommandInput, ReplaceNetworkAclEntryCommandOutput> = (
  input,
  context,
) => {
  const acl = aclById(input.NetworkAclId, context);
  const entry = entryOf(input);
  presentEntry(acl, entry);
  const entries = acl.Entries.map((each) => (isAt(each, entry) ? entry : each));
  putEntries(acl, entries, context);
  return {};
};

export const deleteNetworkAclEntry: Action<DeleteNetworkAclEntryCommandInput, DeleteNetworkAclEntryCommandOutput> = (
  input,
  context,
) => {
  const acl = aclById(input.NetworkAclId, context);
  const entry = presentEntry(acl, entryKey(input));
  const entries = acl.Entries.filter((each) => each !== entry);
  context.put("networkAcl", { ...acl, Entries: entries });
  return {};
};

/** There is no other way to change what serves a subnet: it always has exactly one. [NA-1] */
export const replaceNetworkAclAssociation: Action<
  ReplaceNetworkAclAssociationCommandInput,
  ReplaceNetworkAclAssociationCommandOutput
> = (input, context) => {
  const AssociationId = required("AssociationId", input.AssociationId);
  if (!isWellFormedId("aclassoc", AssociationId)) throw ec2Errors.malformed("network-acl-association", AssociationId);
  const { accountId, region } = context.caller;
  const subnet = context
    .by("subnet", "networkAclAssociation", AssociationId)
    .find((each) => context.visible("subnet", each.SubnetId, accountId, region) !== undefined);
  if (subnet === undefined) throw ec2Errors.notFound("network-acl-association", AssociationId);
  const acl = aclById(input.NetworkAclId, context);
  if (acl.VpcId !== subnet.VpcId) {
    throw invalidParameterValue(
      `networkAcl ${acl.NetworkAclId} and subnet ${subnet.SubnetId} belong to different networks`,
    );
  }
  if (acl.NetworkAclId === subnet.NetworkAclId) return { NewAssociationId: AssociationId };
  const NewAssociationId = context.newId("aclassoc");
  const { NetworkAclId } = acl;
  context.put("subnet", { ...subnet, NetworkAclId, NetworkAclAssociationId: NewAssociationId });
  return { NewAssociationId };
};

export const networkAclActions = {
  CreateNetworkAcl: createNetworkAcl,
  DeleteNetworkAcl: deleteNetworkAcl,
  DescribeNetworkAcls: describeNetworkAcls,
  CreateNetworkAclEntry: createNetworkAclEntry,
  ReplaceNetworkAclEntry: replaceNetworkAclEntry,
  DeleteNetworkAclEntry: deleteNetworkAclEntry,
  ReplaceNetworkAclAssociation: replaceNetworkAclAssociation,
} satisfies Actions;

function aclById(id: string | undefined, context: ActionContext): NetworkAclRecord {
  return named(networkAcls, "NetworkAclId", id, context);
}

function isAt(entry: EntryKey, { RuleNumber, Egress }: EntryKey): boolean {
  return entry.RuleNumber === RuleNumber && entry.Egress === Egress;
}

function presentEntry(acl: NetworkAclRecord, key: EntryKey): NetworkAclEntryRecord {
  const entry = acl.Entries.find((each) => isAt(each, key));
  if (entry !== undefined) return entry;
  throw new AwsError(
    "InvalidNetworkAclEntry.NotFound",
    `The network acl entry identified by ${key.RuleNumber} does not exist`,
  );
}

function putEntries(acl: NetworkAclRecord, Entries: readonly NetworkAclEntryRecord[], context: ActionContext): void {
  const removable = Entries.filter(({ RuleNumber }) => RuleNumber < lastRuleNumber.ipv4);
  for (const Egress of [true, false]) {
    const oneWay = removable.filter((entry) => entry.Egress === Egress);
    const ipv4 = oneWay.filter(({ CidrBlock }) => CidrBlock !== undefined).length;
    if (Math.max(ipv4, oneWay.length - ipv4) > entriesPerDirection) {
      throw new AwsError(
        "NetworkAclEntryLimitExceeded",
        `The maximum number of network ACL entries has been reached: ${entriesPerDirection} in one direction.`,
      );
    }
  }
  context.put("networkAcl", { ...acl, Entries });
}
