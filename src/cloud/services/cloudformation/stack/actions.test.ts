/** Stacks from their making to their end, with the events, statuses and reasons that real AWS was recorded to give. */
import type { DescribeStackEventsCommandOutput } from "@aws-sdk/client-cloudformation";
import { describe, expect, test } from "vitest";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { type TestStacks, testStacks } from "../test-stacks.ts";

function open(options: Parameters<typeof testCloud>[0] = {}): {
  readonly cloud: TestCloud;
  readonly stacks: TestStacks;
} {
  const cloud = testCloud(options);
  return { cloud, stacks: testStacks(cloud) };
}

const vpc = (block: string, more = ""): string => `{Type: AWS::EC2::VPC, Properties: {CidrBlock: ${block}${more}}}`;

const network = `
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
Outputs:
  VpcId: {Value: !Ref Vpc}
  Block: {Value: !GetAtt Vpc.CidrBlock}
`;

describe("creating and deleting", () => {
  test("no two events have one id or one time: clients stop at what they know, and sort", () => {
    const { stacks } = open();
    stacks.create("s", network);
    const { StackEvents = [] } = stacks.call<DescribeStackEventsCommandOutput>("DescribeStackEvents", {
      StackName: "s",
    });
    expect(StackEvents).toHaveLength(8);
    expect(new Set(StackEvents.map(({ EventId }) => EventId)).size).toBe(StackEvents.length);
    const times = StackEvents.map(({ Timestamp }) => Timestamp?.getTime() ?? 0);
    expect(times).toEqual([...new Set(times)].sort((a, b) => b - a));
  });

  test("a stack is made in the order of its resources, and taken away in the reverse", () => {
    const { cloud, stacks } = open();
    expect(stacks.create("s", network)).toMatchObject({
      StackName: "s",
      StackStatus: "CREATE_COMPLETE",
      DisableRollback: false,
      DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
      EnableTerminationProtection: false,
      NotificationARNs: [],
      RollbackConfiguration: {},
      Tags: [],
    });
    expect(stacks.outputs("s")).toEqual({ VpcId: stacks.resources("s").Vpc, Block: "10.0.0.0/16" });
    const deleted = stacks.delete("s");
    expect(deleted).toMatchObject({ StackStatus: "DELETE_COMPLETE", DeletionTime: new Date(cloud.now()) });
    expect(deleted).not.toHaveProperty("EnableTerminationProtection");
    expect(stacks.events("s")).toEqual([
      "s CREATE_IN_PROGRESS (User Initiated)",
      "Vpc CREATE_IN_PROGRESS",
      "Vpc CREATE_IN_PROGRESS (Resource creation Initiated)",
      "Vpc CREATE_COMPLETE",
      "Subnet CREATE_IN_PROGRESS",
      "Subnet CREATE_IN_PROGRESS (Resource creation Initiated)",
      "Subnet CREATE_COMPLETE",
      "s CREATE_COMPLETE",
      "s DELETE_IN_PROGRESS (User Initiated)",
      "Subnet DELETE_IN_PROGRESS",
      "Subnet DELETE_COMPLETE",
      "Vpc DELETE_IN_PROGRESS",
      "Vpc DELETE_COMPLETE",
      "s DELETE_COMPLETE",
    ]);
    expect(stacks.refusal("DescribeStacks", { StackName: "s" })).toEqual([
      "ValidationError",
      "Stack with id s does not exist",
    ]);
    expect(stacks.refusal("DescribeStackEvents", { StackName: "s" })).toEqual([
      "ValidationError",
      "Stack [s] does not exist",
    ]);
    expect(cloud.faults).toEqual([]);
  });

  test("at the instant pace nothing waits, though time passes meanwhile", () => {
    const { stacks } = open({ tickMs: 1 });
    expect(stacks.create("s", network).StackStatus).toBe("CREATE_COMPLETE");
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("resources that do not wait for each other are made side by side", () => {
    const { stacks } = open();
    stacks.create("s", `Resources: {A: ${vpc("10.0.0.0/16")}, B: ${vpc("10.1.0.0/16")}}`);
    const events = stacks.events("s");
    expect(events.indexOf("B CREATE_IN_PROGRESS")).toBeLessThan(events.indexOf("A CREATE_COMPLETE"));
  });

  test("what fails takes everything back with it", () => {
    const { cloud, stacks } = open();
    cloud.call("DescribeVpcs");
    const before = [...cloud.cloud.view.all("vpc")].length;
    const failing = `Resources: {A: ${vpc("10.0.0.0/16")}, B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, CidrBlock: 10.9.0.0/24}}}`;
    const stack = stacks.create("s", failing);
    expect(stack).toMatchObject({ StackStatus: "ROLLBACK_COMPLETE" });
    expect(stacks.events("s").slice(4)).toEqual([
      "B CREATE_IN_PROGRESS",
      `B CREATE_FAILED (Resource handler returned message: "The CIDR '10.9.0.0/24' is invalid. (Service: Ec2, Status Code: 400, Request ID: UUID)" (RequestToken: UUID, HandlerErrorCode: InvalidRequest))`,
      "s ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [B]. Rollback requested by user.)",
      "B DELETE_COMPLETE",
      "A DELETE_IN_PROGRESS",
      "A DELETE_COMPLETE",
      "s ROLLBACK_COMPLETE",
    ]);
    expect([...cloud.cloud.view.all("vpc")]).toHaveLength(before);
    expect(stacks.refusal("UpdateStack", { StackName: "s", TemplateBody: network })[1]).toBe(
      `Stack:${stack.StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
    );
    expect(stacks.delete("s")).toMatchObject({ StackStatus: "DELETE_COMPLETE" });
    expect(stacks.create("s", network)).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
  });

  test.each([
    ["DisableRollback", { DisableRollback: true }, "CREATE_FAILED"],
    ["OnFailure DO_NOTHING", { OnFailure: "DO_NOTHING" as const }, "CREATE_FAILED"],
    ["OnFailure DELETE", { OnFailure: "DELETE" as const }, "DELETE_COMPLETE"],
  ])("%s is heeded", (_name, more, status) => {
    const { stacks } = open();
    const failing = `Resources: {A: ${vpc("10.0.0.0/16")}, B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref A, CidrBlock: 10.9.0.0/24}}}`;
    expect(stacks.create("s", failing, more).StackStatus).toBe(status);
    expect(stacks.statuses("s").A).toBe(status === "CREATE_FAILED" ? "CREATE_COMPLETE" : "DELETE_COMPLETE");
  });

  test("a resource that can not be deleted fails the deletion by name; it may be left out, or tried again", () => {
    const { cloud, stacks } = open();
    stacks.create("s", network);
    const { Vpc } = stacks.resources("s");
    cloud.call("CreateSubnet", { VpcId: Vpc, CidrBlock: "10.0.9.0/24" });
    expect(stacks.delete("s")).toMatchObject({
      StackStatus: "DELETE_FAILED",
      StackStatusReason: "The following resource(s) failed to delete: [Vpc]. ",
    });
    expect(stacks.statuses("s")).toEqual({ Vpc: "DELETE_FAILED", Subnet: "DELETE_COMPLETE" });
    stacks.call("DeleteStack", { StackName: "s", RetainResources: ["Vpc"] });
    expect(stacks.describe("s").StackStatus).toBe("DELETE_COMPLETE");
    expect(stacks.events("s").at(-2)).toBe("Vpc DELETE_SKIPPED");
    expect(cloud.cloud.view.get("vpc", Vpc ?? "")).toBeDefined();
  });

  test("policies keep resources", () => {
    const { cloud, stacks } = open();
    const kept = `Resources: {A: {Type: AWS::EC2::VPC, DeletionPolicy: Retain, Properties: {CidrBlock: 10.0.0.0/16}}, B: ${vpc("10.1.0.0/16")}}`;
    stacks.create("s", kept);
    const { A, B } = stacks.resources("s");
    stacks.delete("s");
    expect(stacks.events("s")).toContain("A DELETE_SKIPPED");
    expect(cloud.cloud.view.get("vpc", A ?? "")).toBeDefined();
    expect(cloud.cloud.view.get("vpc", B ?? "")).toBeUndefined();
  });

  test("termination protection", () => {
    const { stacks } = open();
    stacks.create("s", network, { EnableTerminationProtection: true });
    expect(stacks.refusal("DeleteStack", { StackName: "s" })).toEqual([
      "ValidationError",
      "Stack [s] cannot be deleted while TerminationProtection is enabled",
    ]);
    stacks.call("UpdateTerminationProtection", { StackName: "s", EnableTerminationProtection: false });
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("what was deleted behind the stack's back is no reason to fail", () => {
    const { cloud, stacks } = open();
    stacks.create("s", network);
    cloud.call("DeleteSubnet", { SubnetId: stacks.resources("s").Subnet });
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("a role goes though somebody has taken its policies off by hand", () => {
    const { cloud, stacks } = open();
    const AssumeRolePolicyDocument = { Version: "2012-10-17", Statement: [] };
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
    const own = { PolicyName: "p", PolicyDocument: AssumeRolePolicyDocument };
    const Properties = { AssumeRolePolicyDocument, ManagedPolicyArns: [PolicyArn], Policies: [own] };
    const { StackStatus } = stacks.create(
      "s",
      { Resources: { Role: { Type: "AWS::IAM::Role", Properties } } },
      { Capabilities: ["CAPABILITY_IAM"] },
    );
    expect(StackStatus).toBe("CREATE_COMPLETE");
    const { Role: RoleName } = stacks.resources("s");
    cloud.call("DetachRolePolicy", { RoleName, PolicyArn }, { service: "iam" });
    cloud.call("DeleteRolePolicy", { RoleName, PolicyName: "p" }, { service: "iam" });
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
    expect([...cloud.cloud.view.all("role")]).toEqual([]);
  });

  test.each([
    ["has ended", 60_000],
    ["is about to end", 0],
  ])("nor is what %s with what it belonged to, and is only remembered", (_, waitMs) => {
    const { cloud, stacks } = open({ pace: "real" });
    const peering = "Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref A, PeerVpcId: !Ref B}";
    stacks.create("s", `Resources: {A: ${vpc("10.0.0.0/16")}, B: ${vpc("10.1.0.0/16")}, P: {${peering}}}`);
    cloud.advance(60_000);
    const { P: VpcPeeringConnectionId } = stacks.resources("s");
    cloud.call("DeleteVpcPeeringConnection", { VpcPeeringConnectionId });
    cloud.advance(waitMs);
    stacks.delete("s");
    cloud.advance(120_000);
    expect(stacks.describe("s").StackStatus).toBe("DELETE_COMPLETE");
  });
});

describe("updating", () => {
  test("in place, by another resource, by more and by less", () => {
    const { cloud, stacks } = open();
    stacks.create("s", `Resources: {A: ${vpc("10.0.0.0/16")}, B: ${vpc("10.1.0.0/16")}, C: ${vpc("10.2.0.0/16")}}`);
    const before = stacks.resources("s");
    const from = stacks.events("s").length;
    const updated = stacks.update(
      "s",
      `Resources: {A: ${vpc("10.0.0.0/16", ", EnableDnsHostnames: true")}, B: ${vpc("10.5.0.0/16")}, D: ${vpc("10.6.0.0/16")}}`,
    );
    expect(updated).toMatchObject({ StackStatus: "UPDATE_COMPLETE", LastUpdatedTime: new Date(cloud.now()) });
    const after = stacks.resources("s");
    expect(after.A).toBe(before.A);
    expect(after.B).not.toBe(before.B);
    expect(Object.keys(after)).toEqual(["A", "B", "D"]);
    expect(stacks.events("s").slice(from)).toEqual([
      "s UPDATE_IN_PROGRESS (User Initiated)",
      "A UPDATE_IN_PROGRESS",
      "B UPDATE_IN_PROGRESS (Requested update requires the creation of a new physical resource; hence creating one.)",
      "B UPDATE_IN_PROGRESS (Resource creation Initiated)",
      "D CREATE_IN_PROGRESS",
      "D CREATE_IN_PROGRESS (Resource creation Initiated)",
      "A UPDATE_COMPLETE",
      "B UPDATE_COMPLETE",
      "D CREATE_COMPLETE",
      "s UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
      "C DELETE_IN_PROGRESS",
      "B DELETE_IN_PROGRESS",
      "C DELETE_COMPLETE",
      "B DELETE_COMPLETE",
      "s UPDATE_COMPLETE",
    ]);
    for (const gone of [before.B, before.C]) expect(cloud.cloud.view.get("vpc", gone ?? "")).toBeUndefined();
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("what refers to a replaced resource is replaced with it", () => {
    const { stacks } = open();
    stacks.create("s", network);
    const before = stacks.resources("s");
    stacks.update("s", network.replaceAll("10.0.", "10.7."));
    const after = stacks.resources("s");
    expect([after.Vpc === before.Vpc, after.Subnet === before.Subnet]).toEqual([false, false]);
    expect(stacks.outputs("s")).toEqual({ VpcId: after.Vpc, Block: "10.7.0.0/16" });
  });

  test("a failing one goes back to what was, and leaves nothing", () => {
    const { cloud, stacks } = open();
    stacks.create("s", network, { Tags: [{ Key: "a", Value: "1" }] });
    const before = stacks.resources("s");
    const vpcs = [...cloud.cloud.view.all("vpc")].length;
    const from = stacks.events("s").length;
    const bad = `
Resources:
  Vpc: ${vpc("10.0.0.0/16", ", EnableDnsHostnames: true")}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  New: ${vpc("10.3.0.0/16")}
  Wrong: {Type: AWS::EC2::Subnet, DependsOn: [Subnet, New], Properties: {VpcId: !Ref Vpc, CidrBlock: 10.77.0.0/24}}`;
    expect(stacks.update("s", bad, { Tags: [{ Key: "a", Value: "2" }] })).toMatchObject({
      StackStatus: "UPDATE_ROLLBACK_COMPLETE",
      Tags: [{ Key: "a", Value: "1" }],
    });
    const events = stacks.events("s").slice(from);
    expect(events).toContain("s UPDATE_ROLLBACK_IN_PROGRESS (The following resource(s) failed to create: [Wrong]. )");
    expect(events).toContain("s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
    expect(stacks.resources("s")).toEqual(before);
    expect(stacks.statuses("s")).toEqual({ Vpc: "UPDATE_COMPLETE", Subnet: "UPDATE_COMPLETE" });
    expect([...cloud.cloud.view.all("vpc")]).toHaveLength(vpcs);
    expect(cloud.cloud.view.must("vpc", before.Vpc ?? "").EnableDnsHostnames).toBe(false);
    expect(stacks.outputs("s").VpcId).toBe(before.Vpc);
    expect(
      stacks.refusal("UpdateStack", { StackName: "s", TemplateBody: network, Tags: [{ Key: "a", Value: "1" }] }),
    ).toEqual(["ValidationError", "No updates are to be performed."]);
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
  });

  test("may use an attribute that only the update itself brings", () => {
    const { cloud, stacks } = open();
    const before = `Resources: {Vpc: ${vpc("10.0.0.0/16")}, Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}}`;
    const after = `
Resources:
  Vpc: ${vpc("10.0.0.0/16")}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Vpc6: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}
  Subnet6:
    Type: AWS::EC2::SubnetCidrBlock
    DependsOn: Vpc6
    Properties: {SubnetId: !Ref Subnet, Ipv6CidrBlock: !Select [0, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 1, 64]]}
Outputs:
  First: {Value: !Select [0, !GetAtt Vpc.Ipv6CidrBlocks]}
`;
    stacks.create("s", before);
    expect(stacks.update("s", after).StackStatus).toBe("UPDATE_COMPLETE");
    expect(stacks.outputs("s").First).toMatch(/::\/56$/);
    expect(stacks.delete("s").StackStatus).toBe("DELETE_COMPLETE");
    expect(cloud.faults).toEqual([]);
  });

  test("of tags alone reaches the resources", () => {
    const { cloud, stacks } = open();
    stacks.create("s", network);
    stacks.update("s", network, { Tags: [{ Key: "team", Value: "net" }] });
    const tags = [...cloud.cloud.view.all("tag")].filter(({ ResourceId }) => ResourceId === stacks.resources("s").Vpc);
    expect(tags[0]?.Tags).toContainEqual({ Key: "team", Value: "net" });
  });

  test("parameters keep their values when asked to", () => {
    const { stacks } = open();
    const template =
      "Parameters: {B: {Type: String}, T: {Type: String, Default: x}}\nResources: {A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref B, Tags: [{Key: t, Value: !Ref T}]}}}";
    stacks.create("s", template, { Parameters: [{ ParameterKey: "B", ParameterValue: "10.0.0.0/16" }] });
    const { A } = stacks.resources("s");
    const Parameters = [
      { ParameterKey: "B", UsePreviousValue: true },
      { ParameterKey: "T", ParameterValue: "y" },
    ];
    stacks.call("UpdateStack", { StackName: "s", UsePreviousTemplate: true, Parameters });
    expect(stacks.resources("s").A).toBe(A);
    expect(stacks.describe("s").Parameters).toEqual([
      { ParameterKey: "B", ParameterValue: "10.0.0.0/16" },
      { ParameterKey: "T", ParameterValue: "y" },
    ]);
  });
});

describe("exports and imports", () => {
  const exporting = (name: string): string =>
    `Resources: {A: ${vpc("10.0.0.0/16")}}\nOutputs: {Id: {Value: !Ref A, Export: {Name: ${name}}}}`;
  const importing =
    "Resources: {B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !ImportValue shared, CidrBlock: 10.0.1.0/24}}}";

  test("one stack uses what another exports, which can not go away under it", () => {
    const { stacks } = open();
    stacks.create("a", exporting("shared"));
    expect(stacks.create("b", importing)).toMatchObject({ StackStatus: "CREATE_COMPLETE" });
    expect(stacks.call("ListExports")).toMatchObject({ Exports: [{ Name: "shared", Value: stacks.resources("a").A }] });
    expect(stacks.call("ListImports", { ExportName: "shared" })).toMatchObject({ Imports: ["b"] });
    expect(stacks.delete("a")).toMatchObject({
      StackStatus: "DELETE_FAILED",
      StackStatusReason: "Delete canceled. Cannot delete export shared as it is in use by b.",
    });
    expect(stacks.delete("b").StackStatus).toBe("DELETE_COMPLETE");
    expect(stacks.delete("a").StackStatus).toBe("DELETE_COMPLETE");
    expect(stacks.call("ListExports")).toMatchObject({ Exports: [] });
  });

  test("an export that nobody has fails the stack before anything is made", () => {
    const { stacks } = open();
    expect(stacks.create("b", importing).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("b")).toEqual([
      "b CREATE_IN_PROGRESS (User Initiated)",
      "b ROLLBACK_IN_PROGRESS (No export named shared found. Rollback requested by user.)",
      "b ROLLBACK_COMPLETE",
    ]);
  });

  test("a name is exported once", () => {
    const { stacks } = open();
    stacks.create("a", exporting("shared"));
    expect(stacks.create("c", exporting("shared")).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("c")).toContain(
      "c ROLLBACK_IN_PROGRESS (Export with name shared is already exported by stack a. Rollback requested by user.)",
    );
    stacks.create("b", importing);
    expect(stacks.update("a", exporting("other")).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(stacks.events("a")).toContainEqual(
      expect.stringContaining("Export shared cannot be deleted as it is in use by b"),
    );
  });
});

describe("bad input", () => {
  test.each([
    ["broken YAML", "Resources: [", /^Template format error: YAML not well-formed\. \(line \d+, column \d+\)$/],
    ["broken JSON", '{"Resources": {,}}', "Template format error: JSON not well-formed. (line 1, column 17)"],
    ["no resources", "Outputs: {}", "Template format error: At least one Resources member must be defined."],
    [
      "an unknown type",
      "Resources: {A: {Type: AWS::EC2::Vcp}}",
      "Template format error: Unrecognized resource types: [AWS::EC2::Vcp]",
    ],
    [
      "a circle",
      "Resources: {A: {Type: AWS::EC2::VPC, DependsOn: B}, B: {Type: AWS::EC2::VPC, DependsOn: A}}",
      "Circular dependency between resources: [A, B]",
    ],
    [
      "a missing parameter",
      "Parameters: {P: {Type: String}}\nResources: {A: {Type: AWS::EC2::VPC}}",
      "Parameters: [P] must have values",
    ],
    [
      "an attribute that a type has not",
      "Resources: {A: {Type: AWS::EC2::VPC}}\nOutputs: {O: {Value: !GetAtt A.Nope}}",
      "Template error: resource A does not support attribute type Nope in Fn::GetAtt",
    ],
    [
      "an intrinsic with a wrong list",
      "Resources: {A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Select [9, [a]]}}}",
      "Template error: Fn::Select cannot select nonexistent value at index 9",
    ],
    [
      "more than fits",
      `Resources: {A: {Type: AWS::EC2::VPC}}\n#${"x".repeat(51_200)}`,
      /Member must have length less than or equal to 51200$/,
    ],
  ])("%s is refused at once", (_name, TemplateBody, text) => {
    const { cloud, stacks } = open();
    const [code, message] = stacks.refusal("CreateStack", { StackName: "s", TemplateBody });
    expect([code, message]).toEqual(["ValidationError", typeof text === "string" ? text : expect.stringMatching(text)]);
    expect([...cloud.cloud.view.all("stack")]).toEqual([]);
    expect(cloud.faults).toEqual([]);
  });

  test.each([
    [
      "an unknown property",
      "{CidrBlock: 10.0.0.0/16, Cidr: x}",
      "Properties validation failed for resource A with message:\n#: extraneous key [Cidr] is not permitted",
    ],
    [
      "a wrong type",
      "{CidrBlock: 10.0.0.0/16, EnableDnsSupport: [1]}",
      "Properties validation failed for resource A with message:\n#/EnableDnsSupport: expected type: Boolean, found: JSONArray",
    ],
    [
      "a tag without a key",
      "{CidrBlock: 10.0.0.0/16, Tags: [{Value: x}]}",
      "Properties validation failed for resource A with message:\n#/Tags/0: required key [Key] not found",
    ],
    [
      "what is not modelled",
      "{CidrBlock: 10.0.0.0/16, Ipv4IpamPoolId: ipam-1}",
      "The properties [Ipv4IpamPoolId] of AWS::EC2::VPC are not modelled by this local cloud.",
    ],
  ])("%s fails the resource", (_name, properties, reason) => {
    const { stacks } = open();
    expect(stacks.create("s", `Resources: {A: {Type: AWS::EC2::VPC, Properties: ${properties}}}`).StackStatus).toBe(
      "ROLLBACK_COMPLETE",
    );
    expect(stacks.events("s")).toContain(`A CREATE_FAILED (${reason})`);
  });

  test("a type of AWS's that is not modelled fails the stack by name", () => {
    const { stacks } = open();
    expect(stacks.create("s", "Resources: {Q: {Type: AWS::SQS::Queue}}").StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("s")).toContain(
      "Q CREATE_FAILED (The resource type AWS::SQS::Queue is not modelled by this local cloud.)",
    );
  });

  test("a thing that a parameter names and AWS has not fails the stack before anything is made", () => {
    const { stacks } = open();
    const template = "Parameters: {V: {Type: AWS::EC2::VPC::Id}}\nResources: {A: {Type: AWS::EC2::InternetGateway}}";
    const Parameters = [{ ParameterKey: "V", ParameterValue: "vpc-123" }];
    expect(stacks.create("s", template, { Parameters }).StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(stacks.events("s")[1]).toBe(
      "s ROLLBACK_IN_PROGRESS (Parameter validation failed: parameter value vpc-123 for parameter name V does not exist. Rollback requested by user.)",
    );
  });

  test.each([
    [
      "CreateStack",
      { StackName: "*@da591fa3_$" },
      "1 validation error detected: Value '*@da591fa3_$' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
    ],
    ["CreateStack", { StackName: "s" }, "Either Template URL or Template Body must be specified."],
    [
      "CreateStack",
      { StackName: "s", TemplateBody: network, ResourceTypes: ["AWS::S3::*"] },
      "Resource type AWS::EC2::Subnet is not allowed by parameter ResourceTypes [AWS::S3::*]",
    ],
    [
      "CreateStack",
      { StackName: "s", TemplateBody: network, RoleARN: "arn:aws:iam::111111111111:role/none" },
      "Role arn:aws:iam::111111111111:role/none is invalid or cannot be assumed",
    ],
    [
      "CreateStack",
      { StackName: "s", TemplateBody: network, StackPolicyBody: "{}" },
      "A stack policy is not modelled by this local cloud.",
    ],
    ["CreateStack", { StackName: "s", TemplateURL: "ftp://x/y" }, "TemplateURL must be a supported URL."],
    [
      "CreateStack",
      { StackName: "s", TemplateURL: "https://nobody.s3.amazonaws.com/t" },
      "S3 error: The specified bucket does not exist",
    ],
    ["UpdateStack", { StackName: "none", TemplateBody: network }, "Stack [none] does not exist"],
    ["GetTemplate", {}, "StackName is required if ChangeSetName is not specified."],
    ["GetTemplate", { ChangeSetName: "c" }, "StackName is a required parameter."],
  ])("%s %o", (operation, input, message) => {
    expect(open().stacks.refusal(operation, input)).toEqual(["ValidationError", message]);
  });

  test("permissions need to be acknowledged", () => {
    const { stacks } = open();
    const role = (name: string): string =>
      `Resources: {R: {Type: AWS::IAM::Role, Properties: {${name}AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: []}}}}`;
    const refused = (TemplateBody: string, Capabilities: string[]): unknown =>
      stacks.refusal("CreateStack", { StackName: "s", TemplateBody, Capabilities });
    expect(refused(role(""), [])).toEqual([
      "InsufficientCapabilitiesException",
      "Requires capabilities : [CAPABILITY_IAM]",
    ]);
    expect(refused(role("RoleName: r, "), ["CAPABILITY_IAM"])).toEqual([
      "InsufficientCapabilitiesException",
      "Requires capabilities : [CAPABILITY_NAMED_IAM]",
    ]);
  });

  test("a name is taken once, while its stack lives", () => {
    const { stacks } = open();
    stacks.create("s", network);
    expect(stacks.refusal("CreateStack", { StackName: "s", TemplateBody: network })).toEqual([
      "AlreadyExistsException",
      "Stack [s] already exists",
    ]);
  });
});

test("a cloud that ends in the middle of an operation goes on with it, and has lost and doubled nothing", () => {
  const { cloud } = open({ pace: "real" });
  const stacks = testStacks(cloud);
  cloud.call("DescribeVpcs");
  const vpcs = [...cloud.cloud.view.all("vpc")].length;
  const slow = `${network.replace(
    "Outputs:",
    `  Ip: {Type: AWS::EC2::EIP}
  Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Subnet, ConnectivityType: private}}
Outputs:`,
  )}`;
  const seen = new Set<string>();
  stacks.create("s", slow);
  for (let turn = 0; turn < 100 && stacks.describe("s").StackStatus !== "CREATE_COMPLETE"; turn += 1) {
    cloud.advance(2_000);
    seen.add(Object.values(stacks.statuses("s")).join());
    cloud.restart();
  }
  expect(seen.size).toBeGreaterThan(3);
  expect(stacks.describe("s").StackStatus).toBe("CREATE_COMPLETE");
  expect([...cloud.cloud.view.all("vpc")]).toHaveLength(vpcs + 1);
  expect([...cloud.cloud.view.all("natGateway")]).toHaveLength(1);
  stacks.delete("s");
  for (let turn = 0; turn < 100 && stacks.describe("s").StackStatus !== "DELETE_COMPLETE"; turn += 1) {
    cloud.advance(2_000);
    cloud.restart();
  }
  expect(stacks.describe("s").StackStatus).toBe("DELETE_COMPLETE");
  expect([...cloud.cloud.view.all("vpc")]).toHaveLength(vpcs);
  const events = stacks.events("s");
  expect(events.filter((each) => each.endsWith("CREATE_COMPLETE")).sort()).toEqual([
    "Ip CREATE_COMPLETE",
    "Nat CREATE_COMPLETE",
    "Subnet CREATE_COMPLETE",
    "Vpc CREATE_COMPLETE",
    "s CREATE_COMPLETE",
  ]);
  expect(cloud.faults).toEqual([]);
});
