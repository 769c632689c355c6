/** The interface endpoints that Systems Manager's agent needs in a VPC without a way out, with private DNS names. */
import { Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Construct } from "constructs";

/** Properties of SessionManagerEndpoints. */
export interface SessionManagerEndpointsProps {
  /** The VPC. */
  readonly vpcId: string;

  /** One in each Availability Zone that is to have an interface. */
  readonly subnetIds: string[];

  /** From where instances reach them: the VPC's blocks. */
  readonly cidrBlocks: string[];
}

/** Endpoints for ssm, ssmmessages and ec2messages. */
export class SessionManagerEndpoints extends Construct {
  constructor(scope: Construct, id: string, { vpcId, subnetIds, cidrBlocks }: SessionManagerEndpointsProps) {
    super(scope, id);
    const group = new ec2.CfnSecurityGroup(this, "SecurityGroup", {
      vpcId,
      groupDescription: "HTTPS from the VPC to the endpoints of Systems Manager",
      securityGroupIngress: cidrBlocks.map((cidrIp) => ({ ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIp })),
    });
    for (const service of ["ssm", "ssmmessages", "ec2messages"]) {
      new ec2.CfnVPCEndpoint(this, service, {
        vpcId,
        subnetIds,
        serviceName: `com.amazonaws.${Stack.of(this).region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        securityGroupIds: [group.attrGroupId],
      });
    }
  }
}
