/**
 * How long stacks take at least: the longest way through what their templates need each other for, where every resource takes what the life
 * cycles in `src/cloud` declare. Nothing here is measured.
 */
import { bundled } from "./bundled.mjs";

const lifecycles = await bundled(
  "lifecycles",
  `
  export { milliseconds } from "./src/cloud/lifecycle/lifecycle.ts";
  export { instanceLifecycle } from "./src/cloud/services/ec2/instance/lifecycle.ts";
  export { subnetLifecycle } from "./src/cloud/services/ec2/subnet/lifecycle.ts";
  export { transitGatewayLifecycle } from "./src/cloud/services/ec2/transit-gateway/lifecycle.ts";
  export { transitGatewayPeeringAttachmentLifecycle } from "./src/cloud/services/ec2/transit-gateway-peering-attachment/lifecycle.ts";
  export { associationLifecycle, propagationLifecycle, routeLifecycle } from "./src/cloud/services/ec2/transit-gateway-route-table/entry-lifecycles.ts";
  export { transitGatewayRouteTableLifecycle } from "./src/cloud/services/ec2/transit-gateway-route-table/lifecycle.ts";
  export { transitGatewayVpcAttachmentLifecycle } from "./src/cloud/services/ec2/transit-gateway-vpc-attachment/lifecycle.ts";
  export { vpcLifecycle } from "./src/cloud/services/ec2/vpc/lifecycle.ts";
  export { vpcEndpointLifecycle } from "./src/cloud/services/ec2/vpc-endpoint/lifecycle.ts";
  export { functionLifecycle } from "./src/cloud/services/lambda/lifecycle.ts";
`,
);

/** Seconds from one state to another, when nothing goes wrong: the arrow without a condition. */
function seconds(lifecycle, from, to) {
  let sum = 0;
  for (let state = from; state !== to; ) {
    const { delay, arrows } = lifecycle.states[state].after;
    sum += lifecycles.milliseconds(delay) / 1000;
    state = arrows.find(({ when = [] }) => when.length === 0).to;
  }
  return sum;
}

const lifecycle = (name) => lifecycles[`${name}Lifecycle`];
const peering = lifecycle("transitGatewayPeeringAttachment");

/** By type: the life cycle, the states in which making begins and ends, and those of deleting. Other types take no time. */
const declared = {
  "AWS::EC2::Instance": [lifecycle("instance"), ["pending", "running"], ["shutting-down", "terminated"]],
  "AWS::EC2::Subnet": [lifecycle("subnet"), ["pending", "available"]],
  "AWS::EC2::TransitGateway": [lifecycle("transitGateway"), ["pending", "available"], ["deleting", "deleted"]],
  "AWS::EC2::TransitGatewayAttachment": [
    lifecycle("transitGatewayVpcAttachment"),
    ["pending", "available"],
    ["deleting", "deleted"],
  ],
  "AWS::EC2::TransitGatewayPeeringAttachment": [peering, ["initiatingRequest", "pendingAcceptance"]],
  "AWS::EC2::TransitGatewayRoute": [lifecycle("route"), ["pending", "active"], ["deleting", "deleted"]],
  "AWS::EC2::TransitGatewayRouteTable": [
    lifecycle("transitGatewayRouteTable"),
    ["pending", "available"],
    ["deleting", "deleted"],
  ],
  "AWS::EC2::TransitGatewayRouteTableAssociation": [
    lifecycle("association"),
    ["associating", "associated"],
    ["disassociating", "disassociated"],
  ],
  "AWS::EC2::TransitGatewayRouteTablePropagation": [
    lifecycle("propagation"),
    ["enabling", "enabled"],
    ["disabling", "disabled"],
  ],
  "AWS::EC2::VPC": [lifecycle("vpc"), ["pending", "available"]],
  "AWS::EC2::VPCEndpoint": [lifecycle("vpcEndpoint"), ["pending", "available"], ["deleting", "deleted"]],
  "AWS::Lambda::Function": [lifecycle("function"), ["Pending", "Active"]],
};

/** The peering is accepted by the side that says so, which then waits for it; it is ended where that is asked for, else with the request. */
function secondsOf({ Type, Properties }, isDeletion) {
  if (Type === "Custom::TransitGatewayPeering") {
    if (isDeletion) return Properties.EndOnDelete === "true" ? seconds(peering, "deleting", "deleted") : 0;
    return Properties.Role === "accepter" ? seconds(peering, "pending", "available") : 0;
  }
  if (Type === "AWS::EC2::TransitGatewayPeeringAttachment" && isDeletion)
    return seconds(peering, "deleting", "deleted");
  const [of, making, deleting] = declared[Type] ?? [];
  const states = isDeletion ? deleting : making;
  return states === undefined ? 0 : seconds(of, ...states);
}

/**
 * The longest way through all of the stacks, as steps of `stack/resource` with their seconds. A stack waits for all of those before it, a
 * resource for those that it needs; a deletion goes the other way.
 */
export function criticalPath(stacks, { isDeletion = false } = {}) {
  const ended = new Map();
  for (const stack of isDeletion ? [...stacks].reverse() : stacks) {
    const before = isDeletion
      ? stacks.filter(({ after }) => after.includes(stack.name)).map(({ name }) => name)
      : stack.after;
    ended.set(stack.name, longestIn(stack, latest(before.map((name) => ended.get(name))), isDeletion));
  }
  return latest([...ended.values()]);
}

const nothing = { seconds: 0, steps: [] };
const latest = (ways) => ways.reduce((most, each) => (each.seconds > most.seconds ? each : most), nothing);

function longestIn({ name, template }, start, isDeletion) {
  const { Resources } = JSON.parse(template);
  const needs = new Map(Object.entries(Resources).map(([id, resource]) => [id, needsOf(resource, Resources)]));
  const before = (id) =>
    isDeletion ? [...needs].filter(([, others]) => others.has(id)).map(([other]) => other) : [...needs.get(id)];
  const ways = new Map();
  const wayTo = (id) => {
    const known = ways.get(id);
    if (known !== undefined) return known;
    const own = secondsOf(Resources[id], isDeletion);
    const last = latest([start, ...before(id).map(wayTo)]);
    const step = { what: `${name}/${id}`, seconds: own };
    const way = own === 0 ? last : { seconds: last.seconds + own, steps: [...last.steps, step] };
    ways.set(id, way);
    return way;
  };
  return latest([start, ...Object.keys(Resources).map(wayTo)]);
}

/** The resources of the template that one names: by Ref, Fn::GetAtt, Fn::Sub and DependsOn. */
export function needsOf(resource, resources) {
  const found = new Set([resource.DependsOn ?? []].flat());
  const walk = (value) => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === "Ref") found.add(inner);
        else if (key === "Fn::GetAtt") found.add([inner].flat()[0].split(".")[0]);
        else if (key === "Fn::Sub")
          for (const [, word] of JSON.stringify(inner).matchAll(/\$\{([\w:]+)/g)) found.add(word);
        walk(inner);
      }
    }
  };
  walk(resource.Properties);
  return new Set([...found].filter((name) => Object.hasOwn(resources, name)));
}
