/** What the owner of the other side is told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { expect, test } from "vitest";
import { NetworkSide, PrivateVpc, TransitGatewayHub, TransitGatewayPeering, VpcPeering } from "./index.ts";

const [one, two] = ["111111111111", "222222222222"] as const;

function stackOf(): Stack {
  return new Stack(new App(), "Ours", { env: { account: one, region: "us-east-1" } });
}

function appOf(stack: Stack): App {
  const { root } = stack.node;
  if (!App.isApp(root)) throw new Error("not in an app");
  return root;
}

test("a peering's sheet names every step of the other side, by command and by template, and lies beside the template", () => {
  const stack = stackOf();
  const ours = new PrivateVpc(stack, "Vpc", { cidrBlock: "10.1.0.0/16" });
  const { handOverSheet: sheet } = new VpcPeering(stack, "Peering", {
    requester: ours.side,
    accepter: NetworkSide.fromAttributes({
      vpcId: "vpc-0bbbbbbbbbbbbbbbb",
      cidrBlocks: ["10.2.0.0/16"],
      ownerId: two,
      region: "eu-west-1",
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, "Theirs", "sg-0bbbbbbbbbbbbbbbb")],
      ports: [ec2.Port.tcp(443)],
      allowDnsResolutionFromRemoteVpc: true,
    }),
  });
  const assembly = appOf(stack).synth();
  const text = readFileSync(join(assembly.directory, sheet?.fileName ?? ""), "utf8");
  expect(text).toBe(sheet?.text);
  expect(text).toMatchInlineSnapshot(`
    "# Peering: the part of vpc-0bbbbbbbbbbbbbbbb

    For the owner of vpc-0bbbbbbbbbbbbbbbb (account 222222222222, Region eu-west-1), which is peered with ours. Until this is done no packet arrives.

    ## With the AWS CLI

    \`\`\`sh
    PeeringId=... # output VpcPeeringConnectionId of Ours/Peering, stack Ours
    RouteTable1=... # a route table of subnets that are to answer (each of them needs the route)
    aws ec2 --region eu-west-1 accept-vpc-peering-connection --vpc-peering-connection-id "$PeeringId"
    aws ec2 --region eu-west-1 create-route --route-table-id "$RouteTable1" --destination-cidr-block 10.1.0.0/16 --vpc-peering-connection-id "$PeeringId"
    aws ec2 --region eu-west-1 authorize-security-group-ingress --group-id sg-0bbbbbbbbbbbbbbbb --ip-permissions "IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=10.1.0.0/16}]"
    aws ec2 --region eu-west-1 modify-vpc-peering-connection-options --vpc-peering-connection-id "$PeeringId" --accepter-peering-connection-options AllowDnsResolutionFromRemoteVpc=true
    \`\`\`

    ## Or with CloudFormation, after the acceptance

    \`\`\`yaml
    Parameters:
      PeeringId:
        Type: String
        Description: output VpcPeeringConnectionId of Ours/Peering, stack Ours
      RouteTable1:
        Type: String
        Description: a route table of subnets that are to answer (each of them needs the route)
    Resources:
      Route1:
        Type: AWS::EC2::Route
        Properties:
          RouteTableId: !Ref RouteTable1
          DestinationCidrBlock: "10.1.0.0/16"
          VpcPeeringConnectionId: !Ref PeeringId
      Rule1:
        Type: AWS::EC2::SecurityGroupIngress
        Properties:
          GroupId: sg-0bbbbbbbbbbbbbbbb
          IpProtocol: "tcp"
          FromPort: 443
          ToPort: 443
          CidrIp: "10.1.0.0/16"
    \`\`\`

    ## To undo it

    \`\`\`sh
    PeeringId=... # output VpcPeeringConnectionId of Ours/Peering, stack Ours
    RouteTable1=... # a route table of subnets that are to answer (each of them needs the route)
    aws ec2 --region eu-west-1 revoke-security-group-ingress --group-id sg-0bbbbbbbbbbbbbbbb --ip-permissions "IpProtocol=tcp,FromPort=443,ToPort=443,IpRanges=[{CidrIp=10.1.0.0/16}]"
    aws ec2 --region eu-west-1 delete-route --route-table-id "$RouteTable1" --destination-cidr-block 10.1.0.0/16
    \`\`\`
    "
  `);
  Template.fromStack(stack).hasOutput("*", {
    Value: {
      "Fn::Join": [
        "",
        ["aws ec2 --region eu-west-1 accept-vpc-peering-connection --vpc-peering-connection-id ", Match.anyValue()],
      ],
    },
  });
});

test("a gateway peering's sheet says when to associate and route", () => {
  const stack = stackOf();
  const requester = new TransitGatewayHub(stack, "Hub", { segments: [{ name: "all" }] });
  const accepter = TransitGatewayHub.fromTransitGatewayAttributes(stack, "Theirs", {
    transitGatewayId: "tgw-0bbbbbbbbbbbbbbbb",
    ownerId: two,
    region: "eu-west-1",
  });
  const { handOverSheet } = new TransitGatewayPeering(stack, "Peering", {
    requester,
    accepter,
    requesterCidrBlocks: ["10.1.0.0/16"],
  });
  expect(handOverSheet?.text).toMatchInlineSnapshot(`
    "# Transit gateway peering: the part of tgw-0bbbbbbbbbbbbbbbb

    For the owner of tgw-0bbbbbbbbbbbbbbbb (account 222222222222, Region eu-west-1). The request waits until it is accepted; after that the attachment is \`pending\` for minutes. Associate and route when it is \`available\`.

    ## With the AWS CLI

    \`\`\`sh
    AttachmentId=... # output TransitGatewayAttachmentId of Ours/Peering, stack Ours
    RouteTableId=... # the gateway's route table of what is to talk to the other side
    aws ec2 --region eu-west-1 accept-transit-gateway-peering-attachment --transit-gateway-attachment-id "$AttachmentId"
    aws ec2 --region eu-west-1 associate-transit-gateway-route-table --transit-gateway-route-table-id "$RouteTableId" --transit-gateway-attachment-id "$AttachmentId"
    aws ec2 --region eu-west-1 create-transit-gateway-route --transit-gateway-route-table-id "$RouteTableId" --destination-cidr-block 10.1.0.0/16 --transit-gateway-attachment-id "$AttachmentId"
    \`\`\`

    ## Or with CloudFormation, after the acceptance

    \`\`\`yaml
    Parameters:
      AttachmentId:
        Type: String
        Description: output TransitGatewayAttachmentId of Ours/Peering, stack Ours
      RouteTableId:
        Type: String
        Description: the gateway's route table of what is to talk to the other side
    Resources:
      Association:
        Type: AWS::EC2::TransitGatewayRouteTableAssociation
        Properties:
          TransitGatewayAttachmentId: !Ref AttachmentId
          TransitGatewayRouteTableId: !Ref RouteTableId
      Route1:
        Type: AWS::EC2::TransitGatewayRoute
        Properties:
          TransitGatewayRouteTableId: !Ref RouteTableId
          DestinationCidrBlock: "10.1.0.0/16"
          TransitGatewayAttachmentId: !Ref AttachmentId
    \`\`\`

    ## To undo it

    \`\`\`sh
    AttachmentId=... # output TransitGatewayAttachmentId of Ours/Peering, stack Ours
    RouteTableId=... # the gateway's route table of what is to talk to the other side
    aws ec2 --region eu-west-1 delete-transit-gateway-route --transit-gateway-route-table-id "$RouteTableId" --destination-cidr-block 10.1.0.0/16
    aws ec2 --region eu-west-1 disassociate-transit-gateway-route-table --transit-gateway-route-table-id "$RouteTableId" --transit-gateway-attachment-id "$AttachmentId"
    \`\`\`
    "
  `);
});

test("within one Region the other side has to look for its own attachment", () => {
  const stack = stackOf();
  const requester = new TransitGatewayHub(stack, "Hub", { segments: [{ name: "all" }] });
  const accepter = TransitGatewayHub.fromTransitGatewayAttributes(stack, "Theirs", {
    transitGatewayId: "tgw-0bbbbbbbbbbbbbbbb",
    ownerId: two,
  });
  new TransitGatewayPeering(stack, "Peering", { requester, accepter });
  Template.fromStack(stack).hasOutput("*", {
    Value:
      "aws ec2 --region us-east-1 describe-transit-gateway-peering-attachments --filters Name=transit-gateway-id,Values=tgw-0bbbbbbbbbbbbbbbb",
  });
});

test("where both sides are ours there is no sheet", () => {
  const stack = stackOf();
  const side = (vpcId: string, cidrBlock: string) => NetworkSide.fromAttributes({ vpcId, cidrBlocks: [cidrBlock] });
  const peering = new VpcPeering(stack, "Peering", {
    requester: side("vpc-0aaaaaaaaaaaaaaaa", "10.1.0.0/16"),
    accepter: side("vpc-0bbbbbbbbbbbbbbbb", "10.2.0.0/16"),
  });
  expect(peering.handOverSheet).toBeUndefined();
});
