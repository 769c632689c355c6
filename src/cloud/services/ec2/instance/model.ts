/** An instance in the network model. Terminated ones are not there any more. [IN-1] */
import type { Instance, InstanceId, SubnetId, VpcId } from "../../../../model/index.ts";
import { ownName } from "../../../model-name.ts";
import type { StateView } from "../../../state/state.ts";
import { associationOf } from "../network-interface/public-addresses.ts";
import type { InstanceRecord } from "./record.ts";
import { interfacesOf } from "./to-api.ts";

export function projectInstance(record: InstanceRecord, view: StateView): Instance | undefined {
  if (record.State === "terminated") return undefined;
  const name = ownName(record, record.InstanceId, view);
  const [primary] = interfacesOf(view, record.InstanceId);
  const [address] = primary?.PrivateIpAddresses ?? [];
  const publicDnsName =
    primary === undefined || address === undefined ? undefined : associationOf(view, primary, address)?.PublicDnsName;
  return {
    // Ids were made with these prefixes by the state itself.
    instanceId: record.InstanceId as InstanceId,
    ownerId: record.OwnerId,
    region: record.Region,
    ...(name === undefined ? {} : { name }),
    vpcId: record.VpcId as VpcId,
    subnetId: record.SubnetId as SubnetId,
    state: record.State,
    imageId: record.ImageId,
    instanceType: record.InstanceType,
    availabilityZone: record.AvailabilityZone,
    privateDnsName: record.PrivateDnsName,
    ...(publicDnsName ? { publicDnsName } : {}),
    ...(record.KeyName === undefined ? {} : { keyName: record.KeyName }),
    ...(record.IamInstanceProfile === undefined ? {} : { iamInstanceProfileArn: record.IamInstanceProfile.Arn }),
    launchTime: new Date(record.LaunchTime).toISOString(),
  };
}
