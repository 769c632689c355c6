/** AWS::EC2::InternetGateway. */
import type { CreateInternetGatewayCommandOutput } from "@aws-sdk/client-ec2";
import { type ResourceTag, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

export const internetGatewayType = resourceType<{ readonly Tags?: readonly ResourceTag[] }>({
  name: "AWS::EC2::InternetGateway",
  properties: ["Tags"],
  create(work) {
    const { InternetGateway } = work.call<CreateInternetGatewayCommandOutput>("ec2:CreateInternetGateway", {
      TagSpecifications: tagsFor("internet-gateway", work),
    });
    const id = InternetGateway?.InternetGatewayId ?? "";
    work.tagAsOwn("internet-gateway", id);
    return id;
  },
  update: (work) => changeTags(work),
  delete: (work) => void work.call("ec2:DeleteInternetGateway", { InternetGatewayId: work.physicalId }),
  attributes: ({ physicalId }) => ({ InternetGatewayId: physicalId }),
});
