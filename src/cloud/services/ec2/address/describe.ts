/** Elastic IP addresses as the API shows them, and how they are found: by allocation id, or by the address itself. */
import type { Address } from "@aws-sdk/client-ec2";
import { ec2Errors } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import type { AddressRecord } from "./record.ts";

export const addressDescription: DescribeDefinition<"address"> = {
  table: "address",
  kind: "elastic-ip",
  idPrefix: "eipalloc",
  filters: {
    "allocation-id": (address) => address.AllocationId,
    "association-id": (address) => address.AssociationId,
    domain: (address) => address.Domain,
    "instance-id": (address, context) => instanceOf(address, context),
    "network-border-group": (address) => address.NetworkBorderGroup,
    "network-interface-id": (address) => address.NetworkInterfaceId,
    "network-interface-owner-id": (address, context) => interfaceOwner(address, context),
    "private-ip-address": (address) => address.PrivateIpAddress,
    "public-ip": (address) => address.PublicIp,
  },
};

/** The caller's address of this text. Throws `InvalidAddress.NotFound`. */
export function addressByPublicIp(publicIp: string, context: ActionContext): AddressRecord {
  const { accountId, region } = context.caller;
  const [address] = context
    .by("address", "publicIp", publicIp)
    .filter(({ AllocationId }) => context.visible("address", AllocationId, accountId, region) !== undefined);
  if (address === undefined) throw ec2Errors.notFound("address", publicIp);
  return address;
}

export function addressToApi(address: AddressRecord, context: ActionContext): Address {
  const InstanceId = instanceOf(address, context);
  return {
    AllocationId: address.AllocationId,
    PublicIp: address.PublicIp,
    PublicIpv4Pool: "amazon",
    Domain: address.Domain,
    NetworkBorderGroup: address.NetworkBorderGroup,
    ...(address.AssociationId === undefined
      ? {}
      : {
          AssociationId: address.AssociationId,
          NetworkInterfaceId: address.NetworkInterfaceId,
          NetworkInterfaceOwnerId: interfaceOwner(address, context),
          PrivateIpAddress: address.PrivateIpAddress,
          ...(InstanceId === undefined ? {} : { InstanceId }),
        }),
    Tags: tagsOf(context, address.AllocationId),
  };
}

function instanceOf({ NetworkInterfaceId }: AddressRecord, view: Pick<StateView, "get">): string | undefined {
  if (NetworkInterfaceId === undefined) return undefined;
  return view.get("networkInterface", NetworkInterfaceId)?.Attachment?.InstanceId;
}

function interfaceOwner({ NetworkInterfaceId }: AddressRecord, view: Pick<StateView, "get">): string | undefined {
  return NetworkInterfaceId === undefined ? undefined : view.get("networkInterface", NetworkInterfaceId)?.OwnerId;
}
