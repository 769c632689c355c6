/**
 * Accounts and Regions are walls: of every EC2 action, each id that it can be given is tried as another account's and as another
 * Region's, while all the other ids are the caller's own. Every such call is refused and changes nothing.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { accountA, accountB, type TestCaller, type TestCloud, testCloud } from "../../test-cloud.ts";
import { ec2Actions } from "./actions.ts";
import {
  routeToGateway,
  taggableKinds,
  transitGatewayInputs,
  transitGatewayNetwork,
} from "./transit-gateway/account-walls.fixture.ts";

/** The ids of one network, with one of everything. */
type Network = Readonly<Record<string, string>>;

const home: TestCaller = { account: accountA, region: "us-east-1" };
const elsewhere = {
  "another account": { account: accountB, region: "us-east-1" },
  "another Region": { account: accountA, region: "eu-west-1" },
} as const satisfies Record<string, TestCaller>;

/** Actions that name nobody's resource, or nobody's but by names that every account has for itself. */
const namesNothing = new Set([
  "AllocateAddress",
  "CreateDefaultSubnet",
  "CreateDefaultVpc",
  "CreateDhcpOptions",
  "CreateInternetGateway",
  "CreateKeyPair",
  "CreateManagedPrefixList",
  "CreateTransitGateway",
  "CreateVpc",
  // By name, which is the caller's own, or by id: one that is not there is no error.
  "DeleteKeyPair",
  // Tells each endpoint that is not there in a row of its answer: vpc-endpoint/actions.test.ts.
  "DeleteVpcEndpoints",
  "DescribeAccountAttributes",
  "DescribeAvailabilityZones",
  "DescribeImages",
  "DescribeInstanceTypeOfferings",
  "DescribeInstanceTypes",
  "DescribePrefixLists",
  "DescribeRegions",
  "DescribeTags",
  // Refused for everybody, as AWS has retired them.
  "DescribeVpcClassicLink",
  "DescribeVpcClassicLinkDnsSupport",
  "DescribeVpcEndpointServices",
  "GetInstanceUefiData",
  "ImportKeyPair",
  // Refuses each instance in a row of its answer: instance/actions.test.ts.
  "ModifyInstanceCreditSpecification",
]);

/** For each action, inputs that its owner could give. */
const inputs: Readonly<Record<string, readonly ((n: Network) => object)[]>> = {
  AcceptVpcPeeringConnection: [(n) => ({ VpcPeeringConnectionId: n.pendingPeering })],
  AssignIpv6Addresses: [(n) => ({ NetworkInterfaceId: n.eni, Ipv6AddressCount: 1 })],
  AssignPrivateIpAddresses: [(n) => ({ NetworkInterfaceId: n.eni, SecondaryPrivateIpAddressCount: 1 })],
  AssociateAddress: [
    (n) => ({ AllocationId: n.freeAddress, NetworkInterfaceId: n.eni }),
    (n) => ({ AllocationId: n.freeAddress, InstanceId: n.bareInstance }),
    (n) => ({ PublicIp: n.freePublicIp, NetworkInterfaceId: n.eni }),
  ],
  AssociateDhcpOptions: [(n) => ({ DhcpOptionsId: n.dhcpOptions, VpcId: n.vpc })],
  AssociateIamInstanceProfile: [(n) => ({ InstanceId: n.bareInstance, IamInstanceProfile: { Name: "profile" } })],
  AssociateRouteTable: [
    (n) => ({ RouteTableId: n.routeTable, SubnetId: n.subnet }),
    (n) => ({ RouteTableId: n.edgeTable, GatewayId: n.internetGateway }),
  ],
  AssociateSubnetCidrBlock: [(n) => ({ SubnetId: n.plainSubnet, Ipv6CidrBlock: own.freeIpv6Block })],
  AssociateVpcCidrBlock: [(n) => ({ VpcId: n.loneVpc, CidrBlock: "100.64.0.0/16" })],
  AttachInternetGateway: [(n) => ({ InternetGatewayId: n.freeInternetGateway, VpcId: n.loneVpc })],
  AttachNetworkInterface: [(n) => ({ NetworkInterfaceId: n.eni, InstanceId: n.instance, DeviceIndex: 2 })],
  AuthorizeSecurityGroupEgress: [
    (n) => ({
      GroupId: n.group,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 1, ToPort: 1, UserIdGroupPairs: [{ GroupId: n.otherGroup }] }],
    }),
    (n) => ({
      GroupId: n.group,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 1, ToPort: 1, PrefixListIds: [{ PrefixListId: n.prefixList }] }],
    }),
  ],
  AuthorizeSecurityGroupIngress: [
    (n) => ({
      GroupId: n.group,
      IpPermissions: [{ IpProtocol: "udp", FromPort: 1, ToPort: 1, UserIdGroupPairs: [{ GroupId: n.otherGroup }] }],
    }),
    (n) => ({
      GroupId: n.group,
      IpPermissions: [{ IpProtocol: "udp", FromPort: 1, ToPort: 1, PrefixListIds: [{ PrefixListId: n.prefixList }] }],
    }),
  ],
  CreateEgressOnlyInternetGateway: [(n) => ({ VpcId: n.vpc })],
  CreateNatGateway: [(n) => ({ SubnetId: n.subnet, ConnectivityType: "private" })],
  CreateNetworkAcl: [(n) => ({ VpcId: n.vpc })],
  CreateNetworkAclEntry: [
    (n) => ({
      NetworkAclId: n.networkAcl,
      RuleNumber: 200,
      Protocol: "-1",
      RuleAction: "allow",
      Egress: true,
      CidrBlock: "0.0.0.0/0",
    }),
  ],
  CreateNetworkInsightsPath: [
    (n) => ({ Protocol: "tcp", Source: n.instance, Destination: n.eni }),
    (n) => ({ Protocol: "tcp", Source: n.internetGateway, Destination: n.endpoint }),
    (n) => ({ Protocol: "tcp", Source: n.peering, Destination: n.hub }),
    (n) => ({ Protocol: "tcp", Source: n.vpcAttachment, Destination: n.pendingGatewayPeering }),
  ],
  CreateNetworkInterface: [(n) => ({ SubnetId: n.subnet, Groups: [n.group] })],
  CreateRoute: [
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", GatewayId: n.internetGateway }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", NatGatewayId: n.natGateway }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", GatewayId: n.natGateway }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", NetworkInterfaceId: n.eni }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", InstanceId: n.bareInstance }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "192.0.2.0/24", VpcPeeringConnectionId: n.peering }),
    (n) => ({
      RouteTableId: n.routeTable,
      DestinationIpv6CidrBlock: "2001:db8::/32",
      EgressOnlyInternetGatewayId: n.egressOnlyInternetGateway,
    }),
    (n) => ({ RouteTableId: n.routeTable, DestinationPrefixListId: n.prefixList, NetworkInterfaceId: n.eni }),
    routeToGateway,
  ],
  CreateRouteTable: [(n) => ({ VpcId: n.vpc })],
  CreateSecurityGroup: [(n) => ({ GroupName: "made", Description: "made", VpcId: n.vpc })],
  CreateSubnet: [(n) => ({ VpcId: n.vpc, CidrBlock: "10.0.200.0/24" })],
  ...transitGatewayInputs(() => own),
  CreateTags: [
    ...[
      "vpc",
      "subnet",
      "routeTable",
      "prefixList",
      "internetGateway",
      "egressOnlyInternetGateway",
      "natGateway",
      "freeAddress",
      "group",
      "rule",
      "networkAcl",
      "peering",
      "eni",
      "instance",
      "volume",
      "keyPair",
      "dhcpOptions",
      "endpoint",
      "insightsPath",
      "insightsAnalysis",
      ...taggableKinds,
    ].map((kind) => (n: Network) => ({ Resources: [n[kind]], Tags: [{ Key: "a", Value: "b" }] })),
  ],
  CreateVpcEndpoint: [
    (n) => ({
      VpcEndpointType: "Interface",
      ServiceName: "com.amazonaws.us-east-1.kms",
      VpcId: n.vpc,
      SubnetIds: [n.subnet],
      SecurityGroupIds: [n.group],
      PrivateDnsEnabled: false,
    }),
  ],
  // Whether the peer exists, and whose it is, comes out later: vpc-peering-connection/visibility.test.ts.
  CreateVpcPeeringConnection: [(n) => ({ VpcId: n.vpc, PeerVpcId: own.loneVpc })],
  DeleteDhcpOptions: [(n) => ({ DhcpOptionsId: n.dhcpOptions })],
  DeleteEgressOnlyInternetGateway: [(n) => ({ EgressOnlyInternetGatewayId: n.egressOnlyInternetGateway })],
  DeleteInternetGateway: [(n) => ({ InternetGatewayId: n.freeInternetGateway })],
  DeleteManagedPrefixList: [(n) => ({ PrefixListId: n.prefixList })],
  DeleteNatGateway: [(n) => ({ NatGatewayId: n.natGateway })],
  DeleteNetworkAcl: [(n) => ({ NetworkAclId: n.networkAcl })],
  DeleteNetworkAclEntry: [(n) => ({ NetworkAclId: n.networkAcl, RuleNumber: 100, Egress: false })],
  DeleteNetworkInterface: [(n) => ({ NetworkInterfaceId: n.eni })],
  DeleteRoute: [
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "0.0.0.0/0" }),
    (n) => ({ RouteTableId: n.routeTable, DestinationPrefixListId: n.routedPrefixList }),
  ],
  DeleteRouteTable: [(n) => ({ RouteTableId: n.routeTable })],
  DeleteSecurityGroup: [(n) => ({ GroupId: n.otherGroup })],
  DeleteSubnet: [(n) => ({ SubnetId: n.plainSubnet })],
  DeleteTags: [(n) => ({ Resources: [n.vpc] })],
  DeleteVpc: [(n) => ({ VpcId: n.loneVpc })],
  DeleteVpcPeeringConnection: [(n) => ({ VpcPeeringConnectionId: n.peering })],
  DescribeAddresses: [(n) => ({ AllocationIds: [n.freeAddress] }), (n) => ({ PublicIps: [n.freePublicIp] })],
  DescribeAddressesAttribute: [(n) => ({ AllocationIds: [n.freeAddress] })],
  DescribeDhcpOptions: [(n) => ({ DhcpOptionsIds: [n.dhcpOptions] })],
  DescribeEgressOnlyInternetGateways: [(n) => ({ EgressOnlyInternetGatewayIds: [n.egressOnlyInternetGateway] })],
  DescribeInstanceAttribute: [(n) => ({ InstanceId: n.instance, Attribute: "groupSet" })],
  DescribeInstanceCreditSpecifications: [(n) => ({ InstanceIds: [n.instance] })],
  DescribeInstanceStatus: [(n) => ({ InstanceIds: [n.instance] })],
  DescribeInstances: [(n) => ({ InstanceIds: [n.instance] })],
  DescribeInternetGateways: [(n) => ({ InternetGatewayIds: [n.internetGateway] })],
  DescribeKeyPairs: [(n) => ({ KeyPairIds: [n.keyPair] })],
  DescribeManagedPrefixLists: [(n) => ({ PrefixListIds: [n.prefixList] })],
  DescribeNatGateways: [(n) => ({ NatGatewayIds: [n.natGateway] })],
  DescribeNetworkAcls: [(n) => ({ NetworkAclIds: [n.networkAcl] })],
  DescribeNetworkInterfaceAttribute: [(n) => ({ NetworkInterfaceId: n.eni, Attribute: "groupSet" })],
  DescribeNetworkInterfaces: [(n) => ({ NetworkInterfaceIds: [n.eni] })],
  DescribeRouteTables: [(n) => ({ RouteTableIds: [n.routeTable] })],
  DescribeSecurityGroupReferences: [(n) => ({ GroupId: [n.group] })],
  DescribeSecurityGroupRules: [(n) => ({ SecurityGroupRuleIds: [n.rule] })],
  DescribeSecurityGroups: [(n) => ({ GroupIds: [n.group] })],
  DescribeStaleSecurityGroups: [(n) => ({ VpcId: n.vpc })],
  DescribeSubnets: [(n) => ({ SubnetIds: [n.subnet] })],
  DescribeVolumeAttribute: [(n) => ({ VolumeId: n.volume, Attribute: "autoEnableIO" })],
  DescribeVolumes: [(n) => ({ VolumeIds: [n.volume] })],
  DescribeVpcAttribute: [(n) => ({ VpcId: n.vpc, Attribute: "enableDnsSupport" })],
  DescribeVpcEndpoints: [(n) => ({ VpcEndpointIds: [n.endpoint] })],
  DescribeVpcPeeringConnections: [(n) => ({ VpcPeeringConnectionIds: [n.peering] })],
  DescribeVpcs: [(n) => ({ VpcIds: [n.vpc] })],
  DetachInternetGateway: [(n) => ({ InternetGatewayId: n.loneInternetGateway, VpcId: n.gatedVpc })],
  DetachNetworkInterface: [(n) => ({ AttachmentId: n.attachment })],
  DisassociateAddress: [(n) => ({ AssociationId: n.addressAssociation }), (n) => ({ PublicIp: n.associatedPublicIp })],
  DisassociateIamInstanceProfile: [(n) => ({ AssociationId: n.profileAssociation })],
  DisassociateRouteTable: [(n) => ({ AssociationId: n.routeTableAssociation })],
  DisassociateSubnetCidrBlock: [(n) => ({ AssociationId: n.subnetBlockAssociation })],
  DisassociateVpcCidrBlock: [(n) => ({ AssociationId: n.vpcBlockAssociation })],
  GetConsoleOutput: [(n) => ({ InstanceId: n.instance })],
  GetManagedPrefixListAssociations: [(n) => ({ PrefixListId: n.prefixList })],
  GetManagedPrefixListEntries: [(n) => ({ PrefixListId: n.prefixList })],
  GetSecurityGroupsForVpc: [(n) => ({ VpcId: n.vpc })],
  ModifyInstanceAttribute: [
    (n) => ({ InstanceId: n.bareInstance, SourceDestCheck: { Value: false } }),
    (n) => ({ InstanceId: n.bareInstance, Groups: [n.group] }),
  ],
  ModifyInstanceMaintenanceOptions: [(n) => ({ InstanceId: n.instance, AutoRecovery: "disabled" })],
  ModifyInstanceMetadataOptions: [(n) => ({ InstanceId: n.instance, HttpTokens: "required" })],
  ModifyManagedPrefixList: [(n) => ({ PrefixListId: n.prefixList, PrefixListName: "renamed" })],
  ModifyNetworkInterfaceAttribute: [
    (n) => ({ NetworkInterfaceId: n.eni, SourceDestCheck: { Value: false } }),
    (n) => ({ NetworkInterfaceId: n.eni, Groups: [n.group] }),
    (n) => ({
      NetworkInterfaceId: n.attachedEni,
      Attachment: { AttachmentId: n.attachment, DeleteOnTermination: true },
    }),
  ],
  ModifySecurityGroupRules: [
    (n) => ({
      GroupId: n.group,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: n.rule,
          SecurityGroupRule: { IpProtocol: "tcp", FromPort: 5, ToPort: 5, CidrIpv4: "10.0.0.0/8" },
        },
      ],
    }),
    (n) => ({
      GroupId: n.group,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: n.rule,
          SecurityGroupRule: { IpProtocol: "tcp", FromPort: 5, ToPort: 5, ReferencedGroupId: n.otherGroup },
        },
      ],
    }),
    (n) => ({
      GroupId: n.group,
      SecurityGroupRules: [
        {
          SecurityGroupRuleId: n.rule,
          SecurityGroupRule: { IpProtocol: "tcp", FromPort: 5, ToPort: 5, PrefixListId: n.prefixList },
        },
      ],
    }),
  ],
  ModifySubnetAttribute: [(n) => ({ SubnetId: n.subnet, MapPublicIpOnLaunch: { Value: true } })],
  ModifyVpcAttribute: [(n) => ({ VpcId: n.vpc, EnableDnsHostnames: { Value: true } })],
  ModifyVpcEndpoint: [
    (n) => ({ VpcEndpointId: n.endpoint, AddSecurityGroupIds: [n.group] }),
    (n) => ({ VpcEndpointId: n.endpoint, AddSubnetIds: [n.subnet] }),
  ],
  ModifyVpcPeeringConnectionOptions: [
    (n) => ({
      VpcPeeringConnectionId: n.peering,
      RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: true },
    }),
  ],
  ModifyVpcTenancy: [(n) => ({ VpcId: n.vpc, InstanceTenancy: "default" })],
  MonitorInstances: [(n) => ({ InstanceIds: [n.instance] })],
  RebootInstances: [(n) => ({ InstanceIds: [n.instance] })],
  RejectVpcPeeringConnection: [(n) => ({ VpcPeeringConnectionId: n.pendingPeering })],
  ReleaseAddress: [(n) => ({ AllocationId: n.freeAddress }), (n) => ({ PublicIp: n.freePublicIp })],
  ReplaceIamInstanceProfileAssociation: [
    (n) => ({ AssociationId: n.profileAssociation, IamInstanceProfile: { Name: "profile" } }),
  ],
  ReplaceNetworkAclAssociation: [(n) => ({ AssociationId: n.networkAclAssociation, NetworkAclId: n.networkAcl })],
  ReplaceNetworkAclEntry: [
    (n) => ({
      NetworkAclId: n.networkAcl,
      RuleNumber: 100,
      Protocol: "-1",
      RuleAction: "deny",
      Egress: false,
      CidrBlock: "0.0.0.0/0",
    }),
  ],
  ReplaceRoute: [
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: n.natGateway }),
    (n) => ({ RouteTableId: n.routeTable, DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: n.eni }),
  ],
  ReplaceRouteTableAssociation: [(n) => ({ AssociationId: n.routeTableAssociation, RouteTableId: n.routeTable })],
  ResetInstanceAttribute: [(n) => ({ InstanceId: n.bareInstance, Attribute: "sourceDestCheck" })],
  ResetNetworkInterfaceAttribute: [(n) => ({ NetworkInterfaceId: n.eni, SourceDestCheck: "true" })],
  RestoreManagedPrefixListVersion: [(n) => ({ PrefixListId: n.prefixList, PreviousVersion: 1, CurrentVersion: 2 })],
  RevokeSecurityGroupEgress: [
    (n) => ({ GroupId: n.group, IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] }),
  ],
  RevokeSecurityGroupIngress: [(n) => ({ GroupId: n.group, SecurityGroupRuleIds: [n.rule] })],
  RunInstances: [
    (n) => ({ ...launch, SubnetId: n.subnet, SecurityGroupIds: [n.group] }),
    (n) => ({ ...launch, NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: n.eni }] }),
    (n) => ({ ...launch, NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: n.subnet, Groups: [n.group] }] }),
  ],
  StartInstances: [(n) => ({ InstanceIds: [n.stoppedInstance] })],
  StopInstances: [(n) => ({ InstanceIds: [n.instance] })],
  TerminateInstances: [(n) => ({ InstanceIds: [n.instance] })],
  UnassignIpv6Addresses: [(n) => ({ NetworkInterfaceId: n.attachedEni, Ipv6Addresses: [own.ipv6Address] })],
  UnassignPrivateIpAddresses: [(n) => ({ NetworkInterfaceId: n.attachedEni, PrivateIpAddresses: ["10.0.1.77"] })],
  UnmonitorInstances: [(n) => ({ InstanceIds: [n.instance] })],
  UpdateSecurityGroupRuleDescriptionsEgress: [
    (n) => ({
      GroupId: n.group,
      IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "d" }] }],
    }),
  ],
  UpdateSecurityGroupRuleDescriptionsIngress: [
    (n) => ({ GroupId: n.group, SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: n.rule, Description: "d" }] }),
  ],
  DeleteNetworkInsightsAnalysis: [(n) => ({ NetworkInsightsAnalysisId: n.insightsAnalysis })],
  DeleteNetworkInsightsPath: [(n) => ({ NetworkInsightsPathId: n.insightsPath })],
  DescribeNetworkInsightsAnalyses: [
    (n) => ({ NetworkInsightsAnalysisIds: [n.insightsAnalysis] }),
    (n) => ({ NetworkInsightsPathId: n.analysedPath }),
  ],
  DescribeNetworkInsightsPaths: [(n) => ({ NetworkInsightsPathIds: [n.insightsPath] })],
  StartNetworkInsightsAnalysis: [(n) => ({ NetworkInsightsPathId: n.analysedPath })],
  DescribeIamInstanceProfileAssociations: [(n) => ({ AssociationIds: [n.profileAssociation] })],
  DescribeVolumesModifications: [(n) => ({ VolumeIds: [n.volume] })],
};

const launch = { ImageId: "ami-00000000000000001", InstanceType: "t3.small", MinCount: 1, MaxCount: 1 };

let cloud: TestCloud;
let own: Network;
let foreign: Record<keyof typeof elsewhere, Network>;

beforeAll(() => {
  cloud = testCloud();
  own = network(home);
  foreign = {
    "another account": network(elsewhere["another account"]),
    "another Region": network(elsewhere["another Region"]),
  };
  cloud.advance(60_000);
});

it("every action is tried, or names nothing", () => {
  const tried = new Set([...Object.keys(inputs), ...namesNothing]);
  expect(Object.keys(ec2Actions).filter((name) => !tried.has(name))).toEqual([]);
  expect([...tried].filter((name) => !(name in ec2Actions))).toEqual([]);
});

describe.each(Object.entries(inputs))("%s", (operation, ways) => {
  it.each(ways.map((way, index) => [index + 1, way] as const))(
    "takes its own ids, and nobody else's (%i)",
    (_, way) => {
      const used = new Set<string>();
      const recording = new Proxy(own, {
        get(target, key) {
          used.add(String(key));
          return Reflect.get(target, key);
        },
      });
      const input = way(recording);
      expect(codeOf(operation, { ...input, DryRun: true }), JSON.stringify(input)).toBe("DryRunOperation");
      for (const theirs of Object.values(foreign)) {
        for (const key of used) {
          const mixed = way({ ...own, [key]: theirs[key] ?? "" });
          expect
            .soft(codeOf(operation, mixed), `${key} of somebody else: ${JSON.stringify(mixed)}`)
            .toMatch(/NotFound|InvalidAMIID|^InvalidKeyPair/);
        }
      }
    },
  );
});

it.each(Object.keys(ec2Actions).filter((name) => name.startsWith("Describe")))(
  "%s lists nothing of anybody else's",
  (operation) => {
    let listed = "";
    try {
      listed = JSON.stringify(cloud.call(operation, {}, home));
    } catch (error) {
      // Some must be told what to describe, some are retired.
      if (!isAwsError(error)) throw error;
      expect(error.code).toMatch(/^(MissingParameter|UnsupportedOperation|Invalid.*Malformed)$/);
    }
    const theirs = Object.values(foreign).flatMap((network) => Object.values(network));
    expect(theirs.filter((id) => listed.includes(id))).toEqual([]);
  },
);

function codeOf(operation: string, input: object): string {
  const before = JSON.stringify(cloud.model());
  try {
    cloud.call(operation, input, home);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    expect(JSON.stringify(cloud.model()) === before, `${operation} was refused, but changed something`).toBe(true);
    return error.code;
  }
  return "done";
}

/** One of everything, made through the API. */
function network(caller: TestCaller): Network {
  const call = (operation: string, input: object = {}): unknown => cloud.call(operation, input, caller);
  const text = (value: unknown, path: string): string => {
    for (const step of path.split("."))
      value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
    if (typeof value !== "string") throw new Error(`bug: nothing at ${path}`);
    return value;
  };
  const make = (operation: string, input: object, path: string): string => text(call(operation, input), path);

  const vpc = make("CreateVpc", { CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }, "Vpc.VpcId");
  const loneVpc = make("CreateVpc", { CidrBlock: "10.1.0.0/16" }, "Vpc.VpcId");
  const gatedVpc = make("CreateVpc", { CidrBlock: "10.2.0.0/16" }, "Vpc.VpcId");
  const farVpc = make("CreateVpc", { CidrBlock: "10.3.0.0/16" }, "Vpc.VpcId");
  const vpcBlockAssociation = make(
    "AssociateVpcCidrBlock",
    { VpcId: vpc, CidrBlock: "10.9.0.0/16" },
    "CidrBlockAssociation.AssociationId",
  );
  const ipv6 = text(call("DescribeVpcs", { VpcIds: [vpc] }), "Vpcs.0.Ipv6CidrBlockAssociationSet.0.Ipv6CidrBlock");
  const ipv6Block = (index: number) => ipv6.replace("00::/56", `0${index}::/64`);
  const subnet = make(
    "CreateSubnet",
    { VpcId: vpc, CidrBlock: "10.0.1.0/24", Ipv6CidrBlock: ipv6Block(1) },
    "Subnet.SubnetId",
  );
  const routedSubnet = make("CreateSubnet", { VpcId: vpc, CidrBlock: "10.0.2.0/24" }, "Subnet.SubnetId");
  const plainSubnet = make("CreateSubnet", { VpcId: vpc, CidrBlock: "10.0.3.0/24" }, "Subnet.SubnetId");
  const subnetBlockAssociation = make(
    "AssociateSubnetCidrBlock",
    { SubnetId: routedSubnet, Ipv6CidrBlock: ipv6Block(2) },
    "Ipv6CidrBlockAssociation.AssociationId",
  );
  const internetGateway = make("CreateInternetGateway", {}, "InternetGateway.InternetGatewayId");
  call("AttachInternetGateway", { InternetGatewayId: internetGateway, VpcId: vpc });
  const loneInternetGateway = make("CreateInternetGateway", {}, "InternetGateway.InternetGatewayId");
  call("AttachInternetGateway", { InternetGatewayId: loneInternetGateway, VpcId: gatedVpc });
  const prefixListInput = { MaxEntries: 2, AddressFamily: "IPv4", Entries: [{ Cidr: "192.0.2.0/24" }] };
  const prefixList = make(
    "CreateManagedPrefixList",
    { ...prefixListInput, PrefixListName: "one" },
    "PrefixList.PrefixListId",
  );
  const routedPrefixList = make(
    "CreateManagedPrefixList",
    { ...prefixListInput, PrefixListName: "two" },
    "PrefixList.PrefixListId",
  );
  cloud.advance(60_000);
  call("ModifyManagedPrefixList", {
    PrefixListId: prefixList,
    CurrentVersion: 1,
    AddEntries: [{ Cidr: "198.51.100.0/24" }],
  });
  const routeTable = make("CreateRouteTable", { VpcId: vpc }, "RouteTable.RouteTableId");
  const otherTable = make("CreateRouteTable", { VpcId: vpc }, "RouteTable.RouteTableId");
  const routeTableAssociation = make(
    "AssociateRouteTable",
    { RouteTableId: otherTable, SubnetId: routedSubnet },
    "AssociationId",
  );
  const group = make("CreateSecurityGroup", { GroupName: "one", Description: "one", VpcId: vpc }, "GroupId");
  const otherGroup = make("CreateSecurityGroup", { GroupName: "two", Description: "two", VpcId: vpc }, "GroupId");
  const rule = make(
    "AuthorizeSecurityGroupIngress",
    {
      GroupId: group,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
    },
    "SecurityGroupRules.0.SecurityGroupRuleId",
  );
  const networkAcl = make("CreateNetworkAcl", { VpcId: vpc }, "NetworkAcl.NetworkAclId");
  call("CreateNetworkAclEntry", {
    NetworkAclId: networkAcl,
    RuleNumber: 100,
    Protocol: "-1",
    RuleAction: "allow",
    Egress: false,
    CidrBlock: "0.0.0.0/0",
  });
  const networkAclAssociation = text(
    call("DescribeNetworkAcls", { Filters: [{ Name: "association.subnet-id", Values: [subnet] }] }),
    "NetworkAcls.0.Associations.0.NetworkAclAssociationId",
  );
  const eni = make("CreateNetworkInterface", { SubnetId: subnet }, "NetworkInterface.NetworkInterfaceId");
  const attachedEni = make(
    "CreateNetworkInterface",
    { SubnetId: subnet, Ipv6AddressCount: 1 },
    "NetworkInterface.NetworkInterfaceId",
  );
  call("AssignPrivateIpAddresses", { NetworkInterfaceId: attachedEni, PrivateIpAddresses: ["10.0.1.77"] });
  const ipv6Address = text(
    call("DescribeNetworkInterfaces", { NetworkInterfaceIds: [attachedEni] }),
    "NetworkInterfaces.0.Ipv6Addresses.0.Ipv6Address",
  );
  const iam = { ...caller, service: "iam" };
  if (caller.region === "us-east-1") {
    cloud.call("CreateInstanceProfile", { InstanceProfileName: "profile" }, iam);
  }
  const run = (extra: object): unknown => call("RunInstances", { ...launch, SubnetId: subnet, ...extra });
  const instance = text(run({ IamInstanceProfile: { Name: "profile" } }), "Instances.0.InstanceId");
  const bareInstance = text(run({}), "Instances.0.InstanceId");
  const stoppedInstance = text(run({}), "Instances.0.InstanceId");
  cloud.advance(120_000);
  call("StopInstances", { InstanceIds: [stoppedInstance] });
  const attachment = make(
    "AttachNetworkInterface",
    { NetworkInterfaceId: attachedEni, InstanceId: instance, DeviceIndex: 1 },
    "AttachmentId",
  );
  const freeAddress = make("AllocateAddress", {}, "AllocationId");
  const associatedAddress = make("AllocateAddress", {}, "AllocationId");
  const natAddress = make("AllocateAddress", {}, "AllocationId");
  const publicIp = (allocation: string) =>
    text(call("DescribeAddresses", { AllocationIds: [allocation] }), "Addresses.0.PublicIp");
  const natGateway = make(
    "CreateNatGateway",
    { SubnetId: subnet, AllocationId: natAddress },
    "NatGateway.NatGatewayId",
  );
  call("CreateRoute", { RouteTableId: routeTable, DestinationCidrBlock: "0.0.0.0/0", NetworkInterfaceId: eni });
  call("CreateRoute", { RouteTableId: routeTable, DestinationPrefixListId: routedPrefixList, NetworkInterfaceId: eni });
  const peering = make(
    "CreateVpcPeeringConnection",
    { VpcId: vpc, PeerVpcId: farVpc },
    "VpcPeeringConnection.VpcPeeringConnectionId",
  );
  const pendingPeering = make(
    "CreateVpcPeeringConnection",
    { VpcId: gatedVpc, PeerVpcId: farVpc },
    "VpcPeeringConnection.VpcPeeringConnectionId",
  );
  for (const VpcId of [vpc, farVpc]) call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
  cloud.advance(120_000);
  call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: peering });
  const insightsPath = () =>
    make(
      "CreateNetworkInsightsPath",
      { Protocol: "tcp", Source: instance, Destination: bareInstance },
      "NetworkInsightsPath.NetworkInsightsPathId",
    );
  const analysedPath = insightsPath();
  return {
    ...transitGatewayNetwork(cloud, caller, { prefixList, routedPrefixList }),
    edgeTable: make("CreateRouteTable", { VpcId: vpc }, "RouteTable.RouteTableId"),
    vpc,
    loneVpc,
    gatedVpc,
    vpcBlockAssociation,
    freeIpv6Block: ipv6Block(3),
    subnet,
    plainSubnet,
    subnetBlockAssociation,
    ipv6Address,
    internetGateway,
    loneInternetGateway,
    prefixList,
    routedPrefixList,
    routeTable,
    routeTableAssociation,
    group,
    otherGroup,
    rule,
    networkAcl,
    networkAclAssociation,
    eni,
    attachedEni,
    attachment,
    instance,
    bareInstance,
    stoppedInstance,
    natGateway,
    peering,
    pendingPeering,
    freeAddress,
    freePublicIp: publicIp(freeAddress),
    associatedPublicIp: publicIp(associatedAddress),
    addressAssociation: make(
      "AssociateAddress",
      { AllocationId: associatedAddress, NetworkInterfaceId: attachedEni },
      "AssociationId",
    ),
    freeInternetGateway: make("CreateInternetGateway", {}, "InternetGateway.InternetGatewayId"),
    egressOnlyInternetGateway: make(
      "CreateEgressOnlyInternetGateway",
      { VpcId: vpc },
      "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId",
    ),
    dhcpOptions: make(
      "CreateDhcpOptions",
      { DhcpConfigurations: [{ Key: "domain-name", Values: ["x.test"] }] },
      "DhcpOptions.DhcpOptionsId",
    ),
    endpoint: make(
      "CreateVpcEndpoint",
      { VpcEndpointType: "Interface", ServiceName: `com.amazonaws.${caller.region}.sts`, VpcId: vpc, SubnetIds: [] },
      "VpcEndpoint.VpcEndpointId",
    ),
    analysedPath,
    insightsPath: insightsPath(),
    insightsAnalysis: make(
      "StartNetworkInsightsAnalysis",
      { NetworkInsightsPathId: analysedPath },
      "NetworkInsightsAnalysis.NetworkInsightsAnalysisId",
    ),
    keyPair: make("CreateKeyPair", { KeyName: "key" }, "KeyPairId"),
    volume: text(
      call("DescribeVolumes", { Filters: [{ Name: "attachment.instance-id", Values: [instance] }] }),
      "Volumes.0.VolumeId",
    ),
    profileAssociation: text(
      call("DescribeIamInstanceProfileAssociations", { Filters: [{ Name: "instance-id", Values: [instance] }] }),
      "IamInstanceProfileAssociations.0.AssociationId",
    ),
  };
}
