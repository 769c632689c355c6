/** Random stacks of networks: made, changed, made to fail, ended in the middle, deleted. Whatever happens, nothing is left. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type TestCloud, testCloud } from "../../test-cloud.ts";
import { testStacks } from "./test-stacks.ts";

/** What a random template is made from: a VPC each, with what its letters stand for. */
interface Vpc {
  readonly second: number;
  readonly subnets: number;
  readonly gateway: boolean;
  readonly table: boolean;
  readonly group: boolean;
  readonly hostNames: boolean;
  readonly nat: boolean;
  readonly interfaces: number;
  readonly peered: boolean;
  readonly wrong: boolean;
}

const vpc: fc.Arbitrary<Vpc> = fc.record({
  second: fc.integer({ min: 0, max: 3 }),
  subnets: fc.integer({ min: 0, max: 2 }),
  gateway: fc.boolean(),
  table: fc.boolean(),
  group: fc.boolean(),
  hostNames: fc.boolean(),
  nat: fc.boolean(),
  interfaces: fc.integer({ min: 0, max: 1 }),
  peered: fc.boolean(),
  wrong: fc.integer({ min: 0, max: 9 }).map((each) => each === 0),
});

function templateOf(vpcs: readonly Vpc[]): object {
  return { Resources: Object.assign({}, ...vpcs.map(resourcesOf)) };
}

/** What a VPC of the template has, each name with the VPC's place in the list. */
function resourcesOf(vpc: Vpc, index: number): object {
  const resources: { [name: string]: object } = {};
  const name = (part: string): string => `${part}${index}`;
  const add = (part: string, Type: string, Properties: object, DependsOn?: string): void => {
    const after = DependsOn === undefined ? {} : { DependsOn: [name(DependsOn)] };
    resources[name(part)] = { Type: `AWS::EC2::${Type}`, Properties, ...after };
  };
  const VpcId = { Ref: name("Vpc") };
  const RouteTableId = { Ref: name("Table") };
  const block = `10.${index * 10 + vpc.second}`;
  add("Vpc", "VPC", { CidrBlock: `${block}.0.0/16`, EnableDnsHostnames: vpc.hostNames });
  if (vpc.table) add("Table", "RouteTable", { VpcId });
  if (vpc.gateway) {
    const GatewayId = { Ref: name("Gateway") };
    add("Gateway", "InternetGateway", {});
    add("Attachment", "VPCGatewayAttachment", { VpcId, InternetGatewayId: GatewayId });
    if (vpc.table) add("Route", "Route", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId }, "Attachment");
  }
  if (vpc.group) {
    const rule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: `${block}.0.0/16` };
    add("Group", "SecurityGroup", { GroupDescription: "g", VpcId, SecurityGroupIngress: [rule] });
  }
  const GroupSet = vpc.group ? { GroupSet: [{ Ref: name("Group") }] } : {};
  for (let subnet = 0; subnet < vpc.subnets; subnet += 1) {
    const SubnetId = { Ref: name(`Subnet${subnet}x`) };
    add(`Subnet${subnet}x`, "Subnet", { VpcId, CidrBlock: `${block}.${subnet}.0/24` });
    if (vpc.table) add(`Association${subnet}x`, "SubnetRouteTableAssociation", { SubnetId, RouteTableId });
    if (vpc.nat && subnet === 0) add("Nat", "NatGateway", { SubnetId, ConnectivityType: "private" });
    if (vpc.interfaces > 0) add(`Interface${subnet}x`, "NetworkInterface", { SubnetId, ...GroupSet });
  }
  if (vpc.peered && index > 0) add("Peering", "VPCPeeringConnection", { VpcId, PeerVpcId: { Ref: "Vpc0" } });
  if (vpc.wrong) add("Wrong", "Subnet", { VpcId, CidrBlock: "192.168.0.0/24" });
  return resources;
}

/** A gateway can not be attached to the VPC that comes while it still is to the one that goes: AWS refuses that, too. */
function isStuck(before: Vpc | undefined, after: Vpc): boolean {
  return before?.gateway === true && after.gateway && before.second !== after.second;
}

const kinds = [
  "vpc",
  "subnet",
  "routeTable",
  "securityGroup",
  "networkAcl",
  "internetGateway",
  "networkInterface",
] as const;

function counts(cloud: TestCloud): readonly number[] {
  return kinds.map((kind) => [...cloud.cloud.view.all(kind)].length);
}

test("whatever a stack was made into, its end leaves nothing", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(vpc, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      fc.constantFrom("instant" as const, "real" as const),
      fc.nat(),
      (plans, pace, seed) => {
        const cloud = testCloud({ pace, seed });
        cloud.call("DescribeVpcs");
        cloud.advance(60_000);
        const before = counts(cloud);
        const stacks = testStacks(cloud);
        const settle = (): string => {
          for (let turn = 0; turn < 200; turn += 1) {
            const { StackStatus = "" } = stacks.describe("s");
            if (!StackStatus.endsWith("_IN_PROGRESS")) return StackStatus;
            cloud.advance(7_000);
            // Somewhere in the middle the cloud ends without a word.
            if (pace === "real" && (turn + seed) % 5 === 0) cloud.restart();
          }
          throw new Error("the stack does not come to rest");
        };
        const [first = [], ...others] = plans;
        stacks.create("s", templateOf(first));
        let status = settle();
        let present = first;
        for (const plan of others) {
          if (status === "ROLLBACK_COMPLETE") break;
          const [code] = stacks.refusal("UpdateStack", {
            StackName: "s",
            TemplateBody: JSON.stringify(templateOf(plan)),
          });
          expect(["allowed", "ValidationError"]).toContain(code);
          status = settle();
          expect(["UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_COMPLETE"]).toContain(status);
          const fails = plan.some((each, index) => each.wrong || isStuck(present[index], each));
          if (code !== "allowed") continue;
          expect(status).toBe(fails ? "UPDATE_ROLLBACK_COMPLETE" : "UPDATE_COMPLETE");
          if (!fails) present = plan;
        }
        stacks.delete("s");
        expect(settle()).toBe("DELETE_COMPLETE");
        cloud.advance(3_600_000);
        expect(counts(cloud)).toEqual(before);
        expect(cloud.faults).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
});
