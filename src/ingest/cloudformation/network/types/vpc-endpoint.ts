/** AWS::EC2::VPCEndpoint: an interface in each subnet, or a route that this version does not follow. */
import type { RouteTable } from "../../../../model/index.ts";
import { NotTold, needed } from "../given.ts";
import { change, neededThing } from "../network-draft.ts";
import { groupsOr } from "./instance.ts";
import { addInterface } from "./interfaces.ts";
import type { NetworkType } from "./network-type.ts";

export const vpcEndpointType: NetworkType = {
  name: "AWS::EC2::VPCEndpoint",
  prefix: "vpce",
  idAttributes: ["Id"],
  build(resource, draft) {
    const given = resource.properties();
    const vpcEndpointId = resource.id("vpce");
    const type = given.text("VpcEndpointType") ?? "Gateway";
    if (type === "Interface") {
      for (const [index, subnetId] of given.ids("SubnetIds", "subnet").entries()) {
        const subnet = neededThing(draft.subnets, subnetId);
        addInterface(draft, resource, {
          networkInterfaceId: resource.id("eni", String(index)),
          subnet,
          addresses: [],
          ipv6Addresses: [],
          ipv6Count: 0,
          securityGroupIds: groupsOr(given.ids("SecurityGroupIds", "sg"), subnet, draft),
          sourceDestCheck: true,
          interfaceType: "vpc_endpoint",
          attachment: { deviceIndex: 1 },
          part: `interface in ${draft.resource(subnetId)?.logicalId ?? subnetId}`,
        });
      }
      return;
    }
    if (type !== "Gateway") throw new NotTold(`an endpoint of the type ${type} is not modelled`);
    draft.unknown(vpcEndpointId, "a gateway endpoint: not modelled");
    const list = listOf(needed("ServiceName", given.text("ServiceName")));
    for (const tableId of given.ids("RouteTableIds", "rtb")) {
      change<RouteTable>(draft.routeTables, tableId, (table) => ({
        ...table,
        routes: [
          ...table.routes,
          {
            destination: { kind: "prefix-list", prefixListId: list },
            target: { kind: "other", id: vpcEndpointId },
            state: "active",
            origin: "CreateRoute",
          },
        ],
      }));
    }
    draft.unknown(list, `the addresses of ${given.text("ServiceName")}, which AWS keeps`);
  },
};

/** Which addresses a service has is AWS's to know. */
function listOf(serviceName: string): `pl-${string}` {
  return `pl-of-${serviceName.replaceAll(/[^0-9A-Za-z]+/g, "-")}`;
}
