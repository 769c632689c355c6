/** What keeps an instance's agent from Systems Manager: a fact each, with the ids that it is about, and how a user is told. [9.7] */

export type Missing =
  | { readonly what: "running"; readonly instanceId: string; readonly state: string }
  | { readonly what: "instance-profile"; readonly instanceId: string }
  | { readonly what: "role"; readonly instanceProfileArn: string }
  | { readonly what: "permission"; readonly roleName: string; readonly actions: readonly string[] }
  | { readonly what: "dns-support"; readonly vpcId: string }
  | { readonly what: "route"; readonly subnetId: string; readonly routeTableId: string; readonly vpcId: string }
  | {
      readonly what: "followed-route";
      readonly routeTableId: string;
      readonly destination: string;
      readonly target: string;
    }
  | { readonly what: "public-address"; readonly networkInterfaceId: string; readonly internetGatewayId: string }
  | { readonly what: "public-nat-gateway"; readonly natGatewayId: string; readonly because: string }
  | { readonly what: "available-endpoint"; readonly vpcEndpointId: string; readonly state: string }
  | { readonly what: "private-dns"; readonly vpcEndpointId: string }
  | { readonly what: "dns-hostnames"; readonly vpcEndpointId: string; readonly vpcId: string }
  | { readonly what: "endpoint-subnet"; readonly vpcEndpointId: string }
  | {
      readonly what: "egress-rule";
      readonly instanceId: string;
      readonly groupIds: readonly string[];
      readonly to: string;
    }
  | {
      readonly what: "endpoint-rule";
      readonly vpcEndpointId: string;
      readonly groupIds: readonly string[];
      readonly from: string;
    }
  | {
      readonly what: "acl-entry";
      readonly networkAclId: string;
      readonly subnetId: string;
      readonly direction: "in" | "out";
      readonly peer: string;
      readonly ports: string;
    };

/** `services` are those of Systems Manager that are out of reach for it: `ssm`, `ssmmessages`. */
export interface MissingFor {
  readonly missing: Missing;
  readonly services: readonly string[];
}

/** One clause, without a full stop. */
export function inWords({ missing, services }: MissingFor): string {
  const both = services.join(" and ");
  switch (missing.what) {
    case "running":
      return `${missing.instanceId} is ${missing.state}`;
    case "instance-profile":
      return `${missing.instanceId} has no instance profile: associate one whose role has the policy AmazonSSMManagedInstanceCore`;
    case "role":
      return `the instance profile ${missing.instanceProfileArn} has no role`;
    case "permission":
      return `the role ${missing.roleName} does not allow ${missing.actions.join(", ")}: attach the policy AmazonSSMManagedInstanceCore`;
    case "dns-support":
      return `${missing.vpcId} answers no names: set its attribute enableDnsSupport`;
    case "route":
      return `no route from ${missing.subnetId} to ${both}: create interface endpoints for ${both} in ${missing.vpcId}, with private DNS, or a route in ${missing.routeTableId} to an internet gateway or a NAT gateway`;
    case "followed-route":
      return `${both} would be reached by the route to ${missing.destination} in ${missing.routeTableId} over ${missing.target}, which this local cloud does not follow here: create interface endpoints for ${both}`;
    case "public-address":
      return `${missing.networkInterfaceId} has no public address, without which ${missing.internetGatewayId} does not take it to ${both}`;
    case "public-nat-gateway":
      return `${missing.natGatewayId} does not lead to ${both}: ${missing.because}`;
    case "available-endpoint":
      return `${missing.vpcEndpointId} for ${both} is ${missing.state}`;
    case "private-dns":
      return `${missing.vpcEndpointId} for ${both} has no private DNS: enable it, so that the agent finds it`;
    case "dns-hostnames":
      return `the private DNS of ${missing.vpcEndpointId} for ${both} does not answer: set the attribute enableDnsHostnames of ${missing.vpcId}`;
    case "endpoint-subnet":
      return `${missing.vpcEndpointId} for ${both} is in no subnet`;
    case "egress-rule":
      return `${groups(missing.groupIds)} of ${missing.instanceId} does not let TCP 443 out to ${missing.to}`;
    case "endpoint-rule":
      return `${missing.vpcEndpointId}'s ${groups(missing.groupIds)} does not let TCP 443 in from ${missing.from}`;
    case "acl-entry":
      return `${missing.networkAclId} of ${missing.subnetId} does not let TCP ${missing.ports} ${missing.direction} ${missing.direction === "in" ? "from" : "to"} ${missing.peer}`;
  }
}

function groups(ids: readonly string[]): string {
  return ids.length === 1 ? `group ${ids[0]}` : `groups ${ids.join(", ")}`;
}
