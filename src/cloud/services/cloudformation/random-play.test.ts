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
  const resources: { [name: string]: object } = {};
  const add = (name: string, Type: string, Properties: object, DependsOn: readonly string[] = []): void => {
    resources[name] = { Type: `AWS::EC2::${Type}`, Properties, ...(DependsOn.length > 0 && { DependsOn }) };
  };
  for (const [index, each] of vpcs.entries()) {
    const name = (part: string): string => `${part}${index}`;
    const VpcId = { Ref: name("Vpc") };
    const block = `10.${index * 10 + each.second}`;
    add(name("Vpc"), "VPC", { CidrBlock: `${block}.0.0/16`, EnableDnsHostnames: each.hostNames });
    if (each.gateway) {
      add(name("Gateway"), "InternetGateway", {});
      add(name("Attachment"), "VPCGatewayAttachment", { VpcId, InternetGatewayId: { Ref: name("Gateway") } });
    }
    if (each.table) {
      add(name("Table"), "RouteTable", { VpcId });
      if (each.gateway) {
        const route = {
          RouteTableId: { Ref: name("Table") },
          DestinationCidrBlock: "0.0.0.0/0",
          GatewayId: { Ref: name("Gateway") },
        };
        add(name("Route"), "Route", route, [name("Attachment")]);
      }
    }
    if (each.group) {
      const rule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIp: `${block}.0.0/16` };
      add(name("Group"), "SecurityGroup", { GroupDescription: "g", VpcId, SecurityGroupIngress: [rule] });
    }
    for (let subnet = 0; subnet < each.subnets; subnet += 1) {
      const SubnetId = { Ref: name(`Subnet${subnet}x`) };
      add(SubnetId.Ref, "Subnet", { VpcId, CidrBlock: `${block}.${subnet}.0/24` });
      if (each.table)
        add(name(`Association${subnet}x`), "SubnetRouteTableAssociation", {
          SubnetId,
          RouteTableId: { Ref: name("Table") },
        });
      if (each.nat && subnet === 0) add(name("Nat"), "NatGateway", { SubnetId, ConnectivityType: "private" });
      for (let one = 0; one < each.interfaces; one += 1)
        add(name(`Interface${subnet}x`), "NetworkInterface", {
          SubnetId,
          ...(each.group && { GroupSet: [{ Ref: name("Group") }] }),
        });
    }
    if (each.peered && index > 0) add(name("Peering"), "VPCPeeringConnection", { VpcId, PeerVpcId: { Ref: "Vpc0" } });
    if (each.wrong) add(name("Wrong"), "Subnet", { VpcId, CidrBlock: "192.168.0.0/24" });
  }
  return { Resources: resources };
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
