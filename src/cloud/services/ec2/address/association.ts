/** AssociateAddress and DisassociateAddress. [EI-1, EI-2] */
import type {
  AssociateAddressCommandInput,
  AssociateAddressCommandOutput,
  DisassociateAddressCommandInput,
  DisassociateAddressCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  authFailure,
  ec2Errors,
  invalidParameterCombination,
  invalidParameterValue,
  isWellFormedId,
  missingParameter,
} from "../../../../aws/index.ts";
import { canonicalAddress } from "../../../../ip/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import type { NetworkInterfaceRecord } from "../network-interface/record.ts";
import { named } from "../required.ts";
import { addressByPublicIp, addressDescription } from "./describe.ts";
import { mapAddress, unmapAddress } from "./mapping.ts";
import type { AddressRecord } from "./record.ts";

export const associateAddress: Action<AssociateAddressCommandInput, AssociateAddressCommandOutput> = (
  input,
  context,
) => {
  const address = addressNamed(input, context);
  const networkInterface = targetInterface(input, context);
  const PrivateIpAddress = targetPrivateAddress(networkInterface, input.PrivateIpAddress);
  const { NetworkInterfaceId, VpcId } = networkInterface;
  if (context.by("internetGateway", "vpc", VpcId).length === 0) {
    throw new AwsError("Gateway.NotAttached", `Network ${VpcId} is not attached to any internet gateway`);
  }
  if (address.AssociationId !== undefined) {
    if (address.NetworkInterfaceId === NetworkInterfaceId && address.PrivateIpAddress === PrivateIpAddress) {
      return { AssociationId: address.AssociationId };
    }
    refuseServiceManaged(address, context);
    if (input.AllowReassociation !== true) {
      throw new AwsError(
        "Resource.AlreadyAssociated",
        `resource ${address.AllocationId} is already associated with associate-id ${address.AssociationId}`,
      );
    }
  }
  return { AssociationId: mapAddress(context, address, { NetworkInterfaceId, PrivateIpAddress }).AssociationId };
};

export const disassociateAddress: Action<DisassociateAddressCommandInput, DisassociateAddressCommandOutput> = (
  input,
  context,
) => {
  const address = associatedAddress(input, context);
  refuseServiceManaged(address, context);
  unmapAddress(context, address);
  return {};
};

function addressNamed(input: AssociateAddressCommandInput, context: ActionContext): AddressRecord {
  if (input.AllocationId !== undefined && input.PublicIp !== undefined) {
    throw invalidParameterCombination("Only one of AllocationId and PublicIp may be specified.");
  }
  if (input.PublicIp !== undefined) return addressByPublicIp(input.PublicIp, context);
  return named(addressDescription, "AllocationId", input.AllocationId, context);
}

function targetInterface(input: AssociateAddressCommandInput, context: ActionContext): NetworkInterfaceRecord {
  const { InstanceId, NetworkInterfaceId } = input;
  if (InstanceId !== undefined && NetworkInterfaceId !== undefined) {
    throw invalidParameterCombination("Only one of InstanceId and NetworkInterfaceId may be specified.");
  }
  if (InstanceId !== undefined) return onlyInterface(InstanceId, context);
  if (NetworkInterfaceId === undefined) throw missingParameter("NetworkInterfaceId or InstanceId");
  if (!isWellFormedId("eni", NetworkInterfaceId)) throw ec2Errors.malformed("network-interface", NetworkInterfaceId);
  const { accountId, region } = context.caller;
  const record = context.visible("networkInterface", NetworkInterfaceId, accountId, region);
  if (record === undefined) throw ec2Errors.notFound("network-interface", NetworkInterfaceId);
  if (record.RequesterManaged) throw noPermission();
  return record;
}

function onlyInterface(instanceId: string, context: ActionContext): NetworkInterfaceRecord {
  if (!isWellFormedId("i", instanceId)) throw ec2Errors.malformed("instance", instanceId);
  const { accountId, region } = context.caller;
  const instance = context.visible("instance", instanceId, accountId, region);
  if (instance === undefined) throw ec2Errors.notFound("instance", instanceId);
  if (instance.State === "pending" || instance.State === "shutting-down" || instance.State === "terminated") {
    throw new AwsError(
      "InvalidInstanceID",
      `The ${instance.State} instance '${instanceId}' is not in a valid state for this operation.`,
    );
  }
  const [only, ...others] = context.by("networkInterface", "instance", instanceId);
  if (only === undefined) throw new Error(`bug: ${instanceId} has no network interface`);
  if (others.length > 0) {
    throw new AwsError(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${instanceId}'. Please specify an interface ID for the operation instead.`,
    );
  }
  return only;
}

function targetPrivateAddress(
  { NetworkInterfaceId, PrivateIpAddresses }: NetworkInterfaceRecord,
  wanted?: string,
): string {
  const text = wanted === undefined ? undefined : canonicalAddress(wanted);
  const found =
    wanted === undefined
      ? PrivateIpAddresses.find(({ Primary }) => Primary)
      : PrivateIpAddresses.find(({ PrivateIpAddress }) => PrivateIpAddress === text);
  if (found === undefined) {
    throw invalidParameterValue(
      `The private IP address ${wanted} is not assigned to the network interface ${NetworkInterfaceId}.`,
    );
  }
  return found.PrivateIpAddress;
}

function associatedAddress(input: DisassociateAddressCommandInput, context: ActionContext): AddressRecord {
  if (input.AssociationId === undefined) {
    if (input.PublicIp === undefined) throw missingParameter("AssociationId");
    const address = addressByPublicIp(input.PublicIp, context);
    if (address.AssociationId === undefined) throw ec2Errors.notFound("elastic-ip-association", input.PublicIp);
    return address;
  }
  const id = input.AssociationId;
  if (!isWellFormedId("eipassoc", id)) throw ec2Errors.malformed("elastic-ip-association", id);
  const { accountId, region } = context.caller;
  const [address] = context
    .by("address", "association", id)
    .filter(({ AllocationId }) => context.visible("address", AllocationId, accountId, region) !== undefined);
  if (address === undefined) throw ec2Errors.notFound("elastic-ip-association", id);
  return address;
}

/** The address of a NAT gateway is not to be taken from it. */
function refuseServiceManaged({ NetworkInterfaceId }: AddressRecord, context: ActionContext): void {
  if (NetworkInterfaceId === undefined) return;
  if (context.get("networkInterface", NetworkInterfaceId)?.RequesterManaged === true) throw noPermission();
}

function noPermission(): AwsError {
  return authFailure("You do not have permission to access the specified resource.");
}
