/** `causeway reach A`: everything that a thing reaches, and everything that reaches it, by traffic. */
import { indexNetworkModel, type NetworkInterface, type NetworkModel, type ResourceKind } from "../../model/index.ts";
import { type Reached, reachOf } from "../../reachability/index.ts";
import { resourceNamed } from "../endpoints.ts";
import { trafficFrom } from "../explain/flow-from-words.ts";
import { passing } from "../matrix/render-matrix.ts";
import { modelInQuestion } from "../model-in-question.ts";
import { print, printJson, styled } from "../print.ts";
import { exitCode } from "../user-error.ts";
import { wrapped } from "../wrapped.ts";

interface ReachOptions {
  readonly to?: boolean;
  readonly from?: boolean;
  readonly ipv6?: boolean;
  readonly snapshot?: string;
  readonly state?: string;
  readonly json?: boolean;
}

const widest = 80;

export async function reach(thing: string, flow: string | undefined, options: ReachOptions): Promise<void> {
  const { to, from, ipv6, snapshot, state, json } = options;
  const model = await modelInQuestion({ snapshot, state });
  const networkInterfaces = interfacesOf(model, thing);
  const found = reachOf(
    model,
    networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    { family: ipv6 ? "ipv6" : "ipv4", ...(flow !== undefined && { traffic: [trafficFrom(flow)] }) },
  );
  const both = to === from;
  const sides = [
    ...(both || to ? [{ key: "to", title: `${thing} reaches`, reached: found.to }] : []),
    ...(both || from ? [{ key: "from", title: `${thing} is reached by`, reached: found.from }] : []),
  ];
  if (json) printJson({ thing, family: found.family, ...Object.fromEntries(sides.map(asData)) });
  else for (const line of sides.flatMap(linesOf)) print(line);
  if (sides.every(({ reached }) => reached.length === 0)) process.exitCode = exitCode.no;
}

interface Side {
  readonly key: string;
  readonly title: string;
  readonly reached: readonly Reached[];
}

const kinds: readonly ResourceKind[] = ["instance", "network-interface", "subnet", "vpc", "security-group"];

function interfacesOf(model: NetworkModel, text: string): readonly NetworkInterface[] {
  const { id } = resourceNamed(model, text, kinds, "instance, interface, subnet, VPC or security group");
  const index = indexNetworkModel(model);
  return index.model.networkInterfaces.filter(
    ({ networkInterfaceId, subnetId, vpcId, attachment, securityGroupIds }) =>
      [networkInterfaceId, subnetId, vpcId, attachment?.instanceId].some((each) => each === id) ||
      securityGroupIds.some((each) => each === id),
  );
}

function asData({ key, reached }: Side): readonly [string, unknown] {
  const data = reached.map(({ name, networkInterfaces, all, some, unknown }) => ({
    name,
    networkInterfaceIds: networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
    ...(all !== "" && { all }),
    ...(some !== "" && { some }),
    ...(unknown !== "" && { unknown }),
  }));
  return [key, data];
}

function linesOf({ title, reached }: Side): readonly string[] {
  if (reached.length === 0) return [`${styled("bold", title)} nobody`];
  const width = Math.min(process.stdout.columns ?? widest, widest);
  return [
    styled("bold", title),
    ...reached.flatMap((each) => {
      const [first = "", ...more] = wrapped(`${each.name}: ${passing(each)}`, width - 6);
      return [`  ${first}`, ...more.map((line) => `      ${line}`)];
    }),
  ];
}
