/** Operations that failed and stayed as they were, and what brings a stack on from there: another update, going back, leaving something out. */
import { describe, expect, test } from "vitest";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

function open(options: Parameters<typeof testCloud>[0] = {}): {
  readonly cloud: TestCloud;
  readonly stacks: TestStacks;
} {
  const cloud = testCloud(options);
  cloud.call("DescribeVpcs");
  return { cloud, stacks: testStacks(cloud) };
}

const vpc = (block: string, more = ""): string => `{Type: AWS::EC2::VPC, Properties: {CidrBlock: ${block}${more}}}`;
const subnet = (block: string): string => `{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, CidrBlock: ${block}}}`;
/** B is no part of A. */
const wrong = subnet("10.9.0.0/24");
const template = (resources: Readonly<Record<string, string>>): string =>
  `Resources: {${Object.entries(resources)
    .map(([name, resource]) => `${name}: ${resource}`)
    .join(", ")}}`;
const vpcs = (cloud: TestCloud): readonly string[] =>
  [...cloud.cloud.view.all("vpc")].filter(({ IsDefault }) => !IsDefault).map(({ CidrBlock }) => CidrBlock);

describe("without a rollback", () => {
  test("a creation that failed is completed by an update, which makes what is missing", () => {
    const { cloud, stacks } = open();
    const kept = { DisableRollback: true };
    expect(stacks.create("s", template({ A: vpc("10.0.0.0/16"), B: wrong }), kept).StackStatus).toBe("CREATE_FAILED");
    const { A } = stacks.resources("s");
    expect(stacks.update("s", template({ A: vpc("10.0.0.0/16"), B: subnet("10.0.1.0/24") })).StackStatus).toBe(
      "UPDATE_COMPLETE",
    );
    expect(stacks.resources("s")).toEqual({ A, B: expect.stringMatching(/^subnet-/) });
    expect(stacks.statuses("s").B).toBe("CREATE_COMPLETE");
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
    expect(vpcs(cloud)).toEqual([]);
  });

  test("a creation that failed is rolled back later", () => {
    const { cloud, stacks } = open();
    stacks.create("s", template({ A: vpc("10.0.0.0/16"), B: wrong }), { OnFailure: "DO_NOTHING" });
    stacks.call("RollbackStack", { StackName: "s" });
    expect(stacks.describe("s").StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(vpcs(cloud)).toEqual([]);
  });

  const before = { A: vpc("10.0.0.0/16"), C: vpc("10.1.0.0/16"), D: vpc("10.2.0.0/16") };
  /** A changes in place, C is replaced, E is new, and B fails. */
  const failing = {
    A: vpc("10.0.0.0/16", ", EnableDnsHostnames: true"),
    C: vpc("10.5.0.0/16"),
    E: vpc("10.6.0.0/16"),
    B: wrong.replace("Properties", "DependsOn: [C, E], Properties"),
  };

  test("an update that failed is rolled back later, to what was before it", () => {
    const { cloud, stacks } = open();
    stacks.create("s", template(before));
    const present = stacks.resources("s");
    expect(stacks.update("s", template(failing), { DisableRollback: true }).StackStatus).toBe("UPDATE_FAILED");
    expect(vpcs(cloud).toSorted()).toEqual(["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "10.5.0.0/16", "10.6.0.0/16"]);
    stacks.call("RollbackStack", { StackName: "s" });
    expect(stacks.describe("s").StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.resources("s")).toEqual(present);
    expect(stacks.call("GetTemplate", { StackName: "s" })).toMatchObject({ TemplateBody: template(before) });
    expect(vpcs(cloud).toSorted()).toEqual(["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]);
    const VpcId = present.A;
    expect(cloud.call("DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" })).toMatchObject({
      EnableDnsHostnames: { Value: false },
    });
    stacks.delete("s");
    expect(vpcs(cloud)).toEqual([]);
    expect(cloud.faults).toEqual([]);
  });

  test.each(["another update fails too", "another update fails too, with a rollback of its own"])(
    "and when %s, back is still to where it was last complete",
    (which) => {
      const { cloud, stacks } = open();
      stacks.create("s", template(before));
      const present = stacks.resources("s");
      stacks.update("s", template(failing), { DisableRollback: true });
      const again = { ...failing, C: vpc("10.7.0.0/16"), E: vpc("10.8.0.0/16") };
      const DisableRollback = !which.includes("of its own");
      const { StackStatus } = stacks.update("s", template(again), { DisableRollback });
      expect(StackStatus).toBe(DisableRollback ? "UPDATE_FAILED" : "UPDATE_ROLLBACK_COMPLETE");
      if (DisableRollback) stacks.call("RollbackStack", { StackName: "s" });
      expect(stacks.describe("s").StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
      expect(stacks.resources("s")).toEqual(present);
      expect(vpcs(cloud).toSorted()).toEqual(["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"]);
      stacks.delete("s");
      expect(vpcs(cloud)).toEqual([]);
      expect(cloud.faults).toEqual([]);
    },
  );

  test("an update that failed goes on with a template that is right", () => {
    const { cloud, stacks } = open();
    stacks.create("s", template(before));
    stacks.update("s", template(failing), { DisableRollback: true });
    const { B: _wrong, ...right } = failing;
    expect(stacks.update("s", template(right)).StackStatus).toBe("UPDATE_COMPLETE");
    expect(vpcs(cloud).toSorted()).toEqual(["10.0.0.0/16", "10.5.0.0/16", "10.6.0.0/16"]);
    stacks.delete("s");
    expect(vpcs(cloud)).toEqual([]);
  });
});

describe("a rollback that fails", () => {
  /** A was changed, and is deleted by somebody before B fails. */
  function stuck() {
    const { cloud, stacks } = open({ pace: "real" });
    const nat = `{Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref S, ConnectivityType: private}}`;
    const network = { V: vpc("10.1.0.0/16"), S: subnet("10.1.0.0/24").replace("!Ref A", "!Ref V") };
    const settle = (): string => {
      for (let turn = 0; turn < 100 && stacks.describe("s").StackStatus?.endsWith("_IN_PROGRESS"); turn += 1)
        cloud.advance(10_000);
      return stacks.describe("s").StackStatus ?? "";
    };
    stacks.create("s", template({ A: vpc("10.0.0.0/16"), ...network }));
    settle();
    const late = wrong.replace("!Ref A", "!Ref V").replace("Properties", "DependsOn: N, Properties");
    const A = vpc("10.0.0.0/16", ", EnableDnsHostnames: true");
    stacks.update("s", template({ A, ...network, N: nat, B: late }));
    cloud.advance(10_000);
    expect(stacks.statuses("s")).toMatchObject({ A: "UPDATE_COMPLETE", N: "CREATE_IN_PROGRESS" });
    cloud.call("DeleteVpc", { VpcId: stacks.resources("s").A });
    expect(settle()).toBe("UPDATE_ROLLBACK_FAILED");
    return { cloud, stacks, settle };
  }

  test("is gone on with, and what can not be brought back is left out", () => {
    const { cloud, stacks, settle } = stuck();
    expect(stacks.statuses("s")).toMatchObject({ A: "UPDATE_FAILED" });
    expect(stacks.describe("s").StackStatusReason).toBe("The following resource(s) failed to update: [A]. ");
    expect(
      stacks.refusal("UpdateStack", { StackName: "s", TemplateBody: template({ A: vpc("10.0.0.0/16") }) })[1],
    ).toMatch(/is in UPDATE_ROLLBACK_FAILED state and can not be updated\.$/);
    stacks.call("ContinueUpdateRollback", { StackName: "s" });
    expect(settle()).toBe("UPDATE_ROLLBACK_FAILED");
    for (const name of ["V", "Nobody"])
      expect(stacks.refusal("ContinueUpdateRollback", { StackName: "s", ResourcesToSkip: [name] })).toEqual([
        "ValidationError",
        expect.stringContaining(name),
      ]);
    stacks.call("ContinueUpdateRollback", { StackName: "s", ResourcesToSkip: ["A"] });
    expect(settle()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.statuses("s")).toMatchObject({ A: "UPDATE_COMPLETE", V: "CREATE_COMPLETE" });
    stacks.delete("s");
    expect(settle()).toBe("DELETE_COMPLETE");
    expect(vpcs(cloud)).toEqual([]);
    expect(cloud.faults).toEqual([]);
  });

  test("is no reason not to delete the stack", () => {
    const { cloud, stacks, settle } = stuck();
    stacks.delete("s");
    expect(settle()).toBe("DELETE_COMPLETE");
    expect(vpcs(cloud)).toEqual([]);
  });
});

describe("CancelUpdateStack", () => {
  test("calls off what is under way and goes back, whatever was said of rollbacks", () => {
    const { cloud, stacks } = open({ pace: "real" });
    const network = { A: vpc("10.0.0.0/16"), S: subnet("10.0.0.0/24") };
    const settle = (): string => {
      for (let turn = 0; turn < 100 && stacks.describe("s").StackStatus?.endsWith("_IN_PROGRESS"); turn += 1)
        cloud.advance(10_000);
      return stacks.describe("s").StackStatus ?? "";
    };
    stacks.create("s", template(network));
    expect(stacks.refusal("CancelUpdateStack", { StackName: "s" })).toEqual([
      "ValidationError",
      "CancelUpdateStack cannot be called from current stack status",
    ]);
    settle();
    const nat = `{Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref S, ConnectivityType: private}}`;
    stacks.update("s", template({ ...network, N: nat }), { DisableRollback: true });
    cloud.advance(1_000);
    const from = stacks.events("s").length;
    stacks.call("CancelUpdateStack", { StackName: "s" });
    expect(stacks.events("s").slice(from, from + 2)).toEqual([
      "N CREATE_FAILED (Resource creation cancelled)",
      "s UPDATE_ROLLBACK_IN_PROGRESS (User Initiated)",
    ]);
    expect(settle()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(Object.keys(stacks.resources("s"))).toEqual(["A", "S"]);
    expect([...cloud.cloud.view.all("natGateway")].every(({ State }) => State.startsWith("delet"))).toBe(true);
    expect(stacks.call("GetTemplate", { StackName: "s" })).toMatchObject({ TemplateBody: template(network) });
    stacks.delete("s");
    expect(settle()).toBe("DELETE_COMPLETE");
    expect(cloud.faults).toEqual([]);
  });

  test("reaches into nested stacks", () => {
    const { cloud, stacks } = open({ pace: "real" });
    const settle = (): string => {
      for (let turn = 0; turn < 100 && stacks.describe("s").StackStatus?.endsWith("_IN_PROGRESS"); turn += 1)
        cloud.advance(10_000);
      return stacks.describe("s").StackStatus ?? "";
    };
    const network = { A: vpc("10.0.0.0/16"), S: subnet("10.0.0.0/24") };
    const nat = `{Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref S, ConnectivityType: private}}`;
    cloud.call("CreateBucket", { Bucket: "templates" }, { service: "s3" });
    const child = (Key: string, Body: string): string => {
      cloud.call("PutObject", { Bucket: "templates", Key, Body: Buffer.from(Body) }, { service: "s3" });
      const TemplateURL = `http://127.0.0.1:4566/templates/${Key}`;
      return template({ Child: `{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: '${TemplateURL}'}}` });
    };
    stacks.create("s", child("before", template(network)));
    settle();
    const { Child = "" } = stacks.resources("s");
    stacks.update("s", child("after", template({ ...network, N: nat })));
    cloud.advance(1_000);
    expect(stacks.describe(Child).StackStatus).toBe("UPDATE_IN_PROGRESS");
    stacks.call("CancelUpdateStack", { StackName: "s" });
    expect(settle()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.describe(Child).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(Object.keys(stacks.resources(Child))).toEqual(["A", "S"]);
    stacks.delete("s");
    expect(settle()).toBe("DELETE_COMPLETE");
    expect(cloud.faults).toEqual([]);
  });
});
