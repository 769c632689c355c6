/** Which instances Systems Manager reaches, and what it says is missing for the others. (semantics 9.7) */
import type {
  AllocateAddressCommandOutput,
  CreateInternetGatewayCommandOutput,
  CreateNatGatewayCommandOutput,
  CreateNetworkAclCommandOutput,
  CreateRouteTableCommandOutput,
  CreateSecurityGroupCommandOutput,
  CreateSubnetCommandOutput,
  CreateVpcCommandOutput,
  CreateVpcEndpointCommandOutput,
  DescribeNetworkAclsCommandOutput,
  RunInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import type { DescribeInstanceInformationCommandOutput } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, test } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { agentProfile } from "./test-agent-profile.ts";

let cloud: TestCloud;
let profile: string;
/** A VPC without any way out, with one subnet for the instance and one for endpoints and gateways. */
let vpc: string;
let subnet: string;
let other: string;
let table: string;
/** The instance's group, and the endpoints'. */
let group: string;
let endpointGroup: string;

beforeEach(() => {
  cloud = testCloud();
  profile = agentProfile(cloud);
  vpc = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock: "10.0.0.0/16" }).Vpc?.VpcId ?? "";
  cloud.call("ModifyVpcAttribute", { VpcId: vpc, EnableDnsHostnames: { Value: true } });
  subnet = newSubnet("10.0.1.0/24", "us-east-1a");
  other = newSubnet("10.0.2.0/24", "us-east-1b");
  table = newTable(subnet);
  group = newGroup("instance");
  endpointGroup = newGroup("endpoints");
  letIn(endpointGroup, { IpRanges: [{ CidrIp: "10.0.0.0/16" }] });
});

function newSubnet(CidrBlock: string, AvailabilityZone: string): string {
  const input = { VpcId: vpc, CidrBlock, AvailabilityZone };
  return cloud.call<CreateSubnetCommandOutput>("CreateSubnet", input).Subnet?.SubnetId ?? "";
}

function newTable(SubnetId: string): string {
  const { RouteTable } = cloud.call<CreateRouteTableCommandOutput>("CreateRouteTable", { VpcId: vpc });
  cloud.call("AssociateRouteTable", { RouteTableId: RouteTable?.RouteTableId, SubnetId });
  return RouteTable?.RouteTableId ?? "";
}

function newGroup(GroupName: string): string {
  const input = { GroupName, Description: "d", VpcId: vpc };
  return cloud.call<CreateSecurityGroupCommandOutput>("CreateSecurityGroup", input).GroupId ?? "";
}

function letIn(GroupId: string, from: object): void {
  const permission = { IpProtocol: "tcp", FromPort: 443, ToPort: 443, ...from };
  cloud.call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: [permission] });
}

const everywhere = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

function closeEgress(): void {
  cloud.call("RevokeSecurityGroupEgress", { GroupId: group, IpPermissions: [everywhere] });
}

function launch(input: object = {}): string {
  const { Instances } = cloud.call<RunInstancesCommandOutput>("RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnet,
    SecurityGroupIds: [group],
    PrivateIpAddress: "10.0.1.5",
    IamInstanceProfile: { Name: profile },
    ...input,
  });
  cloud.advance(1);
  return Instances?.[0]?.InstanceId ?? "";
}

function endpoint(service: string, input: object = {}): string {
  const { VpcEndpoint } = cloud.call<CreateVpcEndpointCommandOutput>("CreateVpcEndpoint", {
    VpcEndpointType: "Interface",
    VpcId: vpc,
    ServiceName: `com.amazonaws.us-east-1.${service}`,
    SubnetIds: [other],
    SecurityGroupIds: [endpointGroup],
    ...input,
  });
  return VpcEndpoint?.VpcEndpointId ?? "";
}

function endpoints(input: object = {}): string[] {
  return ["ssm", "ssmmessages"].map((service) => endpoint(service, input));
}

function internetGateway(): string {
  const { InternetGateway } = cloud.call<CreateInternetGatewayCommandOutput>("CreateInternetGateway", {});
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? "";
  cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId: vpc });
  return InternetGatewayId;
}

function natGateway(input: object = {}): string {
  const { AllocationId } = cloud.call<AllocateAddressCommandOutput>("AllocateAddress", { Domain: "vpc" });
  const wanted = { SubnetId: other, AllocationId, ...input };
  return cloud.call<CreateNatGatewayCommandOutput>("CreateNatGateway", wanted).NatGateway?.NatGatewayId ?? "";
}

function routeOut(RouteTableId: string, target: object): void {
  cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", ...target });
}

function information(input: object = {}) {
  const answer = cloud.call<DescribeInstanceInformationCommandOutput>("DescribeInstanceInformation", input, {
    service: "ssm",
  });
  return (answer.InstanceInformationList ?? []).map(({ InstanceId, PingStatus }) => `${InstanceId} ${PingStatus}`);
}

/** What StartSession says is missing, without AWS's own words; empty when it starts one. */
function missingFor(instance: string): string {
  try {
    cloud.call("StartSession", { Target: instance }, { service: "ssm" });
  } catch (error) {
    if (!isAwsError(error) || error.code !== "TargetNotConnected") throw error;
    expect(error.message).toContain(`${instance} is not connected. Missing: `);
    return error.message.slice(`${instance} is not connected. Missing: `.length);
  }
  return "";
}

describe("the role (9.7)", () => {
  beforeEach(() => {
    endpoints();
  });

  test("an instance with a role and endpoints is online, also after a restart", () => {
    const instance = launch();
    expect(information()).toEqual([`${instance} Online`]);
    cloud.restart();
    expect(information()).toEqual([`${instance} Online`]);
    expect(missingFor(instance)).toBe("");
  });

  test("without an instance profile it is not there", () => {
    const instance = launch({ IamInstanceProfile: undefined });
    expect(information()).toEqual([]);
    expect(missingFor(instance)).toBe(
      `${instance} has no instance profile: associate one whose role has the policy AmazonSSMManagedInstanceCore.`,
    );
  });

  test("a profile given later brings it online", () => {
    const instance = launch({ IamInstanceProfile: undefined });
    cloud.call("AssociateIamInstanceProfile", { InstanceId: instance, IamInstanceProfile: { Name: profile } });
    expect(information()).toEqual([`${instance} Online`]);
  });

  test("without a role in the profile, or without its permissions, it is not there", () => {
    const iam = (operation: string, input: object) => cloud.call(operation, input, { service: "iam" });
    iam("CreateInstanceProfile", { InstanceProfileName: "empty" });
    const empty = launch({ IamInstanceProfile: { Name: "empty" } });
    expect(missingFor(empty)).toBe(
      "the instance profile arn:aws:iam::111111111111:instance-profile/empty has no role.",
    );
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
    iam("DetachRolePolicy", { RoleName: "agent", PolicyArn });
    const PolicyDocument = JSON.stringify({ Statement: { Effect: "Allow", Action: "ssm:*", Resource: "*" } });
    iam("PutRolePolicy", { RoleName: "agent", PolicyName: "p", PolicyDocument });
    const instance = launch({ PrivateIpAddress: "10.0.1.6" });
    expect(missingFor(instance)).toMatch(/^the role agent does not allow ssmmessages:CreateControlChannel, .*: attach/);
    expect(information()).toEqual([]);
    iam("AttachRolePolicy", { RoleName: "agent", PolicyArn });
    expect(information()).toEqual([`${instance} Online`]);
  });
});

describe("by interface endpoints (9.7, [PL-23, PL-24, PL-26])", () => {
  test("without any way, both services are named, with what can be made", () => {
    const instance = launch();
    expect(information()).toEqual([]);
    expect(missingFor(instance)).toBe(
      `no route from ${subnet} to ssm and ssmmessages: create interface endpoints for ssm and ssmmessages in ${vpc}, with private DNS, or a route in ${table} to an internet gateway or a NAT gateway.`,
    );
  });

  test("one of the two is not enough; ec2messages is not needed", () => {
    endpoint("ssm");
    endpoint("ec2messages");
    const instance = launch();
    expect(missingFor(instance)).toMatch(
      new RegExp(`^no route from ${subnet} to ssmmessages: create interface endpoints`),
    );
    endpoint("ssmmessages");
    expect(missingFor(instance)).toBe("");
    expect(information()).toEqual([`${instance} Online`]);
  });

  test("the endpoints' group has to let 443 in: by address, by the instance's group, by a prefix list", () => {
    const closed = newGroup("closed");
    const [ssm, messages] = endpoints({ SecurityGroupIds: [closed] });
    const instance = launch();
    expect(missingFor(instance)).toBe(
      `${ssm}'s group ${closed} does not let TCP 443 in from 10.0.1.5; ${messages}'s group ${closed} does not let TCP 443 in from 10.0.1.5.`,
    );
    letIn(closed, { FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: "0.0.0.0/0" }] });
    letIn(closed, { IpRanges: [{ CidrIp: "10.0.1.6/32" }] });
    expect(information()).toEqual([]);
    letIn(closed, { UserIdGroupPairs: [{ GroupId: group }] });
    expect(information()).toEqual([`${instance} Online`]);
  });

  test("the VPC's default group lets only its own members in", () => {
    endpoints({ SecurityGroupIds: undefined });
    expect(missingFor(launch())).toContain("does not let TCP 443 in from 10.0.1.5");
  });

  test("the instance's group has to let 443 out", () => {
    endpoints();
    const instance = launch();
    closeEgress();
    expect(missingFor(instance)).toMatch(
      new RegExp(`^group ${group} of ${instance} does not let TCP 443 out to 10\\.0\\.2\\.\\d+;`),
    );
    const permission = {
      IpProtocol: "tcp",
      FromPort: 443,
      ToPort: 443,
      UserIdGroupPairs: [{ GroupId: endpointGroup }],
    };
    cloud.call("AuthorizeSecurityGroupEgress", { GroupId: group, IpPermissions: [permission] });
    expect(missingFor(instance)).toBe("");
  });

  test("network ACLs have to let requests and answers through, between subnets only", () => {
    const [, messages] = endpoints();
    const instance = launch();
    const { NetworkAcl } = cloud.call<CreateNetworkAclCommandOutput>("CreateNetworkAcl", { VpcId: vpc });
    const NetworkAclId = NetworkAcl?.NetworkAclId ?? "";
    const { NetworkAcls = [] } = cloud.call<DescribeNetworkAclsCommandOutput>("DescribeNetworkAcls", {
      Filters: [{ Name: "association.subnet-id", Values: [other] }],
    });
    const association = NetworkAcls[0]?.Associations?.find(({ SubnetId }) => SubnetId === other);
    cloud.call("ReplaceNetworkAclAssociation", { AssociationId: association?.NetworkAclAssociationId, NetworkAclId });
    expect(missingFor(instance)).toContain(`${NetworkAclId} of ${other} does not let TCP 443 in from 10.0.1.5`);

    const entry = (RuleNumber: number, Egress: boolean, PortRange: object, RuleAction = "allow") =>
      cloud.call("CreateNetworkAclEntry", {
        NetworkAclId,
        RuleNumber,
        Egress,
        RuleAction,
        Protocol: "6",
        CidrBlock: "10.0.1.0/24",
        PortRange,
      });
    entry(100, false, { From: 443, To: 443 });
    const answers = `${NetworkAclId} of ${other} does not let TCP 32768-60999 out to 10.0.1.5`;
    expect(missingFor(instance)).toBe(`${answers}.`);
    entry(100, true, { From: 32768, To: 50000 });
    expect(missingFor(instance)).toBe(`${answers}.`);
    entry(110, true, { From: 50001, To: 65535 });
    expect(missingFor(instance)).toBe("");
    entry(90, true, { From: 40000, To: 40000 }, "deny");
    expect(missingFor(instance)).toBe(`${answers}.`);

    const beside = launch({ SubnetId: other, PrivateIpAddress: "10.0.2.200" });
    expect(missingFor(beside)).toBe("");
    cloud.call("DeleteVpcEndpoints", { VpcEndpointIds: [messages] });
    expect(missingFor(beside)).toContain(`no route from ${other} to ssmmessages`);
  });

  test("the endpoint has to be found by its name", () => {
    const [ssm] = endpoints({ PrivateDnsEnabled: false });
    const instance = launch();
    expect(missingFor(instance)).toMatch(new RegExp(`^${ssm} for ssm has no private DNS: enable it`));
    for (const VpcEndpointId of [ssm, endpoint("ssmmessages")])
      cloud.call("ModifyVpcEndpoint", { VpcEndpointId, ...(VpcEndpointId === ssm && { PrivateDnsEnabled: true }) });
    expect(missingFor(instance)).toBe("");
    cloud.call("ModifyVpcAttribute", { VpcId: vpc, EnableDnsHostnames: { Value: false } });
    expect(missingFor(instance)).toContain(
      `the private DNS of ${ssm} for ssm does not answer: set the attribute enableDnsHostnames of ${vpc}`,
    );
    cloud.call("ModifyVpcAttribute", { VpcId: vpc, EnableDnsSupport: { Value: false } });
    expect(missingFor(instance)).toBe(`${vpc} answers no names: set its attribute enableDnsSupport.`);
  });

  test("an endpoint without a subnet, or one that is not available yet, leads nowhere", () => {
    const [ssm] = endpoints({ SubnetIds: [] });
    expect(missingFor(launch())).toContain(`${ssm} for ssm is in no subnet`);
    cloud = testCloud({ pace: "real" });
    profile = agentProfile(cloud);
    vpc = cloud.call<CreateVpcCommandOutput>("CreateVpc", { CidrBlock: "10.0.0.0/16" }).Vpc?.VpcId ?? "";
    cloud.advance(10_000);
    cloud.call("ModifyVpcAttribute", { VpcId: vpc, EnableDnsHostnames: { Value: true } });
    subnet = newSubnet("10.0.1.0/24", "us-east-1a");
    cloud.advance(10_000);
    group = newGroup("instance");
    letIn(group, { IpRanges: [{ CidrIp: "10.0.0.0/16" }] });
    const instance = launch();
    cloud.advance(60_000);
    const [slow, slower] = endpoints({ SubnetIds: [subnet], SecurityGroupIds: [group] });
    expect(missingFor(instance)).toBe(`${slow} for ssm is pending; ${slower} for ssmmessages is pending.`);
    cloud.advance(60_000);
    expect(missingFor(instance)).toBe("");
  });

  test("a closed endpoint is in the way even where the internet could be reached: its name leads to it", () => {
    const InternetGatewayId = internetGateway();
    routeOut(table, { GatewayId: InternetGatewayId });
    const NetworkInterfaces = [
      {
        DeviceIndex: 0,
        SubnetId: subnet,
        Groups: [group],
        AssociatePublicIpAddress: true,
        PrivateIpAddress: "10.0.1.5",
      },
    ];
    const instance = launch({
      NetworkInterfaces,
      SubnetId: undefined,
      SecurityGroupIds: undefined,
      PrivateIpAddress: undefined,
    });
    expect(missingFor(instance)).toBe("");
    const ssm = endpoint("ssm", { SecurityGroupIds: [newGroup("closed")] });
    expect(missingFor(instance)).toContain(`${ssm}'s group`);
    cloud.call("ModifyVpcEndpoint", { VpcEndpointId: ssm, PrivateDnsEnabled: false });
    expect(missingFor(instance)).toBe("");
  });
});

describe("by the internet (9.7)", () => {
  test("through an internet gateway, with a public address", () => {
    const InternetGatewayId = internetGateway();
    routeOut(table, { GatewayId: InternetGatewayId });
    const instance = launch();
    expect(missingFor(instance)).toMatch(
      new RegExp(
        `^eni-\\w+ has no public address, without which ${InternetGatewayId} does not take it to ssm and ssmmessages`,
      ),
    );
    const { AllocationId } = cloud.call<AllocateAddressCommandOutput>("AllocateAddress", { Domain: "vpc" });
    cloud.call("AssociateAddress", { AllocationId, InstanceId: instance });
    expect(missingFor(instance)).toBe("");
    closeEgress();
    expect(missingFor(instance)).toBe(`group ${group} of ${instance} does not let TCP 443 out to the internet.`);
  });

  test("through a public NAT gateway whose own subnet is routed to an internet gateway", () => {
    const InternetGatewayId = internetGateway();
    const NatGatewayId = natGateway();
    routeOut(table, { NatGatewayId });
    const instance = launch();
    expect(missingFor(instance)).toBe(
      `${NatGatewayId} does not lead to ssm and ssmmessages: its subnet ${other} has no route to an internet gateway.`,
    );
    routeOut(newTable(other), { GatewayId: InternetGatewayId });
    expect(missingFor(instance)).toBe("");
    expect(information()).toEqual([`${instance} Online`]);
    cloud.call("DeleteNatGateway", { NatGatewayId });
    expect(missingFor(instance)).toContain(`no route from ${subnet} to ssm and ssmmessages`);
    expect(information()).toEqual([`${instance} ConnectionLost`]);
  });

  test("not through a private NAT gateway", () => {
    internetGateway();
    const NatGatewayId = natGateway({ ConnectivityType: "private", AllocationId: undefined });
    routeOut(table, { NatGatewayId });
    expect(missingFor(launch())).toContain(`${NatGatewayId} does not lead to ssm and ssmmessages: it is a private one`);
  });

  test("over a middlebox the way is not followed, and that is said", () => {
    const box = launch({ PrivateIpAddress: "10.0.1.9" });
    routeOut(table, { InstanceId: box });
    expect(missingFor(launch())).toMatch(
      new RegExp(
        `^ssm and ssmmessages would be reached by the route to 0\\.0\\.0\\.0/0 in ${table} over eni-\\w+, which`,
      ),
    );
  });
});

describe("an instance that was online", () => {
  test("has lost its connection, and is forgotten when it is terminated", () => {
    const [ssm] = endpoints();
    const instance = launch();
    cloud.call("DeleteVpcEndpoints", { VpcEndpointIds: [ssm] });
    expect(information()).toEqual([`${instance} ConnectionLost`]);
    cloud.restart();
    expect(information({ Filters: [{ Key: "PingStatus", Values: ["ConnectionLost"] }] })).toHaveLength(1);
    expect(information({ Filters: [{ Key: "PingStatus", Values: ["Online"] }] })).toEqual([]);
    endpoint("ssm");
    expect(information()).toEqual([`${instance} Online`]);
    cloud.call("StopInstances", { InstanceIds: [instance] });
    expect(information()).toEqual([`${instance} ConnectionLost`]);
    expect(missingFor(instance)).toBe(`${instance} is stopped.`);
    cloud.call("TerminateInstances", { InstanceIds: [instance] });
    expect(information()).toEqual([]);
    expect(cloud.faults).toEqual([]);
  });
});

test("SendCommand refuses an instance that is not online, and says what is missing; targets leave it out", () => {
  const instance = launch();
  const input = { DocumentName: "AWS-RunShellScript", Parameters: { commands: ["true"] } };
  const ssm = (more: object) => cloud.call("SendCommand", { ...input, ...more }, { service: "ssm" });
  expect(() => ssm({ InstanceIds: [instance] })).toThrow(
    expect.objectContaining({
      code: "InvalidInstanceId",
      message: expect.stringContaining(
        `Instances [[${instance}]] not in a valid state for account 111111111111. Missing: no route from ${subnet}`,
      ),
    }),
  );
  const Targets = [{ Key: "InstanceIds", Values: [instance] }];
  expect(ssm({ Targets })).toMatchObject({ Command: { TargetCount: 0 } });
  endpoints();
  expect(ssm({ Targets })).toMatchObject({ Command: { TargetCount: 1 } });
  expect(ssm({ InstanceIds: [instance] })).toMatchObject({ Command: { TargetCount: 1 } });
});
