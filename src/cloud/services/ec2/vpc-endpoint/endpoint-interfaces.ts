/** The network interfaces of an endpoint: one for each subnet, one subnet for each zone. [PL-21, PL-30, AD-57] */
import { AwsError, invalidParameterValue } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { createNetworkInterface } from "../network-interface/create-network-interface.ts";
import { named } from "../required.ts";
import { subnetDescription } from "../subnet/describe.ts";
import type { SubnetRecord } from "../subnet/record.ts";
import type { VpcEndpointRecord } from "./record.ts";

/** The account that AWS runs endpoints from, as their interfaces show it. */
const requesterId = "727180483921";

/** Makes the interfaces in these subnets. Refuses a subnet of another VPC, and one in a zone that has one already. */
export function addInterfaces(
  endpoint: Pick<VpcEndpointRecord, "VpcEndpointId" | "VpcId" | "Groups" | "Interfaces">,
  subnetIds: readonly string[],
  context: ActionContext,
): VpcEndpointRecord["Interfaces"] {
  const zones = new Set(endpoint.Interfaces.map(({ SubnetId }) => context.must("subnet", SubnetId).AvailabilityZone));
  const added = subnetIds.map((id) => {
    const subnet = named(subnetDescription, "SubnetId", id, context);
    checkSubnet(subnet, endpoint.VpcId, zones);
    zones.add(subnet.AvailabilityZone);
    return { SubnetId: subnet.SubnetId, NetworkInterfaceId: newInterface(subnet, endpoint, context) };
  });
  return [...endpoint.Interfaces, ...added];
}

function checkSubnet({ SubnetId, VpcId, AvailabilityZone }: SubnetRecord, vpcId: string, taken: ReadonlySet<string>) {
  if (VpcId !== vpcId) throw invalidParameterValue(`The subnet ${SubnetId} does not belong to the VPC ${vpcId}.`);
  if (!taken.has(AvailabilityZone)) return;
  throw new AwsError(
    "DuplicateSubnetsInSameZone",
    `Found another VPC endpoint subnet in the availability zone of ${SubnetId}`,
  );
}

function newInterface(
  subnet: SubnetRecord,
  { VpcEndpointId, Groups }: Pick<VpcEndpointRecord, "VpcEndpointId" | "Groups">,
  context: ActionContext,
): string {
  const { NetworkInterfaceId } = createNetworkInterface(context, {
    subnet,
    description: `VPC Endpoint Interface ${VpcEndpointId}`,
    groups: Groups,
    ipv6AddressCount: 0,
    interfaceType: "vpc_endpoint",
    requesterId,
    attachment: {
      AttachmentId: context.newId("ela-attach"),
      InstanceOwnerId: "amazon-aws",
      DeviceIndex: 1,
      DeleteOnTermination: false,
      AttachTime: context.now,
    },
  });
  return NetworkInterfaceId;
}
