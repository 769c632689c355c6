/** What the security groups of one side let in from the other one. */
import * as ec2 from "aws-cdk-lib/aws-ec2";
import type { Construct, IDependable } from "constructs";
import { blockKey, isIpv6 } from "./blocks.ts";
import type { NetworkSide } from "./network-side.ts";

export interface SideRulesProps {
  readonly side: NetworkSide;
  readonly other: NetworkSide;
  readonly otherOwnerId: string;
  /** By the other side's groups instead of its addresses. [PX-55] */
  readonly byGroup: boolean;
  readonly after: IDependable | undefined;
}

export function addSideRules(scope: Construct, prefix: string, props: SideRulesProps): void {
  const { securityGroups = [], ports = [ec2.Port.icmpPing()] } = props.side._options;
  for (const group of securityGroups) {
    for (const port of ports) {
      for (const source of sourcesOf(props)) {
        const id = `${prefix}${keyOf(group)}From${source.key}On${port.toString().replaceAll(/[^A-Za-z0-9-]+/g, "-")}`;
        const { ipProtocol, fromPort, toPort } = port.toRuleJson();
        const rule = new ec2.CfnSecurityGroupIngress(scope, id, {
          groupId: group.securityGroupId,
          ipProtocol,
          fromPort,
          toPort,
          ...source.properties,
        });
        if (props.after !== undefined) rule.node.addDependency(props.after);
      }
    }
  }
}

/** Names a group in a construct's id: its own may be another one's too, its address is not. */
const keyOf = ({ node }: ec2.ISecurityGroup): string => node.addr.slice(-6);

interface Source {
  readonly key: string;
  readonly properties: Partial<ec2.CfnSecurityGroupIngressProps>;
}

function sourcesOf({ other, otherOwnerId, byGroup }: SideRulesProps): readonly Source[] {
  if (byGroup) {
    return (other._options.securityGroups ?? []).map((group) => ({
      key: keyOf(group),
      properties: { sourceSecurityGroupId: group.securityGroupId, sourceSecurityGroupOwnerId: otherOwnerId },
    }));
  }
  return other.cidrBlocks.map((block) => ({
    key: blockKey(block, other.cidrBlocks),
    properties: isIpv6(block) ? { cidrIpv6: block } : { cidrIp: block },
  }));
}
