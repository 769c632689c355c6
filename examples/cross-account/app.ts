/**
 * A file server in account two and its reader in account one, peered. Ids of one account are known to the other one's stacks when they
 * are given as context: so there are three stacks, and deploy.sh carries what the one says to the next.
 */
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as iam from "aws-cdk-lib/aws-iam";
import { NetworkSide, PrivateVpc, ProbeInstance, VpcPeering } from "causeway-net/cdk";

const app = new App();
const given = (name: string): string | undefined => app.node.tryGetContext(name);
const one = given("one") ?? "111111111111";
const two = given("two") ?? "222222222222";
const region = given("region") ?? "us-east-1";
const [readerBlock, filesBlock] = ["10.1.0.0/16", "10.2.0.0/16"];
const roleName = "accept-peering-of-reader";

const fileServer = new Stack(app, "FileServer", { env: { account: two, region } });
const files = new PrivateVpc(fileServer, "Vpc", { cidrBlock: filesBlock });
const filesHost = new ProbeInstance(fileServer, "Host", {
  vpcId: files.vpc.vpcId,
  subnetIds: files.subnetIds,
  name: "host2",
});
// CloudFormation of account one assumes it, and may do nothing else with it.
new iam.Role(fileServer, "AcceptRole", {
  roleName,
  assumedBy: new iam.AccountPrincipal(one),
  inlinePolicies: {
    accept: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          actions: ["ec2:AcceptVpcPeeringConnection"],
          resources: [
            `arn:aws:ec2:${region}:${two}:vpc/${files.vpc.vpcId}`,
            `arn:aws:ec2:${region}:${two}:vpc-peering-connection/*`,
          ],
        }),
      ],
    }),
  },
});
new CfnOutput(fileServer, "VpcId", { value: files.vpc.vpcId });

const filesVpcId = given("filesVpcId");
if (filesVpcId !== undefined) {
  const reader = new Stack(app, "Reader", { env: { account: one, region } });
  const own = new PrivateVpc(reader, "Vpc", { cidrBlock: readerBlock });
  const host = new ProbeInstance(reader, "Host", { vpcId: own.vpc.vpcId, subnetIds: own.subnetIds, name: "host1" });
  const peering = new VpcPeering(reader, "Peering", {
    name: "reader <> files",
    requester: own.side,
    accepter: NetworkSide.fromAttributes({ vpcId: filesVpcId, cidrBlocks: [filesBlock], ownerId: two }),
    peerRoleArn: `arn:aws:iam::${two}:role/${roleName}`,
    // The stack below is the other side.
    handOver: false,
  });
  new CfnOutput(reader, "PeeringId", { value: peering.vpcPeeringConnectionId });
  new CfnOutput(reader, "VpcId", { value: own.vpc.vpcId });
  new CfnOutput(reader, "GroupId", { value: host.securityGroup.securityGroupId });
}

const [peeringId, readerVpcId, readerGroupId] = [given("peeringId"), given("readerVpcId"), given("readerGroupId")];
if (peeringId !== undefined && readerVpcId !== undefined && readerGroupId !== undefined) {
  const routes = new Stack(app, "FileServerRoutes", { env: { account: two, region } });
  const readers = ec2.SecurityGroup.fromSecurityGroupId(routes, "Readers", readerGroupId);
  new VpcPeering(routes, "Peering", {
    vpcPeeringConnectionId: peeringId,
    requester: NetworkSide.fromAttributes({
      vpcId: readerVpcId,
      cidrBlocks: [readerBlock],
      ownerId: one,
      securityGroups: [readers],
    }),
    accepter: NetworkSide.fromAttributes({
      vpcId: files.vpc.vpcId,
      cidrBlocks: [filesBlock],
      routeTableIds: files.side.routeTableIds,
      securityGroups: [filesHost.securityGroup],
      ports: [ec2.Port.icmpPing(), ec2.Port.tcp(22)],
    }),
    // By the reader's group, of another account: AWS allows that over a peering within a Region.
    referenceSecurityGroups: true,
    endOnDelete: false,
    handOver: false,
  });
}
