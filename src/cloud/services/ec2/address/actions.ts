/** The Elastic IP actions of EC2. (semantics 9.2) */
import type {
  AllocateAddressCommandInput,
  AllocateAddressCommandOutput,
  DescribeAddressesAttributeCommandInput,
  DescribeAddressesAttributeCommandOutput,
  DescribeAddressesCommandInput,
  DescribeAddressesCommandOutput,
  ReleaseAddressCommandInput,
  ReleaseAddressCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
} from "../../../../aws/index.ts";
import type { Action, Actions } from "../../action.ts";
import { describe } from "../describe.ts";
import { named } from "../required.ts";
import { forgetTags, tagNewResource } from "../tag/tags.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { associateAddress, disassociateAddress } from "./association.ts";
import { addressByPublicIp, addressDescription, addressToApi } from "./describe.ts";
import { newPublicIp } from "./public-ip.ts";
import type { AddressRecord } from "./record.ts";

const allocateAddress: Action<AllocateAddressCommandInput, AllocateAddressCommandOutput> = (input, context) => {
  refuseUnmodelled("AllocateAddress", {
    Address: input.Address,
    PublicIpv4Pool: input.PublicIpv4Pool === "amazon" ? undefined : input.PublicIpv4Pool,
    CustomerOwnedIpv4Pool: input.CustomerOwnedIpv4Pool,
    IpamPoolId: input.IpamPoolId,
  });
  const { accountId, region } = context.caller;
  if (input.Domain !== undefined && input.Domain !== "vpc") {
    throw invalidParameterValue(`Value (${input.Domain}) for parameter domain is invalid. Only 'vpc' is supported.`);
  }
  if (input.NetworkBorderGroup !== undefined && input.NetworkBorderGroup !== region) {
    throw invalidParameterValue(
      `Value (${input.NetworkBorderGroup}) for parameter networkBorderGroup is invalid. The Region has only '${region}'.`,
    );
  }
  checkQuota("elasticIpsPerRegion", context.inScope("address", accountId, region).length + 1);
  const address: AddressRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: context.now,
    AllocationId: context.newId("eipalloc"),
    PublicIp: newPublicIp(context),
    Domain: "vpc",
    NetworkBorderGroup: region,
  };
  context.put("address", address);
  tagNewResource(context, input.TagSpecifications, "elastic-ip", address.AllocationId);
  const { AllocationId, PublicIp, Domain, NetworkBorderGroup } = address;
  return { AllocationId, PublicIp, Domain, NetworkBorderGroup, PublicIpv4Pool: "amazon" };
};

const releaseAddress: Action<ReleaseAddressCommandInput, ReleaseAddressCommandOutput> = (input, context) => {
  if (input.AllocationId === undefined && input.PublicIp === undefined) throw missingParameter("AllocationId");
  const address =
    input.AllocationId === undefined && input.PublicIp !== undefined
      ? addressByPublicIp(input.PublicIp, context)
      : named(addressDescription, "AllocationId", input.AllocationId, context);
  if (address.AssociationId !== undefined) {
    throw new AwsError("InvalidIPAddress.InUse", `Address ${address.PublicIp} is in use.`);
  }
  context.delete("address", address.AllocationId);
  forgetTags(context, address.AllocationId);
  return {};
};

/** Without pages, as AWS's. */
const describeAddresses: Action<DescribeAddressesCommandInput, DescribeAddressesCommandOutput> = (input, context) => {
  const byAddress = (input.PublicIps ?? []).map((publicIp) => addressByPublicIp(publicIp, context).AllocationId);
  const ids = [...(input.AllocationIds ?? []), ...byAddress];
  const { records } = describe(addressDescription, ids, { Filters: input.Filters }, context);
  return { Addresses: records.map((address) => addressToApi(address, context)) };
};

/** Reverse DNS names cannot be set here, so none is shown. */
const describeAddressesAttribute: Action<
  DescribeAddressesAttributeCommandInput,
  DescribeAddressesAttributeCommandOutput
> = (input, context) => {
  if (input.Attribute !== undefined && input.Attribute !== "domain-name") {
    throw invalidParameterCombination(`The attribute '${input.Attribute}' is not an attribute of addresses.`);
  }
  const { MaxResults, NextToken: token } = input;
  const { records, NextToken } = describe(
    addressDescription,
    input.AllocationIds,
    { MaxResults: input.AllocationIds?.length ? undefined : MaxResults, NextToken: token },
    context,
  );
  return { Addresses: records.map(({ AllocationId, PublicIp }) => ({ AllocationId, PublicIp })), NextToken };
};

export const addressActions = {
  AllocateAddress: allocateAddress,
  ReleaseAddress: releaseAddress,
  AssociateAddress: associateAddress,
  DisassociateAddress: disassociateAddress,
  DescribeAddresses: describeAddresses,
  DescribeAddressesAttribute: describeAddressesAttribute,
} satisfies Actions;
