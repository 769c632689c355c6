/**
 * A CDK app that knows nothing of Causeway, with most of what apps of networks have: `ec2.Vpc` with a NAT gateway, gateways as L1s, an instance,
 * functions and assets, and references between stacks, their parts and Regions. `-c stage=1` changes it: some in place, some by replacement.
 */
import { join } from "node:path";
import {
  App,
  aws_lambda_nodejs,
  aws_s3_assets,
  CfnOutput,
  CustomResource,
  custom_resources,
  NestedStack,
  RemovalPolicy,
  Stack,
  Tags,
} from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as ssm from "aws-cdk-lib/aws-ssm";

const app = new App();
const account = process.env.CDK_DEFAULT_ACCOUNT ?? "";
const stage = Number(app.node.tryGetContext("stage") ?? 0);
const here = process.cwd();

const instanceProps = {
  instanceType: new ec2.InstanceType("t3.micro"),
  machineImage: ec2.MachineImage.latestAmazonLinux2023(),
};

const hub = new Stack(app, "Hub", { env: { account, region: "us-east-1" }, crossRegionReferences: true });
const vpc = new ec2.Vpc(hub, "Vpc", {
  ipAddresses: ec2.IpAddresses.cidr("10.1.0.0/16"),
  maxAzs: 2,
  natGateways: 1,
  gatewayEndpoints: { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } },
});
const gateway = new ec2.CfnTransitGateway(hub, "Gateway", { amazonSideAsn: 64512 });
const attachment = new ec2.CfnTransitGatewayAttachment(hub, "Attachment", {
  transitGatewayId: gateway.ref,
  vpcId: vpc.vpcId,
  subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
});
for (const [index, { routeTable }] of vpc.privateSubnets.entries()) {
  new ec2.CfnRoute(hub, `ToFar${index}`, {
    routeTableId: routeTable.routeTableId,
    destinationCidrBlock: "10.2.0.0/16",
    transitGatewayId: gateway.ref,
  }).node.addDependency(attachment);
}
const file = new aws_s3_assets.Asset(hub, "File", { path: join(here, "hello.txt") });
const userData = ec2.UserData.forLinux();
userData.addCommands(`echo stage ${stage} > /tmp/stage`, `echo ${file.s3ObjectKey} > /tmp/asset`);
const instance = new ec2.Instance(hub, "Instance", {
  ...instanceProps,
  vpc,
  userData,
  userDataCausesReplacement: true,
  ssmSessionPermissions: true,
});
file.grantRead(instance.role);
new CfnOutput(hub, "InstanceId", { value: instance.instanceId });
const parameter = new ssm.StringParameter(hub, "Parameter", { parameterName: "/plain", stringValue: `stage ${stage}` });
parameter.grantRead(instance.role);

const echo = new aws_lambda_nodejs.NodejsFunction(hub, "Echo", {
  entry: join(here, "echo.ts"),
  runtime: lambda.Runtime.NODEJS_22_X,
  environment: { STAGE: String(stage) },
});
const provider = new custom_resources.Provider(hub, "Provider", { onEventHandler: echo });
const thing = new CustomResource(hub, "Thing", {
  serviceToken: provider.serviceToken,
  properties: { Stage: stage },
});
new CfnOutput(hub, "Echoed", { value: thing.getAttString("Echoed") });
const read = new custom_resources.AwsCustomResource(hub, "Read", {
  onUpdate: {
    service: "EC2",
    action: "describeVpcs",
    parameters: { VpcIds: [vpc.vpcId] },
    physicalResourceId: custom_resources.PhysicalResourceId.of("read"),
    outputPaths: ["Vpcs.0.CidrBlock"],
  },
  policy: custom_resources.AwsCustomResourcePolicy.fromSdkCalls({ resources: ["*"] }),
  installLatestAwsSdk: false,
});
new CfnOutput(hub, "Block", { value: read.getResponseField("Vpcs.0.CidrBlock") });
new lambda.Function(hub, "FromFolder", {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: "index.handler",
  code: lambda.Code.fromAsset(join(here, "folder")),
});
new s3.Bucket(hub, "Bucket", { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true });
Tags.of(hub).add("app", "plain");

const spoke = new Stack(app, "Spoke", { env: { account, region: "us-east-1" } });
const group = new ec2.SecurityGroup(spoke, "Group", { vpc });
group.addIngressRule(ec2.Peer.ipv4("10.1.0.0/16"), ec2.Port.icmpPing());
group.addIngressRule(ec2.Peer.ipv4("10.2.0.0/16"), ec2.Port.tcp(stage > 0 ? 8443 : 443));
const nested = new NestedStack(spoke, "Nested");
const inner = new ec2.Instance(nested, "Instance", { ...instanceProps, vpc, securityGroup: group });
new ssm.StringParameter(nested, "Copy", { stringValue: parameter.parameterName });
new CfnOutput(spoke, "InnerAddress", { value: inner.instancePrivateIp });

const far = new Stack(app, "Far", { env: { account, region: "eu-west-1" }, crossRegionReferences: true });
const farVpc = new ec2.CfnVPC(far, "Vpc", { cidrBlock: "10.2.0.0/16" });
new ec2.CfnVPCGatewayAttachment(far, "InternetGatewayAttachment", {
  vpcId: farVpc.ref,
  internetGatewayId: new ec2.CfnInternetGateway(far, "InternetGateway").ref,
});
new ec2.CfnTransitGatewayPeeringAttachment(far, "Peering", {
  transitGatewayId: new ec2.CfnTransitGateway(far, "Gateway", { amazonSideAsn: 64513 }).ref,
  peerTransitGatewayId: gateway.ref,
  peerRegion: "us-east-1",
  peerAccountId: account,
});
new CfnOutput(far, "HubAddress", { value: instance.instancePrivateIp });
