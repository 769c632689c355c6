/** Small networks in a cloud, and analyses of paths through them, for tests. */
import type {
  CreateNetworkInsightsPathCommandInput,
  DescribeNetworkInsightsAnalysesCommandOutput,
  NetworkInsightsAnalysis,
  PathComponent,
  StartNetworkInsightsAnalysisCommandInput,
  StartNetworkInsightsAnalysisCommandOutput,
} from "@aws-sdk/client-ec2";
import { type TestCaller, testCloud } from "../../../test-cloud.ts";

export type Asked = Partial<CreateNetworkInsightsPathCommandInput>;

/** VPCs 10.0.0.0/16, 10.1.0.0/16, … with one subnet and one instance each, and what joins them as a test asks. */
export function laboratory(pace: "instant" | "real" = "instant") {
  const cloud = testCloud({ pace });
  const made = (operation: string, input: object, resource: string, member: string, caller?: TestCaller): string =>
    cloud.call<Record<string, Record<string, string>>>(operation, input, caller)[resource]?.[member] ?? "";
  const lab = {
    cloud,
    made,
    vpc(octet: number, caller?: TestCaller) {
      const VpcId = made("CreateVpc", { CidrBlock: `10.${octet}.0.0/16` }, "Vpc", "VpcId", caller);
      const CidrBlock = `10.${octet}.1.0/24`;
      const SubnetId = made("CreateSubnet", { VpcId, CidrBlock }, "Subnet", "SubnetId", caller);
      const InstanceId = lab.instance(SubnetId, `10.${octet}.1.10`, caller);
      const { RouteTableId } = found("RouteTables", "DescribeRouteTables", "vpc-id", VpcId, caller);
      const { GroupId } = found("SecurityGroups", "DescribeSecurityGroups", "vpc-id", VpcId, caller);
      return { VpcId, SubnetId, InstanceId, RouteTableId: RouteTableId ?? "", GroupId: GroupId ?? "" };
    },
    instance(SubnetId: string, PrivateIpAddress: string, caller?: TestCaller): string {
      const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>(
        "RunInstances",
        { ImageId: "ami-00000000000000001", MinCount: 1, MaxCount: 1, SubnetId, PrivateIpAddress },
        caller,
      );
      cloud.advance(120_000);
      return Instances[0]?.InstanceId ?? "";
    },
    interfaceOf(InstanceId: string) {
      return found("NetworkInterfaces", "DescribeNetworkInterfaces", "attachment.instance-id", InstanceId);
    },
    allow(GroupId: string, from: string, port: number, IpProtocol = "tcp", caller?: TestCaller) {
      const IpPermissions = [{ IpProtocol, FromPort: port, ToPort: port, IpRanges: [{ CidrIp: from }] }];
      cloud.call("AuthorizeSecurityGroupIngress", { GroupId, IpPermissions }, caller);
    },
    peer(a: string, b: string, options: object = {}): string {
      return made(
        "CreateVpcPeeringConnection",
        { VpcId: a, PeerVpcId: b, ...options },
        "VpcPeeringConnection",
        "VpcPeeringConnectionId",
      );
    },
    internetGateway({ VpcId, RouteTableId }: { readonly VpcId: string; readonly RouteTableId: string }): string {
      const id = made("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
      cloud.call("AttachInternetGateway", { InternetGatewayId: id, VpcId });
      cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId: id });
      return id;
    },
    publicAddress(InstanceId: string): string {
      const { AllocationId, PublicIp } = cloud.call<{ AllocationId: string; PublicIp: string }>("AllocateAddress");
      cloud.call("AssociateAddress", { AllocationId, InstanceId });
      return PublicIp;
    },
    path(asked: Asked, caller?: TestCaller): string {
      const input = { Protocol: "tcp", ...asked };
      return made("CreateNetworkInsightsPath", input, "NetworkInsightsPath", "NetworkInsightsPathId", caller);
    },
    start(NetworkInsightsPathId: string, more: Partial<StartNetworkInsightsAnalysisCommandInput> = {}) {
      const input = { NetworkInsightsPathId, ...more };
      return (
        cloud.call<StartNetworkInsightsAnalysisCommandOutput>("StartNetworkInsightsAnalysis", input)
          .NetworkInsightsAnalysis ?? {}
      );
    },
    read(id: string | undefined): NetworkInsightsAnalysis {
      const input = { NetworkInsightsAnalysisIds: [id] };
      const output = cloud.call<DescribeNetworkInsightsAnalysesCommandOutput>("DescribeNetworkInsightsAnalyses", input);
      return output.NetworkInsightsAnalyses?.[0] ?? {};
    },
    analysed(asked: Asked, more: Partial<StartNetworkInsightsAnalysisCommandInput> = {}): NetworkInsightsAnalysis {
      return lab.read(lab.start(lab.path(asked), more).NetworkInsightsAnalysisId);
    },
  };
  return lab;

  function found(list: string, operation: string, Name: string, value: string, caller?: TestCaller) {
    const output = cloud.call<Record<string, Record<string, string>[]>>(
      operation,
      { Filters: [{ Name, Values: [value] }] },
      caller,
    );
    return output[list]?.[0] ?? {};
  }
}

export function peered(port = 443) {
  const lab = laboratory();
  const [a, b] = [lab.vpc(0), lab.vpc(1)];
  const pcx = lab.peer(a.VpcId, b.VpcId);
  lab.cloud.call("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: pcx });
  for (const [RouteTableId, DestinationCidrBlock] of [
    [a.RouteTableId, "10.1.0.0/16"],
    [b.RouteTableId, "10.0.0.0/16"],
  ]) {
    lab.cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock, VpcPeeringConnectionId: pcx });
  }
  lab.allow(b.GroupId, "10.0.0.0/16", port);
  return { lab, a, b, pcx };
}

export function attached() {
  const lab = laboratory();
  const [a, b] = [lab.vpc(0), lab.vpc(1)];
  const TransitGatewayId = lab.made("CreateTransitGateway", {}, "TransitGateway", "TransitGatewayId");
  const attachments = [a, b].map(({ VpcId, SubnetId, RouteTableId }) => {
    const id = lab.made(
      "CreateTransitGatewayVpcAttachment",
      { TransitGatewayId, VpcId, SubnetIds: [SubnetId] },
      "TransitGatewayVpcAttachment",
      "TransitGatewayAttachmentId",
    );
    lab.cloud.call("CreateRoute", { RouteTableId, DestinationCidrBlock: "10.0.0.0/8", TransitGatewayId });
    return id;
  });
  lab.allow(b.GroupId, "10.0.0.0/16", 443);
  return { lab, a, b, TransitGatewayId, attachments };
}

/** The components' ids, in order. */
export function ids(components: readonly PathComponent[] | undefined): readonly (string | undefined)[] | undefined {
  return components?.map(({ Component }) => Component?.Id);
}

export function codes({ Explanations }: NetworkInsightsAnalysis): readonly (string | undefined)[] | undefined {
  return Explanations?.map((each) => each.ExplanationCode);
}
