/** The NAT gateway actions of EC2. What is wrong with the network around a gateway shows only later, when it fails. [NG-1, NG-2, NG-8] */
import type {
  CreateNatGatewayCommandInput,
  CreateNatGatewayCommandOutput,
  DeleteNatGatewayCommandInput,
  DeleteNatGatewayCommandOutput,
  DescribeNatGatewaysCommandInput,
  DescribeNatGatewaysCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
} from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { mapAddress } from "../address/mapping.ts";
import type { AddressRecord } from "../address/record.ts";
import { describe } from "../describe.ts";
import { createNetworkInterface } from "../network-interface/create-network-interface.ts";
import { named, required } from "../required.ts";
import { availableIpAddressCount } from "../subnet/addresses.ts";
import { subnetDescription } from "../subnet/describe.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import { tagNewResource } from "../tag/tags.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { checkQuota } from "../vpc/quotas.ts";
import { natGatewayDescription, natGatewayToApi } from "./describe.ts";
import type { NatGatewayRecord } from "./record.ts";

/** The account that AWS runs NAT gateways from, as their interfaces show it. */
const requesterId = "062328495474";

const createNatGateway: Action<CreateNatGatewayCommandInput, CreateNatGatewayCommandOutput> = (input, context) => {
  refuseUnmodelled("CreateNatGateway", {
    AvailabilityMode: input.AvailabilityMode === "zonal" ? undefined : input.AvailabilityMode,
    VpcId: input.VpcId,
    AvailabilityZoneAddresses: input.AvailabilityZoneAddresses,
    SecondaryAllocationIds: input.SecondaryAllocationIds,
    SecondaryPrivateIpAddresses: input.SecondaryPrivateIpAddresses,
    SecondaryPrivateIpAddressCount: input.SecondaryPrivateIpAddressCount,
  });
  const subnet = named(subnetDescription, "SubnetId", input.SubnetId, context);
  const ConnectivityType = checkedConnectivity(input.ConnectivityType);
  const AllocationId = checkedAllocationId(ConnectivityType, input.AllocationId);
  checkQuota("natGatewaysPerAvailabilityZone", gatewaysInZone(subnet, context) + 1);
  const failure = failureOf(subnet, AllocationId, context);
  const base: NatGatewayRecord = {
    OwnerId: subnet.OwnerId,
    Region: subnet.Region,
    CreatedAt: context.now,
    NatGatewayId: context.newId("nat"),
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    ConnectivityType,
    State: "pending",
    ...(AllocationId === undefined ? {} : { AllocationId }),
  };
  const gateway =
    failure === undefined ? connected(base, subnet, input.PrivateIpAddress, context) : { ...base, ...failure };
  context.put("natGateway", gateway);
  tagNewResource(context, input.TagSpecifications, "natgateway", gateway.NatGatewayId);
  return { NatGateway: natGatewayToApi(gateway, context), ClientToken: input.ClientToken };
};

const deleteNatGateway: Action<DeleteNatGatewayCommandInput, DeleteNatGatewayCommandOutput> = (input, context) => {
  const gateway = named(natGatewayDescription, "NatGatewayId", input.NatGatewayId, context);
  if (gateway.State === "deleted") throw ec2Errors.notFound("natgateway", gateway.NatGatewayId);
  // One that is being deleted already is left to it.
  context.fire("natGateway", gateway, "DeleteNatGateway");
  return { NatGatewayId: gateway.NatGatewayId };
};

const describeNatGateways: Action<DescribeNatGatewaysCommandInput, DescribeNatGatewaysCommandOutput> = (
  input,
  context,
) => {
  const { Filter: Filters, MaxResults, NextToken: token } = input;
  const { records, NextToken } = describe(
    natGatewayDescription,
    input.NatGatewayIds,
    { Filters, MaxResults, NextToken: token },
    context,
  );
  return { NatGateways: records.map((gateway) => natGatewayToApi(gateway, context)), NextToken };
};

export const natGatewayActions = {
  CreateNatGateway: createNatGateway,
  DeleteNatGateway: deleteNatGateway,
  DescribeNatGateways: describeNatGateways,
} satisfies Actions;

/** The gateway with its interface in the subnet, and the Elastic IP on it. [AD-57] */
function connected(
  gateway: NatGatewayRecord,
  subnet: SubnetRecord,
  privateIpAddress: string | undefined,
  context: ActionContext,
): NatGatewayRecord {
  const networkInterface = createNetworkInterface(context, {
    subnet,
    description: `Interface for NAT Gateway ${gateway.NatGatewayId}`,
    groups: [],
    privateIpAddress,
    sourceDestCheck: false,
    interfaceType: "natGateway",
    requesterId,
    attachment: {
      AttachmentId: context.newId("ela-attach"),
      InstanceOwnerId: "amazon-aws",
      DeviceIndex: 1,
      DeleteOnTermination: false,
      AttachTime: context.now,
    },
  });
  const { NetworkInterfaceId } = networkInterface;
  const PrivateIp = required("PrivateIpAddress", networkInterface.PrivateIpAddresses[0]?.PrivateIpAddress);
  const base = { ...gateway, NetworkInterfaceId, PrivateIp };
  const address = gateway.AllocationId === undefined ? undefined : context.must("address", gateway.AllocationId);
  if (address === undefined) return base;
  const { AssociationId, PublicIp } = mapAddress(context, address, { NetworkInterfaceId, PrivateIpAddress: PrivateIp });
  return { ...base, AssociationId, PublicIp };
}

type Failure = Pick<NatGatewayRecord, "FailureCode" | "FailureMessage">;

/** Why the gateway will fail, if it will. [NG-2] */
function failureOf(
  subnet: SubnetRecord,
  allocationId: string | undefined,
  context: ActionContext,
): Failure | undefined {
  if (allocationId !== undefined) {
    const { accountId, region } = context.caller;
    const address: AddressRecord | undefined = context.visible("address", allocationId, accountId, region);
    if (context.by("internetGateway", "vpc", subnet.VpcId).length === 0) {
      return {
        FailureCode: "Gateway.NotAttached",
        FailureMessage: `Network ${subnet.VpcId} has no Internet gateway attached`,
      };
    }
    if (address === undefined) {
      return {
        FailureCode: "InvalidAllocationID.NotFound",
        FailureMessage: `Elastic IP address ${allocationId} could not be associated with this NAT gateway`,
      };
    }
    if (address.AssociationId !== undefined) {
      return {
        FailureCode: "Resource.AlreadyAssociated",
        FailureMessage: `Elastic IP address ${allocationId} is already associated`,
      };
    }
  }
  if (availableIpAddressCount(context, subnet) === 0) {
    return {
      FailureCode: "InsufficientFreeAddressesInSubnet",
      FailureMessage: "Subnet has insufficient free addresses to create this NAT gateway",
    };
  }
  return undefined;
}

function checkedConnectivity(type: string | undefined): NatGatewayRecord["ConnectivityType"] {
  if (type === undefined || type === "public") return "public";
  if (type === "private") return "private";
  throw invalidParameterValue(
    `Value (${type}) for parameter connectivityType is invalid. Valid values are 'public' and 'private'.`,
  );
}

function checkedAllocationId(type: NatGatewayRecord["ConnectivityType"], id: string | undefined): string | undefined {
  if (type === "private") {
    if (id === undefined) return undefined;
    throw invalidParameterCombination("An AllocationId cannot be specified for a private NAT gateway.");
  }
  const allocationId = required("AllocationId", id);
  if (!isWellFormedId("eipalloc", allocationId)) throw ec2Errors.malformed("elastic-ip", allocationId);
  return allocationId;
}

/** Those that count: failed and deleted ones do not. [NG-2, NG-8] */
function gatewaysInZone({ AvailabilityZone }: SubnetRecord, context: ActionContext): number {
  const { accountId, region } = context.caller;
  return context
    .inScope("natGateway", accountId, region)
    .filter(
      ({ State, SubnetId }) =>
        State !== "failed" &&
        State !== "deleted" &&
        context.get("subnet", SubnetId)?.AvailabilityZone === AvailabilityZone,
    ).length;
}
