/** An app with every construct of the package, in every kind of use that makes other resources: for checks of templates as such. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, type Environment, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import {
  GlobalNetwork,
  type HandOverSheet,
  NetworkSide,
  PrivateVpc,
  TransitGatewayHub,
  TransitGatewayPeering,
  TransitGatewayPeeringEnd,
  TransitGatewayVpcAttachment,
  TransitGatewayVpcAttachmentAcceptance,
  VpcPeering,
} from "../../src/cdk/index.ts";

const [one, two] = ["111111111111", "222222222222"] as const;
const here: Environment = { account: one, region: "us-east-1" };

const id = (kind: string, digit: number): string => `${kind}-${String(digit).repeat(17)}`;

/** Writes the assembly, and the templates of the hand-over sheets beside its own. */
export function everyConstruct(outdir: string): App {
  const app = new App({ outdir });
  const regions = [
    { region: "us-east-1", cidrBlock: "172.16.0.0/24" },
    { region: "eu-west-1", cidrBlock: "172.16.1.0/24", availabilityZones: 2 },
    { region: "ap-southeast-2", cidrBlock: "172.16.2.0/24" },
  ];
  new GlobalNetwork(app, "Global", { regions, probeInstances: true, sessionManagerEndpoints: true });
  const sheets = [
    ...peerings(new Stack(app, "Peerings", { env: here })),
    ...gateways(new Stack(app, "Gateways", { env: here })),
  ];
  attachedElsewhere(new Stack(app, "Attached", { env: { ...here, account: two } }));
  app.synth();
  for (const [index, { text }] of sheets.entries()) {
    const template = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? "";
    writeFileSync(join(outdir, `sheet-${index + 1}.template.yaml`), template);
  }
  return app;
}

function peerings(stack: Stack): readonly HandOverSheet[] {
  const group = ec2.SecurityGroup.fromSecurityGroupId(stack, "Group", id("sg", 1));
  const own = (digit: number, cidrBlock: string) =>
    NetworkSide.fromAttributes({
      vpcId: id("vpc", digit),
      cidrBlocks: [cidrBlock, `fd00:${digit}::/56`],
      routeTableIds: [id("rtb", digit)],
      securityGroups: [group],
      ports: [ec2.Port.icmpPing(), ec2.Port.tcp(22), ec2.Port.allTraffic()],
      allowDnsResolutionFromRemoteVpc: true,
    });
  const theirs = (digit: number, cidrBlock: string) =>
    NetworkSide.fromAttributes({
      vpcId: id("vpc", digit),
      cidrBlocks: [cidrBlock, `fd00:${digit}::/56`],
      ownerId: two,
      securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, `Group${digit}`, id("sg", digit))],
    });
  const ours = own(1, "10.1.0.0/16");
  new VpcPeering(stack, "Own", { requester: ours, accepter: own(2, "10.2.0.0/16"), referenceSecurityGroups: true });
  const peerRoleArn = `arn:aws:iam::${two}:role/accept`;
  const made = [
    new VpcPeering(stack, "ByRole", { requester: ours, accepter: theirs(3, "10.3.0.0/16"), peerRoleArn }),
    new VpcPeering(stack, "Asked", { requester: ours, accepter: theirs(4, "10.4.0.0/16") }),
    new VpcPeering(stack, "Answered", {
      requester: theirs(5, "10.5.0.0/16"),
      accepter: ours,
      vpcPeeringConnectionId: id("pcx", 5),
    }),
  ];
  return made.flatMap(({ handOverSheet }) => handOverSheet ?? []);
}

function gateways(stack: Stack): readonly HandOverSheet[] {
  const hub = new TransitGatewayHub(stack, "Hub", {
    segments: [{ name: "spokes", isolated: true, talksTo: ["shared"] }, { name: "shared" }],
  });
  const vpc = new PrivateVpc(stack, "Vpc", { cidrBlock: "10.1.0.0/16", availabilityZones: 2 });
  new TransitGatewayVpcAttachment(stack, "Attachment", {
    transitGateway: hub,
    vpc: NetworkSide.fromVpc(vpc.vpc),
    segment: "spokes",
    destinationCidrBlocks: ["10.0.0.0/8"],
    applianceMode: true,
  });
  const transitGatewayAttachmentId = id("tgw-attach", 1);
  new TransitGatewayVpcAttachmentAcceptance(stack, "Acceptance", {
    transitGateway: hub,
    transitGatewayAttachmentId,
    segment: "shared",
  });
  const near = new TransitGatewayHub(stack, "Near", { segments: [{ name: "all" }], amazonSideAsn: 64513 });
  near.deleteAfterPeerings();
  const peering = new TransitGatewayPeering(stack, "Within", { requester: hub, accepter: near });
  peering.accepterEnd(stack, "NearEnd", { segment: "all", destinationCidrBlocks: ["10.1.0.0/16"] });
  peering.requesterEnd(stack, "HubEnd", { segment: "shared", destinationCidrBlocks: ["10.9.0.0/16"] });
  const far = TransitGatewayHub.fromTransitGatewayAttributes(stack, "Far", {
    transitGatewayId: id("tgw", 1),
    ownerId: two,
    region: "eu-west-1",
  });
  new TransitGatewayPeeringEnd(stack, "Foreign", {
    transitGateway: hub,
    peer: far,
    transitGatewayAttachmentId: id("tgw-attach", 2),
    accepts: true,
    segment: "shared",
    destinationCidrBlocks: ["10.8.0.0/16"],
    endOnDelete: true,
  });
  const asked = new TransitGatewayPeering(stack, "Across", {
    requester: hub,
    accepter: far,
    requesterCidrBlocks: ["10.1.0.0/16"],
  });
  return asked.handOverSheet === undefined ? [] : [asked.handOverSheet];
}

function attachedElsewhere(stack: Stack): void {
  const transitGateway = TransitGatewayHub.fromTransitGatewayAttributes(stack, "Hub", {
    transitGatewayId: id("tgw", 2),
    ownerId: one,
  });
  const vpc = new PrivateVpc(stack, "Vpc", { cidrBlock: "10.1.0.0/16" }).side;
  new TransitGatewayVpcAttachment(stack, "Attachment", { transitGateway, vpc, destinationCidrBlocks: ["10.0.0.0/8"] });
}
