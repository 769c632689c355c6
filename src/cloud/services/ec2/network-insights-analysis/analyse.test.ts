/** What analyses find: the engine's answers in Reachability Analyzer's shape. (semantics 11.11, 11.12) */
import { describe, expect, test } from "vitest";
import { accountA, accountB } from "../../../test-cloud.ts";
import { type Asked, attached, codes, ids, laboratory, peered } from "./test-laboratory.ts";

const refusal = (code: string) => expect.objectContaining({ code });

describe("[PX-50] over a peering", () => {
  test("there and back, component by component", () => {
    const { lab, a, b, pcx } = peered();
    const analysis = lab.analysed({ Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 443 });
    expect(analysis).toMatchObject({ Status: "succeeded", NetworkPathFound: true });
    expect(analysis).not.toHaveProperty("Explanations");
    const [enis, acls] = [[], []] as [string[], string[]];
    for (const { InstanceId, VpcId } of [a, b]) {
      enis.push(lab.interfaceOf(InstanceId).NetworkInterfaceId ?? "");
      acls.push(lab.cloud.model().networkAcls.find((each) => each.vpcId === VpcId)?.networkAclId ?? "");
    }
    expect(ids(analysis.ForwardPathComponents)).toEqual([
      a.InstanceId,
      enis[0],
      a.GroupId,
      acls[0],
      a.RouteTableId,
      pcx,
      acls[1],
      b.GroupId,
      enis[1],
      b.InstanceId,
    ]);
    expect(ids(analysis.ReturnPathComponents)).toEqual([
      b.InstanceId,
      enis[1],
      acls[1],
      b.RouteTableId,
      pcx,
      acls[0],
      enis[0],
      a.InstanceId,
    ]);
    const [instance, eni, group, acl, table, peering] = analysis.ForwardPathComponents ?? [];
    expect(instance).toMatchObject({
      SequenceNumber: 1,
      Component: { Id: a.InstanceId, Arn: `arn:aws:ec2:us-east-1:${accountA}:instance/${a.InstanceId}` },
      OutboundHeader: {
        SourceAddresses: ["10.0.1.10/32"],
        DestinationAddresses: ["10.1.1.10/32"],
        DestinationPortRanges: [{ From: 443, To: 443 }],
        SourcePortRanges: [{ From: 0, To: 65_535 }],
        Protocol: "6",
      },
    });
    expect(eni).toMatchObject({ AttachedTo: { Id: a.InstanceId }, Subnet: { Id: a.SubnetId }, Vpc: { Id: a.VpcId } });
    expect(group?.SecurityGroupRule).toEqual({ Cidr: "0.0.0.0/0", Direction: "egress", Protocol: "all" });
    expect(acl?.AclRule).toEqual({
      Cidr: "0.0.0.0/0",
      Egress: true,
      Protocol: "all",
      RuleAction: "allow",
      RuleNumber: 100,
    });
    expect(table?.RouteTableRoute).toEqual({
      DestinationCidr: "10.1.0.0/16",
      VpcPeeringConnectionId: pcx,
      Origin: "createroute",
      State: "active",
    });
    expect(peering).toMatchObject({ SourceVpc: { Id: a.VpcId }, DestinationVpc: { Id: b.VpcId } });
    expect(analysis.ForwardPathComponents?.at(-1)).toHaveProperty("InboundHeader");
  });

  test("no route back: AWS's code, the table, and what a route would name", () => {
    const { lab, a, b, pcx } = peered();
    const route = { RouteTableId: b.RouteTableId, DestinationCidrBlock: "10.0.0.0/16" };
    lab.cloud.call("DeleteRoute", route);
    expect(lab.analysed({ Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 443 })).toMatchObject({
      Status: "succeeded",
      NetworkPathFound: false,
      Explanations: [
        { ExplanationCode: "NO_ROUTE_TO_DESTINATION", RouteTable: { Id: b.RouteTableId }, Vpc: { Id: b.VpcId } },
      ],
      AlternatePathHints: [
        { ComponentId: pcx, ComponentArn: expect.stringContaining(`vpc-peering-connection/${pcx}`) },
      ],
    });
  });

  test("UDP, and each protocol for itself", () => {
    const { lab, a, b } = peered();
    const asked = { Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 53 };
    expect(lab.analysed({ ...asked, Protocol: "udp" })).toMatchObject({
      NetworkPathFound: false,
      Explanations: [
        {
          ExplanationCode: "ENI_SG_RULES_MISMATCH",
          Direction: "ingress",
          SecurityGroups: [{ Id: b.GroupId }],
          NetworkInterface: { Id: lab.interfaceOf(b.InstanceId).NetworkInterfaceId },
        },
      ],
    });
    lab.allow(b.GroupId, "10.0.0.0/8", 53, "udp");
    const analysis = lab.analysed({ ...asked, Protocol: "udp" });
    expect(analysis.NetworkPathFound).toBe(true);
    expect(analysis.ForwardPathComponents?.[0]?.OutboundHeader?.Protocol).toBe("17");
    expect(lab.analysed(asked).NetworkPathFound).toBe(false);
  });

  test("without a port, any that gets through will do", () => {
    const { lab, a, b } = peered(8080);
    const asked = { Source: a.InstanceId, Destination: b.InstanceId };
    const analysis = lab.analysed(asked);
    expect(analysis.NetworkPathFound).toBe(true);
    expect(analysis.ForwardPathComponents?.[0]?.OutboundHeader?.DestinationPortRanges).toEqual([
      { From: 8080, To: 8080 },
    ]);
    const range = (FromPort: number, ToPort: number) => ({
      ...asked,
      FilterAtSource: { DestinationPortRange: { FromPort, ToPort } },
    });
    expect(lab.analysed(range(8000, 9000)).NetworkPathFound).toBe(true);
    expect(lab.analysed(range(8081, 9000)).NetworkPathFound).toBe(false);
  });

  test("[PX-52] not to a third VPC: our own code is told in the warning", () => {
    const { lab, a, b, pcx } = peered();
    const c = lab.vpc(2);
    const route = { RouteTableId: a.RouteTableId, DestinationCidrBlock: "10.2.0.0/16", VpcPeeringConnectionId: pcx };
    lab.cloud.call("CreateRoute", route);
    const analysis = lab.analysed({ Source: a.InstanceId, Destination: c.InstanceId, DestinationPort: 443 });
    expect(codes(analysis)).toContain("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR");
    expect(codes(analysis)?.filter((each) => each?.startsWith("X_"))).toEqual([]);
    expect(analysis.WarningMessage).toContain(`X_PEERING_NOT_TRANSITIVE at ${pcx}`);
    expect(codes(lab.analysed({ Source: b.InstanceId, Destination: c.InstanceId }))).toContain("DISCONNECTED_VPCS");
  });

  test("as an end of the path", () => {
    const { lab, a, b, pcx } = peered();
    const into = lab.analysed({ Source: a.InstanceId, Destination: pcx, DestinationPort: 443 });
    expect(into.NetworkPathFound).toBe(true);
    expect(ids(into.ForwardPathComponents)?.at(-1)).toBe(pcx);
    const outOf = lab.analysed({ Source: pcx, Destination: b.InstanceId, DestinationPort: 443 });
    expect(outOf.NetworkPathFound).toBe(true);
    expect(ids(outOf.ForwardPathComponents)?.[0]).toBe(pcx);
    expect(codes(lab.analysed({ Source: pcx, Destination: b.InstanceId, DestinationPort: 22 }))).toEqual([
      "ENI_SG_RULES_MISMATCH",
    ]);
  });
});

describe("[TG-30] over a transit gateway", () => {
  test("TCP is judged by the way there alone; a lost answer is told besides", () => {
    const { lab, a, b, TransitGatewayId, attachments } = attached();
    const asked = { Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 443 };
    const analysis = lab.analysed(asked);
    expect(analysis.NetworkPathFound).toBe(true);
    expect(analysis).not.toHaveProperty("ReturnPathComponents");
    expect(analysis).not.toHaveProperty("WarningMessage");
    expect(ids(analysis.ForwardPathComponents)).toEqual(expect.arrayContaining([...attachments, TransitGatewayId]));
    const table = analysis.ForwardPathComponents?.find(({ Component }) => Component?.Id?.startsWith("tgw-rtb-"));
    expect(table).toMatchObject({
      TransitGateway: { Id: TransitGatewayId },
      TransitGatewayRouteTableRoute: {
        DestinationCidr: "10.1.0.0/16",
        AttachmentId: attachments[1],
        ResourceId: b.VpcId,
        ResourceType: "vpc",
        RouteOrigin: "propagated",
        State: "active",
      },
      AdditionalDetails: [{ AdditionalDetailType: "UNIDIRECTIONAL_PATH_ANALYSIS_ONLY" }],
    });
    lab.cloud.call("DeleteRoute", { RouteTableId: b.RouteTableId, DestinationCidrBlock: "10.0.0.0/8" });
    const lost = lab.analysed(asked);
    expect(lost).toMatchObject({
      NetworkPathFound: true,
      WarningMessage: expect.stringContaining(`NO_ROUTE_TO_DESTINATION at ${b.RouteTableId}`),
    });
    const details = lost.ForwardPathComponents?.flatMap((each) => each.AdditionalDetails ?? []);
    expect(details?.map((each) => each.AdditionalDetailType)).toContain("RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY");
    lab.allow(b.GroupId, "10.0.0.0/16", 443, "udp");
    expect(codes(lab.analysed({ ...asked, Protocol: "udp" }))).toEqual(["NO_ROUTE_TO_DESTINATION"]);
  });

  test("the gateway and its attachments as ends", () => {
    const { lab, a, b, TransitGatewayId, attachments } = attached();
    for (const end of [TransitGatewayId, attachments[1]]) {
      const into = lab.analysed({ Source: a.InstanceId, Destination: end, DestinationPort: 443 });
      expect(into.NetworkPathFound, end).toBe(true);
      expect(ids(into.ForwardPathComponents)).not.toContain(b.InstanceId);
    }
    for (const Source of [TransitGatewayId, attachments[0]]) {
      const outOf = lab.analysed({ Source, Destination: b.InstanceId, DestinationPort: 443 });
      expect(outOf.NetworkPathFound, Source).toBe(true);
    }
  });

  test("one component to go through, or around", () => {
    const { lab, a, b, TransitGatewayId } = attached();
    const asked = { Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 443 };
    const arn = `arn:aws:ec2:us-east-1:${accountA}:transit-gateway/${TransitGatewayId}`;
    const FilterInArns = [`arn:aws:ec2:us-east-1:${accountA}:vpc-peering-connection/pcx-00000000000000001`];
    expect(lab.analysed(asked, { FilterInArns: [arn] }).NetworkPathFound).toBe(true);
    expect(codes(lab.analysed(asked, { FilterInArns }))).toEqual(["COMPONENT_FILTER_RESTRICTION"]);
    expect(lab.analysed(asked, { FilterOutArns: [arn] })).toMatchObject({
      NetworkPathFound: false,
      FilterOutArns: [arn],
      Explanations: [
        { ExplanationCode: "COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT", Component: { Id: TransitGatewayId } },
      ],
    });
    for (const wrong of [
      { FilterInArns: [arn, arn] },
      { FilterInArns: [TransitGatewayId] },
      { FilterOutArns: [`arn:aws:ec2:us-east-1:${accountA}:vpc/${a.VpcId}`] },
    ]) {
      expect(() => lab.analysed(asked, wrong)).toThrow(refusal("InvalidParameterValue"));
    }
  });
});

describe("[IG-5] to and from the internet", () => {
  test("from an internet gateway: by the public address, from any host that is let in", () => {
    const lab = laboratory();
    const a = lab.vpc(0);
    const igw = lab.internetGateway(a);
    const asked = { Source: igw, Destination: a.InstanceId, DestinationPort: 22 };
    lab.allow(a.GroupId, "198.51.100.0/24", 22);
    expect(codes(lab.analysed(asked))).toContain("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS");
    const PublicIp = lab.publicAddress(a.InstanceId);
    const analysis = lab.analysed(asked);
    expect(analysis.NetworkPathFound).toBe(true);
    const [first, ...rest] = analysis.ForwardPathComponents ?? [];
    expect(first).toMatchObject({
      Component: { Id: igw },
      OutboundHeader: { SourceAddresses: ["198.51.100.0/32"], DestinationAddresses: ["10.0.1.10/32"] },
    });
    expect(ids(rest)?.at(-1)).toBe(a.InstanceId);
    expect(ids(analysis.ReturnPathComponents)?.at(-1)).toBe(igw);
    const by = (FilterAtSource: Asked["FilterAtSource"], FilterAtDestination?: Asked["FilterAtDestination"]) =>
      lab.analysed({ Source: igw, Destination: a.InstanceId, FilterAtSource, FilterAtDestination });
    expect(by({ SourceAddress: "198.51.100.7" }).NetworkPathFound).toBe(true);
    expect(codes(by({ SourceAddress: "203.0.113.7" }))).toEqual(["ENI_SG_RULES_MISMATCH"]);
    expect(by({ DestinationAddress: PublicIp }).NetworkPathFound).toBe(true);
    expect(codes(by({ DestinationAddress: "10.0.1.10" }))).toEqual(["IGW_EXPECTS_PUBLIC_ADDRESS"]);
    expect(codes(by({ DestinationAddress: "198.18.99.99" }))).toEqual(["FILTER_AT_SOURCE_DESTINATION_ADDRESS"]);
    expect(by({}, { DestinationAddress: "10.0.1.10" }).NetworkPathFound).toBe(true);
    expect(codes(by({}, { DestinationAddress: PublicIp }))).toEqual(["FILTER_AT_DESTINATION_DESTINATION_ADDRESS"]);
  });

  test("to an internet gateway, and to an address on the internet without a destination", () => {
    const lab = laboratory();
    const a = lab.vpc(0);
    const igw = lab.internetGateway(a);
    const FilterAtSource = { DestinationAddress: "1.1.1.1" };
    expect(codes(lab.analysed({ Source: a.InstanceId, Destination: igw }))).toEqual([
      "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
    ]);
    const PublicIp = lab.publicAddress(a.InstanceId);
    for (const asked of [{ Destination: igw }, { FilterAtSource }]) {
      const analysis = lab.analysed({ Source: a.InstanceId, ...asked });
      expect(analysis.NetworkPathFound).toBe(true);
      expect(analysis.ForwardPathComponents?.at(-1)).toMatchObject({
        Component: { Id: igw },
        InboundHeader: { SourceAddresses: ["10.0.1.10/32"] },
      });
    }
    const atDestination = (SourceAddress: string) =>
      lab.analysed({ Source: a.InstanceId, FilterAtSource, FilterAtDestination: { SourceAddress } });
    expect(atDestination(PublicIp).NetworkPathFound).toBe(true);
    expect(codes(atDestination("10.0.1.10"))).toEqual(["FILTER_AT_DESTINATION_SOURCE_ADDRESS"]);
    const other = lab.vpc(1);
    const otherGateway = lab.internetGateway(other);
    expect(codes(lab.analysed({ Source: a.InstanceId, Destination: otherGateway }))).toEqual(["NO_PATH"]);
  });

  test("[NG-3] through a NAT gateway, whose own addresses and ports arrive", () => {
    const lab = laboratory();
    const a = lab.vpc(0);
    const SubnetId = lab.made("CreateSubnet", { VpcId: a.VpcId, CidrBlock: "10.0.2.0/24" }, "Subnet", "SubnetId");
    const RouteTableId = lab.made("CreateRouteTable", { VpcId: a.VpcId }, "RouteTable", "RouteTableId");
    lab.cloud.call("AssociateRouteTable", { RouteTableId, SubnetId });
    const igw = lab.internetGateway({ VpcId: a.VpcId, RouteTableId });
    const { AllocationId, PublicIp } = lab.cloud.call<{ AllocationId: string; PublicIp: string }>("AllocateAddress");
    const NatGatewayId = lab.made("CreateNatGateway", { SubnetId, AllocationId }, "NatGateway", "NatGatewayId");
    lab.cloud.call("CreateRoute", { RouteTableId: a.RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId });
    const asked = { Source: a.InstanceId, FilterAtSource: { DestinationAddress: "1.1.1.1" } };
    const analysis = lab.analysed({ ...asked, FilterAtDestination: { SourceAddress: PublicIp } });
    expect(analysis.NetworkPathFound).toBe(true);
    expect(ids(analysis.ForwardPathComponents)).toEqual(expect.arrayContaining([NatGatewayId, igw]));
    const nat = analysis.ForwardPathComponents?.find(({ Component }) => Component?.Id === NatGatewayId);
    expect(nat).toHaveProperty("InboundHeader");
    expect(nat).toHaveProperty("OutboundHeader");
    const low = { FromPort: 80, ToPort: 80 };
    expect(codes(lab.analysed({ ...asked, FilterAtDestination: { SourcePortRange: low } }))).toEqual([
      "FILTER_AT_DESTINATION_SOURCE_PORT_RANGE",
    ]);
    expect(codes(lab.analysed({ Source: igw, Destination: a.InstanceId }))).toContain(
      "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS",
    );
  });
});

test("[NA-9] answers need their ports: those of the path's filter, if it names any", () => {
  const { lab, a, b } = peered();
  const acl = lab.cloud.model().networkAcls.find((each) => each.vpcId === a.VpcId)?.networkAclId;
  const entry = { NetworkAclId: acl, RuleNumber: 50, RuleAction: "deny", Protocol: "6", CidrBlock: "10.1.0.0/16" };
  lab.cloud.call("CreateNetworkAclEntry", { ...entry, Egress: false, PortRange: { From: 40_000, To: 50_000 } });
  const by = (port?: number) =>
    lab.analysed({
      Source: a.InstanceId,
      Destination: b.InstanceId,
      FilterAtSource: {
        DestinationPortRange: { FromPort: 443, ToPort: 443 },
        ...(port !== undefined && { SourcePortRange: { FromPort: port, ToPort: port } }),
      },
    });
  expect(by().Explanations).toMatchObject([
    {
      ExplanationCode: "SUBNET_ACL_RESTRICTION",
      Acl: { Id: acl },
      Direction: "ingress",
      AclRule: { RuleNumber: 50, RuleAction: "deny", PortRange: { From: 40_000, To: 50_000 }, Egress: false },
    },
  ]);
  expect(by(45_000).NetworkPathFound).toBe(false);
  expect(by(50_001).NetworkPathFound).toBe(true);
});

test("[AD-50] an instance's other addresses, and not those of others", () => {
  const { lab, a, b } = peered();
  const NetworkInterfaceId = lab.interfaceOf(a.InstanceId).NetworkInterfaceId;
  lab.cloud.call("AssignPrivateIpAddresses", { NetworkInterfaceId, PrivateIpAddresses: ["10.0.1.20"] });
  const from = (SourceAddress: string) =>
    lab.analysed({ Source: a.InstanceId, Destination: b.InstanceId, FilterAtSource: { SourceAddress } });
  const analysis = from("10.0.1.20");
  expect(analysis.NetworkPathFound).toBe(true);
  expect(analysis.ForwardPathComponents?.[0]?.OutboundHeader?.SourceAddresses).toEqual(["10.0.1.20/32"]);
  expect(codes(from("10.0.1.21"))).toEqual(["FILTER_AT_SOURCE_SOURCE_ADDRESS"]);
});

test("[PL-20] to an interface endpoint, as far as its interface", () => {
  const lab = laboratory();
  const a = lab.vpc(0);
  const groups = { GroupName: "endpoint", Description: "endpoint", VpcId: a.VpcId };
  const { GroupId } = lab.cloud.call<{ GroupId: string }>("CreateSecurityGroup", groups);
  const VpcEndpointId = lab.made(
    "CreateVpcEndpoint",
    {
      VpcId: a.VpcId,
      ServiceName: "com.amazonaws.us-east-1.ssm",
      VpcEndpointType: "Interface",
      SubnetIds: [a.SubnetId],
      SecurityGroupIds: [GroupId],
      PrivateDnsEnabled: false,
    },
    "VpcEndpoint",
    "VpcEndpointId",
  );
  const asked = { Source: a.InstanceId, Destination: VpcEndpointId, DestinationPort: 443 };
  expect(codes(lab.analysed(asked))).toEqual(["SG_HAS_NO_RULES"]);
  lab.allow(GroupId, "10.0.0.0/16", 443);
  expect(lab.analysed(asked).NetworkPathFound).toBe(true);
  expect(lab.analysed({ Source: VpcEndpointId, Destination: a.InstanceId })).toMatchObject({
    NetworkPathFound: false,
    Explanations: [{ ExplanationCode: "UNSUPPORTED_COMPONENT", Component: { Id: VpcEndpointId } }],
    WarningMessage: expect.stringContaining(VpcEndpointId),
  });
});

describe("other accounts are unknown until the analysis is told of them", () => {
  function withTheirs() {
    const lab = laboratory();
    const theirs = { account: accountB };
    const [a, b] = [lab.vpc(0), lab.vpc(1, theirs)];
    const pcx = lab.peer(a.VpcId, b.VpcId, { PeerOwnerId: accountB });
    lab.cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: pcx }, theirs);
    const route = { VpcPeeringConnectionId: pcx };
    lab.cloud.call("CreateRoute", { ...route, RouteTableId: a.RouteTableId, DestinationCidrBlock: "10.1.0.0/16" });
    lab.cloud.call(
      "CreateRoute",
      { ...route, RouteTableId: b.RouteTableId, DestinationCidrBlock: "10.0.0.0/16" },
      theirs,
    );
    lab.allow(b.GroupId, "10.0.0.0/16", 443, "tcp", theirs);
    return { lab, a, b };
  }

  test("an end there, by its ARN", () => {
    const { lab, a, b } = withTheirs();
    const Destination = `arn:aws:ec2:us-east-1:${accountB}:instance/${b.InstanceId}`;
    const path = lab.path({ Source: a.InstanceId, Destination, DestinationPort: 443 });
    expect(lab.read(lab.start(path).NetworkInsightsAnalysisId)).toMatchObject({
      NetworkPathFound: false,
      Explanations: [
        { ExplanationCode: "UNKNOWN_RESOURCE", Component: { Id: b.InstanceId }, ComponentAccount: accountB },
      ],
      SuggestedAccounts: [accountB],
    });
    const told = lab.start(path, { AdditionalAccounts: [accountB] });
    expect(lab.read(told.NetworkInsightsAnalysisId)).toMatchObject({
      NetworkPathFound: true,
      AdditionalAccounts: [accountB],
    });
    expect(() => lab.start(path, { AdditionalAccounts: ["me"] })).toThrow(refusal("InvalidParameterValue"));
  });

  test("a VPC on the way", () => {
    const { lab, a, b } = withTheirs();
    const asked = { Source: a.InstanceId, FilterAtSource: { DestinationAddress: "10.1.1.10" } };
    expect(lab.analysed(asked)).toMatchObject({
      NetworkPathFound: false,
      Explanations: [
        { ExplanationCode: "UNKNOWN_DESTINATION", Component: { Id: b.VpcId }, ComponentAccount: accountB },
      ],
      SuggestedAccounts: [accountB],
      WarningMessage: expect.stringContaining(b.VpcId),
    });
    expect(lab.analysed(asked, { AdditionalAccounts: [accountB] }).NetworkPathFound).toBe(true);
  });
});
