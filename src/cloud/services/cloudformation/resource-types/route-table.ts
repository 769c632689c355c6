/** AWS::EC2::RouteTable. */
import type { CreateRouteTableCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

export const routeTableType = resourceType<{ readonly VpcId: string; readonly Tags?: readonly ResourceTag[] }>({
  name: "AWS::EC2::RouteTable",
  properties: ["VpcId", "Tags"],
  create(work) {
    const { RouteTable } = work.call<CreateRouteTableCommandOutput>("ec2:CreateRouteTable", {
      VpcId: work.properties.VpcId,
      TagSpecifications: tagsFor("route-table", work),
    });
    const id = RouteTable?.RouteTableId ?? "";
    work.tagAsOwn("route-table", id);
    return id;
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteRouteTable", { RouteTableId: work.physicalId }),
  attributes: ({ physicalId }) => ({ RouteTableId: physicalId }),
});
