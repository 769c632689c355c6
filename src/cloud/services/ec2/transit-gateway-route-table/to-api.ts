/** A route of a transit gateway as the API shows it. [TG-50] */
import type { TransitGatewayRoute } from "@aws-sdk/client-ec2";
import type { EffectiveRoute } from "./effective-routes.ts";

export function toRoute(route: EffectiveRoute): TransitGatewayRoute {
  const { DestinationCidrBlock, PrefixListId, Type, State, attachment } = route;
  return {
    DestinationCidrBlock,
    ...(PrefixListId !== undefined && { PrefixListId }),
    ...(attachment && {
      TransitGatewayAttachments: [
        {
          ResourceId: attachment.ResourceId,
          TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId,
          ResourceType: attachment.ResourceType,
        },
      ],
    }),
    Type,
    State,
  };
}
