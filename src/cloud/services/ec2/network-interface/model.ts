/** A network interface in the network model. */
import type {
  InstanceId,
  NetworkInterface,
  NetworkInterfaceId,
  SecurityGroupId,
  SubnetId,
  VpcId,
} from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { publicIpOf } from "./public-addresses.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

/** An interface on its way to or from an instance is not attached: it neither sends nor receives. [AD-55] */
export function projectNetworkInterface(record: NetworkInterfaceRecord, view: StateView): NetworkInterface {
  const { Attachment } = record;
  const name = ownName(record, record.NetworkInterfaceId, view);
  return {
    // Ids were made with these prefixes by the state itself.
    networkInterfaceId: record.NetworkInterfaceId as NetworkInterfaceId,
    ownerId: record.OwnerId,
    region: record.Region,
    ...(name === undefined ? {} : { name }),
    vpcId: record.VpcId as VpcId,
    subnetId: record.SubnetId as SubnetId,
    macAddress: record.MacAddress,
    privateAddresses: record.PrivateIpAddresses.map((address) => {
      const publicIp = publicIpOf(view, record, address);
      return {
        address: address.PrivateIpAddress,
        primary: address.Primary,
        ...(publicIp === undefined ? {} : { publicIp }),
      };
    }),
    ipv6Addresses: record.Ipv6Addresses,
    securityGroupIds: record.Groups as readonly SecurityGroupId[],
    sourceDestCheck: record.SourceDestCheck,
    interfaceType: record.InterfaceType,
    ...(Attachment !== undefined && record.Status === "in-use"
      ? {
          attachment: {
            ...(Attachment.InstanceId === undefined ? {} : { instanceId: Attachment.InstanceId as InstanceId }),
            deviceIndex: Attachment.DeviceIndex,
          },
        }
      : {}),
  };
}
