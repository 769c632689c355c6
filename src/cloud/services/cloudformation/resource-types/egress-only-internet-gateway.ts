/** AWS::EC2::EgressOnlyInternetGateway. */
import type { CreateEgressOnlyInternetGatewayCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

export const egressOnlyInternetGatewayType = resourceType<{
  readonly VpcId: string;
  readonly Tags?: readonly ResourceTag[];
}>({
  name: "AWS::EC2::EgressOnlyInternetGateway",
  properties: ["VpcId", "Tags"],
  create(work) {
    const answer = work.call<CreateEgressOnlyInternetGatewayCommandOutput>("ec2:CreateEgressOnlyInternetGateway", {
      VpcId: work.properties.VpcId,
      TagSpecifications: tagsFor("egress-only-internet-gateway", work),
    });
    const id = answer.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId ?? "";
    work.tagAsOwn("egress-only-internet-gateway", id);
    return id;
  },
  update: (work) => changeTags(work),
  delete({ call, physicalId }) {
    call("ec2:DeleteEgressOnlyInternetGateway", { EgressOnlyInternetGatewayId: physicalId });
  },
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});
