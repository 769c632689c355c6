/**
 * A VPC without a way to the internet: a subnet with a route table of its own in each of the first Availability Zones. The zones are
 * chosen by the deployment, so that synthesis asks no account.
 */
import { Fn, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";
import { formatCidr, parseCidr, subnetAt } from "../ip/index.ts";
import { checkBlock } from "./blocks.ts";
import { DesignError } from "./design-error.ts";
import { NetworkSide } from "./network-side.ts";

/** Properties of a PrivateVpc. */
export interface PrivateVpcProps {
  /** Its IPv4 block. */
  readonly cidrBlock: string;

  /**
   * How many Availability Zones have a subnet.
   *
   * @default 1
   */
  readonly availabilityZones?: number;

  /**
   * The Name tag.
   *
   * @default - the construct's path
   */
  readonly name?: string;
}

/** A VPC of private subnets, one in each Availability Zone. */
export class PrivateVpc extends Construct {
  /** The VPC, for constructs that take one. */
  readonly vpc: ec2.IVpc;
  /** The VPC as a side of connections. */
  readonly side: NetworkSide;
  /** The subnets' ids. */
  readonly subnetIds: string[];

  constructor(scope: Construct, id: string, props: PrivateVpcProps) {
    super(scope, id);
    const { cidrBlock, availabilityZones: count = 1, name = this.node.path } = props;
    const vpc = new ec2.CfnVPC(this, "Resource", {
      cidrBlock,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: [{ key: "Name", value: name }],
    });
    const blocks = split(this.node.path, cidrBlock, count);
    const zones = blocks.map((_, index) => Fn.select(index, Fn.getAzs()));
    const subnets = blocks.map((block, index) =>
      makeSubnet(this, { vpc, name, block, zone: zones[index] ?? "", number: index + 1 }),
    );
    this.subnetIds = subnets.map(({ subnetId }) => subnetId);
    const routeTableIds = subnets.map(({ routeTableId }) => routeTableId);
    this.vpc = ec2.Vpc.fromVpcAttributes(this, "Vpc", {
      vpcId: vpc.attrVpcId,
      vpcCidrBlock: cidrBlock,
      availabilityZones: zones,
      isolatedSubnetIds: this.subnetIds,
      isolatedSubnetRouteTableIds: routeTableIds,
      region: Stack.of(this).region,
    });
    const { account: ownerId, region } = Stack.of(this);
    const { subnetIds } = this;
    this.side = NetworkSide.fromAttributes({
      vpcId: vpc.attrVpcId,
      cidrBlocks: [cidrBlock],
      routeTableIds,
      subnetIds,
      ownerId,
      region,
    });
  }
}

interface SubnetPlan {
  readonly vpc: ec2.CfnVPC;
  readonly name: string;
  readonly block: string;
  readonly zone: string;
  readonly number: number;
}

function makeSubnet(scope: Construct, { vpc, name, block, zone, number }: SubnetPlan) {
  const tags = [{ key: "Name", value: `${name}/${number}` }];
  const subnet = new ec2.CfnSubnet(scope, `Subnet${number}`, {
    vpcId: vpc.attrVpcId,
    cidrBlock: block,
    availabilityZone: zone,
    tags,
  });
  const table = new ec2.CfnRouteTable(scope, `RouteTable${number}`, { vpcId: vpc.attrVpcId, tags });
  new ec2.CfnSubnetRouteTableAssociation(scope, `RouteTableAssociation${number}`, {
    subnetId: subnet.attrSubnetId,
    routeTableId: table.attrRouteTableId,
  });
  return { subnetId: subnet.attrSubnetId, routeTableId: table.attrRouteTableId };
}

/** Equal parts, as many as a power of two has at least. AWS's subnets are /28 or larger. */
function split(path: string, cidrBlock: string, count: number): readonly string[] {
  checkBlock(cidrBlock, `${path}: cidrBlock`);
  const block = parseCidr(cidrBlock);
  if (block === undefined || block.family !== "ipv4")
    throw new DesignError(`${path}: cidrBlock is ${cidrBlock}; give an IPv4 block.`);
  const length = block.prefixLength + Math.ceil(Math.log2(count));
  if (!(count >= 1) || length > 28 || block.prefixLength < 16) {
    throw new DesignError(
      `${path}: ${cidrBlock} cannot be split for ${count} zones: a VPC is a /16 to /28, a subnet a /28 or larger.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const part = subnetAt(block, length, index);
    if (part === undefined) throw new Error(`bug: ${cidrBlock} has no part ${index} of /${length}`);
    return formatCidr(part);
  });
}
