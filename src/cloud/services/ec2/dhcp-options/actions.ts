/** DHCP option sets: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html. Sets are never changed, only replaced on the VPC. */
import type {
  AssociateDhcpOptionsCommandInput,
  AssociateDhcpOptionsCommandOutput,
  CreateDhcpOptionsCommandInput,
  CreateDhcpOptionsCommandOutput,
  DeleteDhcpOptionsCommandInput,
  DeleteDhcpOptionsCommandOutput,
  DescribeDhcpOptionsCommandInput,
  DescribeDhcpOptionsCommandOutput,
  DhcpOptions,
  NewDhcpConfiguration,
} from "@aws-sdk/client-ec2";
import { dependencyViolation, invalidParameterValue } from "../../../../aws/index.ts";
import { parseAddress } from "../../../../ip/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { type DescribeDefinition, describe } from "../describe.ts";
import { named, required } from "../required.ts";
import { forgetTags, tagNewResource, tagsOf } from "../tag/tags.ts";
import { vpcDescription } from "../vpc/describe.ts";
import type { DhcpOptionsRecord } from "./record.ts";

const createDhcpOptions: Action<CreateDhcpOptionsCommandInput, CreateDhcpOptionsCommandOutput> = (input, context) => {
  const record: DhcpOptionsRecord = {
    OwnerId: context.caller.accountId,
    Region: context.caller.region,
    CreatedAt: context.now,
    DhcpOptionsId: context.newId("dopt"),
    DhcpConfigurations: required("DhcpConfiguration", input.DhcpConfigurations).map(checkedConfiguration),
    IsDefault: false,
  };
  context.put("dhcpOptions", record);
  tagNewResource(context, input.TagSpecifications, "dhcp-options", record.DhcpOptionsId);
  return { DhcpOptions: toApi(record, context) };
};

const deleteDhcpOptions: Action<DeleteDhcpOptionsCommandInput, DeleteDhcpOptionsCommandOutput> = (input, context) => {
  const record = named(dhcpOptionsDescription, "DhcpOptionsId", input.DhcpOptionsId, context);
  const { accountId, region } = context.caller;
  if (context.inScope("vpc", accountId, region).some((vpc) => vpc.DhcpOptionsId === record.DhcpOptionsId)) {
    throw dependencyViolation(`The dhcpOptions '${record.DhcpOptionsId}' has dependencies and cannot be deleted.`);
  }
  context.delete("dhcpOptions", record.DhcpOptionsId);
  forgetTags(context, record.DhcpOptionsId);
  return {};
};

const associateDhcpOptions: Action<AssociateDhcpOptionsCommandInput, AssociateDhcpOptionsCommandOutput> = (
  input,
  context,
) => {
  const vpc = named(vpcDescription, "VpcId", input.VpcId, context);
  const DhcpOptionsId =
    input.DhcpOptionsId === "default"
      ? "default"
      : named(dhcpOptionsDescription, "DhcpOptionsId", input.DhcpOptionsId, context).DhcpOptionsId;
  context.put("vpc", { ...vpc, DhcpOptionsId });
  return {};
};

const describeDhcpOptions: Action<DescribeDhcpOptionsCommandInput, DescribeDhcpOptionsCommandOutput> = (
  input,
  context,
) => {
  const { records, NextToken } = describe(dhcpOptionsDescription, input.DhcpOptionsIds, input, context);
  return { DhcpOptions: records.map((record) => toApi(record, context)), NextToken };
};

export const dhcpOptionsActions = {
  CreateDhcpOptions: createDhcpOptions,
  DeleteDhcpOptions: deleteDhcpOptions,
  AssociateDhcpOptions: associateDhcpOptions,
  DescribeDhcpOptions: describeDhcpOptions,
} satisfies Actions;

const dhcpOptionsDescription: DescribeDefinition<"dhcpOptions"> = {
  table: "dhcpOptions",
  kind: "dhcp-options",
  idPrefix: "dopt",
  filters: {
    "dhcp-options-id": (record) => record.DhcpOptionsId,
    key: (record) => record.DhcpConfigurations.map(({ Key }) => Key),
    value: (record) => record.DhcpConfigurations.flatMap(({ Values }) => Values),
    "owner-id": (record) => record.OwnerId,
  },
};

function toApi(record: DhcpOptionsRecord, context: ActionContext): DhcpOptions {
  return {
    DhcpOptionsId: record.DhcpOptionsId,
    OwnerId: record.OwnerId,
    DhcpConfigurations: record.DhcpConfigurations.map(({ Key, Values }) => ({
      Key,
      Values: Values.map((Value) => ({ Value })),
    })),
    Tags: tagsOf(context, record.DhcpOptionsId),
  };
}

const mostServers = 4;

/** For each option, whether its values are acceptable. */
const options: { readonly [key: string]: (values: readonly string[]) => boolean } = {
  "domain-name-servers": (values) => values.length <= mostServers && values.every(isResolver),
  "domain-name": (values) => values.length === 1,
  "ntp-servers": (values) => values.length <= mostServers && values.every(isAddress),
  "netbios-name-servers": (values) => values.length <= mostServers && values.every(isAddress),
  "netbios-node-type": (values) => values.length === 1 && ["1", "2", "4", "8"].includes(values[0] ?? ""),
  "ipv6-address-preferred-lease-time": (values) => values.length === 1 && /^[1-9][0-9]*$/.test(values[0] ?? ""),
};

function checkedConfiguration({ Key, Values }: NewDhcpConfiguration): { Key: string; Values: readonly string[] } {
  const key = required("DhcpConfiguration.Key", Key);
  // AWS takes several servers in one comma-separated value as well, and shows them apart.
  const given = required("DhcpConfiguration.Value", Values);
  const values = key.endsWith("-servers")
    ? given.flatMap((value) => value.split(",").map((each) => each.trim()))
    : given;
  const accepts = Object.hasOwn(options, key) ? options[key] : undefined;
  if (accepts === undefined) {
    throw invalidParameterValue(`Value (${key}) for parameter name is invalid. Unknown DHCP option`);
  }
  if (values.length === 0 || !accepts(values)) {
    throw invalidParameterValue(`Value (${values.join(",")}) for parameter value is invalid for the option ${key}.`);
  }
  return { Key: key, Values: values };
}

function isResolver(value: string): boolean {
  return value === "AmazonProvidedDNS" || isAddress(value);
}

function isAddress(value: string): boolean {
  return parseAddress(value) !== undefined;
}
