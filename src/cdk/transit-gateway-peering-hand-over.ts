/** The hand-over sheet of a transit gateway peering: what an accepter of another account does. */
import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { HandOverSheetProps } from "./hand-over-sheet.ts";
import { inText, sheetText, templateWord, type Value, word } from "./sheet.ts";
import type { ITransitGatewayHub } from "./transit-gateway-hub.ts";

export interface TransitGatewayPeeringHandOver {
  readonly requester: ITransitGatewayHub;
  readonly accepter: ITransitGatewayHub;
  readonly requesterCidrBlocks: readonly string[];
  readonly attachmentId: string;
}

export function transitGatewayPeeringHandOver(
  scope: Construct,
  told: TransitGatewayPeeringHandOver,
): HandOverSheetProps {
  const { requester, accepter, requesterCidrBlocks, attachmentId } = told;
  const aws = `aws ec2 --region ${inText(accepter.region, '"$AWS_REGION"')}`;
  const output = `output TransitGatewayAttachmentId of ${scope.node.path}, stack ${Stack.of(scope).stackName}`;
  // Within one Region the accepter's attachment has an id of its own. [TG-62]
  const from = requester.region === accepter.region ? "yours of describe-transit-gateway-peering-attachments" : output;
  const attachment: Value = {
    value: requester.region === accepter.region ? undefined : attachmentId,
    name: "AttachmentId",
    from,
  };
  const table: Value = {
    value: undefined,
    name: "RouteTableId",
    from: "the gateway's route table of what is to talk to the other side",
  };
  const blocks = requesterCidrBlocks.map((value, index) => ({
    value,
    name: `Block${index + 1}`,
    from: "an address block of the other side",
  }));
  const routeWords = (block: Value) =>
    `--transit-gateway-route-table-id ${word(table)} --destination-cidr-block ${word(block)}`;
  const id = `--transit-gateway-attachment-id ${word(attachment)}`;
  const accept = `${aws} accept-transit-gateway-peering-attachment --transit-gateway-attachment-id`;
  const text = sheetText({
    title: `Transit gateway peering: the part of ${inText(accepter.transitGatewayId, "the accepter")}`,
    introduction: [
      `For the owner of ${inText(accepter.transitGatewayId, "the gateway that is asked")} (account ${inText(accepter.ownerId, "of yours")},`,
      `Region ${inText(accepter.region, "of yours")}). The request waits until it is accepted; after that the attachment is \`pending\``,
      "for minutes. Associate and route when it is `available`.",
    ].join(" "),
    values: [attachment, table, ...blocks],
    commands: [
      `${accept} ${word(attachment)}`,
      `${aws} associate-transit-gateway-route-table --transit-gateway-route-table-id ${word(table)} ${id}`,
      ...blocks.map((block) => `${aws} create-transit-gateway-route ${routeWords(block)} ${id}`),
    ],
    resources: Object.fromEntries([
      [
        "Association",
        [
          "Type: AWS::EC2::TransitGatewayRouteTableAssociation",
          "Properties:",
          `  TransitGatewayAttachmentId: ${templateWord(attachment)}`,
          `  TransitGatewayRouteTableId: ${templateWord(table)}`,
        ],
      ] as const,
      ...blocks.map(
        (block, index) =>
          [
            `Route${index + 1}`,
            [
              "Type: AWS::EC2::TransitGatewayRoute",
              "Properties:",
              `  TransitGatewayRouteTableId: ${templateWord(table)}`,
              `  DestinationCidrBlock: ${templateWord(block)}`,
              `  TransitGatewayAttachmentId: ${templateWord(attachment)}`,
            ],
          ] as const,
      ),
    ]),
    undo: [
      ...blocks.map((block) => `${aws} delete-transit-gateway-route ${routeWords(block)}`),
      `${aws} disassociate-transit-gateway-route-table --transit-gateway-route-table-id ${word(table)} ${id}`,
    ],
  });
  const firstCommand =
    requester.region === accepter.region
      ? `${aws} describe-transit-gateway-peering-attachments --filters Name=transit-gateway-id,Values=${accepter.transitGatewayId}`
      : `${accept} ${attachmentId}`;
  return { text, firstCommand };
}
