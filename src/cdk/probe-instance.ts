/** An instance without a public address to try a network with: it answers pings from given blocks, and Session Manager opens a shell on it. */
import { CfnOutput } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as iam from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { checkBlock, isIpv6 } from "./blocks.ts";
import { DesignError } from "./design-error.ts";

/** Properties of a ProbeInstance. */
export interface ProbeInstanceProps {
  /** The VPC. */
  readonly vpcId: string;

  /** Subnets to choose from: it is in the first. */
  readonly subnetIds: string[];

  /**
   * From where it is pinged.
   *
   * @default - from nowhere
   */
  readonly pingedFrom?: string[];

  /**
   * The instance type.
   *
   * @default t3.micro
   */
  readonly instanceType?: string;

  /**
   * The Name tag.
   *
   * @default - the construct's path
   */
  readonly name?: string;
}

/** An instance to try a network with. */
export class ProbeInstance extends Construct {
  /** The instance's id. */
  readonly instanceId: string;
  /** Its address. */
  readonly privateIp: string;
  /** Its group, to let in more. */
  readonly securityGroup: ec2.ISecurityGroup;

  constructor(scope: Construct, id: string, props: ProbeInstanceProps) {
    super(scope, id);
    const { vpcId, subnetIds, pingedFrom = [], instanceType = "t3.micro", name = this.node.path } = props;
    const [subnetId] = subnetIds;
    if (subnetId === undefined) throw new DesignError(`${this.node.path}: give it a subnet.`);
    const tags = [{ key: "Name", value: name }];
    const group = new ec2.CfnSecurityGroup(this, "SecurityGroup", {
      vpcId,
      groupDescription: "Answers pings of the other side",
      securityGroupIngress: pingedFrom.map((block) => pingFrom(this.node.path, block)),
      // To Systems Manager's endpoints, and for pings of its own.
      securityGroupEgress: [{ ipProtocol: "-1", cidrIp: "0.0.0.0/0" }],
      tags,
    });
    const role = new iam.Role(this, "Role", {
      assumedBy: new iam.ServicePrincipal("ec2.amazonaws.com"),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName("AmazonSSMManagedInstanceCore")],
    });
    const profile = new iam.CfnInstanceProfile(this, "Profile", { roles: [role.roleName] });
    const instance = new ec2.CfnInstance(this, "Resource", {
      instanceType,
      subnetId,
      imageId: ec2.MachineImage.latestAmazonLinux2023().getImage(this).imageId,
      securityGroupIds: [group.attrGroupId],
      iamInstanceProfile: profile.ref,
      tags,
    });
    this.instanceId = instance.attrInstanceId;
    this.privateIp = instance.attrPrivateIp;
    this.securityGroup = ec2.SecurityGroup.fromSecurityGroupId(this, "Group", group.attrGroupId);
    new CfnOutput(this, "InstanceId", { value: this.instanceId });
    new CfnOutput(this, "PrivateIp", { value: this.privateIp });
  }
}

function pingFrom(path: string, block: string): ec2.CfnSecurityGroup.IngressProperty {
  checkBlock(block, `${path}: pingedFrom`);
  const range = isIpv6(block) ? { ipProtocol: "icmpv6", cidrIpv6: block } : { ipProtocol: "icmp", cidrIp: block };
  return { ...range, fromPort: -1, toPort: -1, description: `Pings from ${block}` };
}
