/** A network for the snapshot test, made through the API: every kind of resource, two accounts, two Regions. */
import { hubOf } from "../../src/cloud/services/ec2/transit-gateway/test-hub.ts";
import { accountA, accountB, type TestCaller, type TestCloud } from "../../src/cloud/test-cloud.ts";

const here: TestCaller = { account: accountA, region: "us-east-1" };
const there: TestCaller = { account: accountB, region: "eu-west-1" };
const neighbour: TestCaller = { account: accountB, region: "us-east-1" };

const image = "ami-0123456789abcdef0";

export function makeNetwork(cloud: TestCloud): void {
  const hub = hubOf(cloud);
  // Outputs are walked by name; a name that is not there fails the test at the call that needs it.
  const call = (operation: string, input: object, caller: TestCaller = here): Output =>
    cloud.call<Output>(operation, input, caller);
  const vpc = makeVpc();
  const rules = makeGroups();
  makeGateways();
  makeInstances();
  const others = makePeerings();
  makeTransitGateways();

  function makeVpc() {
    const made = call("CreateVpc", {
      CidrBlock: "10.0.0.0/16",
      AmazonProvidedIpv6CidrBlock: true,
      ...named("vpc", "hub"),
    });
    const VpcId = text(made, "Vpc.VpcId");
    call("AssociateVpcCidrBlock", { VpcId, CidrBlock: "10.100.0.0/16" });
    call("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
    const described = call("DescribeVpcs", { VpcIds: [VpcId] });
    const block = text(described, "Vpcs.0.Ipv6CidrBlockAssociationSet.0.Ipv6CidrBlock");
    const front = call("CreateSubnet", {
      VpcId,
      CidrBlock: "10.0.1.0/24",
      Ipv6CidrBlock: block.replace("/56", "/64"),
      AvailabilityZone: "us-east-1a",
      ...named("subnet", "front"),
    });
    const back = hub.subnet(VpcId, "10.100.2.0/24", "b");
    return { VpcId, front: text(front, "Subnet.SubnetId"), back, table: hub.mainTable(VpcId) };
  }

  function makeGroups() {
    const list = call("CreateManagedPrefixList", {
      PrefixListName: "offices",
      AddressFamily: "IPv4",
      MaxEntries: 5,
      Entries: [{ Cidr: "192.0.2.0/24" }, { Cidr: "198.51.100.0/24", Description: "second" }],
    });
    const PrefixListId = text(list, "PrefixList.PrefixListId");
    const web = group("web");
    const db = group("db");
    call("AuthorizeSecurityGroupIngress", {
      GroupId: web,
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 443,
          ToPort: 443,
          IpRanges: [{ CidrIp: "0.0.0.0/0", Description: "everybody" }],
        },
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
        { IpProtocol: "icmp", FromPort: 8, ToPort: -1, PrefixListIds: [{ PrefixListId }] },
        { IpProtocol: "50", IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      ],
    });
    call("AuthorizeSecurityGroupIngress", {
      GroupId: db,
      IpPermissions: [{ IpProtocol: "udp", FromPort: 53, ToPort: 5353, UserIdGroupPairs: [{ GroupId: web }] }],
    });
    const acl = text(
      call("CreateNetworkAcl", { VpcId: vpc.VpcId, ...named("network-acl", "strict") }),
      "NetworkAcl.NetworkAclId",
    );
    const entry = { NetworkAclId: acl, RuleAction: "allow", CidrBlock: "10.0.0.0/8" };
    call("CreateNetworkAclEntry", {
      ...entry,
      RuleNumber: 200,
      Egress: false,
      Protocol: "6",
      PortRange: { From: 1, To: 99 },
    });
    call("CreateNetworkAclEntry", {
      ...entry,
      RuleNumber: 100,
      Egress: false,
      Protocol: "1",
      IcmpTypeCode: { Type: 8, Code: -1 },
    });
    call("CreateNetworkAclEntry", { ...entry, RuleNumber: 100, Egress: true, Protocol: "-1" });
    const acls = call("DescribeNetworkAcls", { Filters: [{ Name: "association.subnet-id", Values: [vpc.back] }] });
    const associations = listAt(acls, "NetworkAcls.0.Associations");
    const own = associations.find((each) => text(each, "SubnetId") === vpc.back);
    call("ReplaceNetworkAclAssociation", { AssociationId: text(own, "NetworkAclAssociationId"), NetworkAclId: acl });
    return { web, db, PrefixListId };
  }

  function group(GroupName: string): string {
    return text(call("CreateSecurityGroup", { GroupName, Description: GroupName, VpcId: vpc.VpcId }), "GroupId");
  }

  function makeGateways(): void {
    const { VpcId, front, back, table } = vpc;
    const igw = text(
      call("CreateInternetGateway", named("internet-gateway", "out")),
      "InternetGateway.InternetGatewayId",
    );
    call("AttachInternetGateway", { VpcId, InternetGatewayId: igw });
    call("CreateInternetGateway", {});
    const eigw = call("CreateEgressOnlyInternetGateway", { VpcId });
    const EgressOnlyInternetGatewayId = text(eigw, "EgressOnlyInternetGateway.EgressOnlyInternetGatewayId");
    const AllocationId = text(call("AllocateAddress", { Domain: "vpc" }), "AllocationId");
    const NatGatewayId = text(call("CreateNatGateway", { SubnetId: front, AllocationId }), "NatGateway.NatGatewayId");
    call("CreateNatGateway", { SubnetId: back, ConnectivityType: "private" });
    call("CreateRoute", { RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", GatewayId: igw });
    call("CreateRoute", { RouteTableId: table, DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId });
    const own = text(call("CreateRouteTable", { VpcId, ...named("route-table", "back") }), "RouteTable.RouteTableId");
    call("AssociateRouteTable", { RouteTableId: own, SubnetId: back });
    call("CreateRoute", { RouteTableId: own, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId });
    call("CreateRoute", { RouteTableId: own, DestinationPrefixListId: rules.PrefixListId, NatGatewayId });
    call("CreateVpcEndpoint", {
      VpcId,
      ServiceName: "com.amazonaws.us-east-1.ssm",
      VpcEndpointType: "Interface",
      SubnetIds: [back],
    });
  }

  function makeInstances(): void {
    const launch = { ImageId: image, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1 };
    const ran = call("RunInstances", {
      ...launch,
      ...named("instance", "web"),
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: vpc.front,
          Groups: [rules.web],
          AssociatePublicIpAddress: true,
          Ipv6AddressCount: 1,
          SecondaryPrivateIpAddressCount: 1,
        },
      ],
    });
    call("RunInstances", { ...launch, SubnetId: vpc.back, SecurityGroupIds: [rules.db] });
    const stopped = text(call("RunInstances", { ...launch, SubnetId: vpc.back }), "Instances.0.InstanceId");
    cloud.advance(60_000);
    call("StopInstances", { InstanceIds: [stopped] });
    const loose = text(call("CreateNetworkInterface", { SubnetId: vpc.back }), "NetworkInterface.NetworkInterfaceId");
    call("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: loose, SourceDestCheck: { Value: false } });
    call("CreateRoute", { RouteTableId: vpc.table, DestinationCidrBlock: "172.16.0.0/12", NetworkInterfaceId: loose });
    const gone = text(ran, "Instances.0.InstanceId");
    call("CreateTags", { Resources: [gone], Tags: [{ Key: "role", Value: "front" }] });
  }

  function makePeerings() {
    const near = hub.vpc("10.1.0.0/16");
    const foreign = hub.vpc("10.2.0.0/16", neighbour);
    const far = hub.vpc("10.3.0.0/16", there);
    const nearby = peer(near.VpcId, {}, here);
    const abroad = peer(foreign.VpcId, { PeerOwnerId: accountB }, neighbour);
    peer(far.VpcId, { PeerOwnerId: accountB, PeerRegion: "eu-west-1" }, there);
    call("CreateVpcPeeringConnection", { VpcId: near.VpcId, PeerVpcId: foreign.VpcId, PeerOwnerId: accountB });
    call("CreateRoute", {
      RouteTableId: vpc.table,
      DestinationCidrBlock: "10.1.0.0/16",
      VpcPeeringConnectionId: nearby,
    });
    call("CreateTags", { Resources: [abroad], Tags: [{ Key: "Name", Value: "theirs" }] }, neighbour);
    const foreignGroup = text(
      call("CreateSecurityGroup", { GroupName: "theirs", Description: "theirs", VpcId: foreign.VpcId }, neighbour),
      "GroupId",
    );
    call("AuthorizeSecurityGroupIngress", {
      GroupId: rules.db,
      IpPermissions: [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: foreignGroup, UserId: accountB }] }],
    });
    return { near, foreign, far };
  }

  function peer(PeerVpcId: string, peerInput: object, accepter: TestCaller): string {
    const input = { VpcId: vpc.VpcId, PeerVpcId, ...peerInput, ...named("vpc-peering-connection", PeerVpcId) };
    const id = text(call("CreateVpcPeeringConnection", input), "VpcPeeringConnection.VpcPeeringConnectionId");
    cloud.advance(10_000);
    call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: id }, accepter);
    cloud.advance(10_000);
    return id;
  }

  function makeTransitGateways(): void {
    const gateway = hub.gateway({ SecurityGroupReferencingSupport: "enable" });
    const second = hub.gateway({ DefaultRouteTablePropagation: "disable" });
    const remote = hub.gateway({ AmazonSideAsn: 64_600 }, there);
    hub.share(gateway, accountB);
    const own = hub.attachVpc({ TransitGatewayId: gateway, VpcId: vpc.VpcId, SubnetIds: [vpc.front, vpc.back] });
    const foreign = { TransitGatewayId: gateway, VpcId: others.foreign.VpcId, SubnetIds: [others.foreign.SubnetId] };
    const shared = hub.attachVpc(foreign, neighbour);
    cloud.advance(600_000);
    call("AcceptTransitGatewayVpcAttachment", { TransitGatewayAttachmentId: shared });
    const table = hub.routeTable(gateway);
    const within = hub.peer(gateway, second).TransitGatewayAttachmentId;
    const between = hub.peer(gateway, remote, there).TransitGatewayAttachmentId ?? "";
    cloud.advance(600_000);
    accept(second, here);
    accept(remote, there);
    cloud.advance(600_000);
    call("CreateRoute", { RouteTableId: vpc.table, DestinationCidrBlock: "10.64.0.0/10", TransitGatewayId: gateway });
    const route = { TransitGatewayRouteTableId: table };
    call("CreateTransitGatewayRoute", {
      ...route,
      DestinationCidrBlock: "10.9.0.0/16",
      TransitGatewayAttachmentId: between,
    });
    call("CreateTransitGatewayRoute", {
      ...route,
      DestinationCidrBlock: "10.8.0.0/16",
      TransitGatewayAttachmentId: within,
    });
    call("CreateTransitGatewayRoute", { ...route, DestinationCidrBlock: "192.168.0.0/16", Blackhole: true });
    call("EnableTransitGatewayRouteTablePropagation", { ...route, TransitGatewayAttachmentId: shared });
    call("CreateTransitGatewayPrefixListReference", {
      ...route,
      PrefixListId: rules.PrefixListId,
      TransitGatewayAttachmentId: own,
    });
    cloud.advance(600_000);
  }

  function accept(gatewayId: string, caller: TestCaller): void {
    const Filters = [{ Name: "transit-gateway-id", Values: [gatewayId] }];
    const asked = call("DescribeTransitGatewayPeeringAttachments", { Filters }, caller);
    const TransitGatewayAttachmentId = text(asked, "TransitGatewayPeeringAttachments.0.TransitGatewayAttachmentId");
    call("AcceptTransitGatewayPeeringAttachment", { TransitGatewayAttachmentId }, caller);
  }
}

type Output = Readonly<Record<string, unknown>>;

function named(ResourceType: string, Value: string) {
  return { TagSpecifications: [{ ResourceType, Tags: [{ Key: "Name", Value }] }] };
}

/** The text at a path such as `Instances.0.InstanceId`. */
function text(output: unknown, path: string): string {
  const value = at(output, path);
  if (typeof value !== "string") throw new Error(`no text at ${path}`);
  return value;
}

function listAt(output: unknown, path: string): readonly unknown[] {
  const value = at(output, path);
  if (!Array.isArray(value)) throw new Error(`no list at ${path}`);
  return value;
}

function at(output: unknown, path: string): unknown {
  let value = output;
  for (const name of path.split(".")) value = new Map(Object.entries(value ?? {})).get(name);
  return value;
}
