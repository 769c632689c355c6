/** NAT gateways: semantics 9.4. */
import type { DescribeNatGatewaysCommandOutput, NatGateway } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { isNetworkModel } from "../../../../model/index.ts";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { type TestCloud, testCloud } from "../../../test-cloud.ts";
import { natGatewayLifecycle } from "./lifecycle.ts";

function network({ attached = true, pace = "real" as "real" | "instant", cidr = "10.0.1.0/24" } = {}) {
  const cloud = testCloud({ pace });
  const id = (operation: string, input: object, resource: string, member: string): string =>
    cloud.call<Record<string, Record<string, string>>>(operation, input)[resource]?.[member] ?? "";
  const VpcId = id("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "Vpc", "VpcId");
  const SubnetId = id("CreateSubnet", { VpcId, CidrBlock: cidr }, "Subnet", "SubnetId");
  if (attached) {
    const InternetGatewayId = id("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
  }
  const { AllocationId } = cloud.call<{ AllocationId: string }>("AllocateAddress");
  const create = (input: object = {}) =>
    id("CreateNatGateway", { SubnetId, AllocationId, ...input }, "NatGateway", "NatGatewayId");
  return { cloud, id, VpcId, SubnetId, AllocationId, create };
}

function read(cloud: TestCloud, id: string): NatGateway | undefined {
  return cloud.call<DescribeNatGatewaysCommandOutput>("DescribeNatGateways", { NatGatewayIds: [id] }).NatGateways?.[0];
}

const refusal = (code: string, message?: unknown) =>
  expect.objectContaining(message === undefined ? { code } : { code, message });
const minutes = 60_000;

it("[NG-2] its states are these", () => {
  expect(toMermaid(natGatewayLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> pending
      pending --> deleting: DeleteNatGateway
      pending --> failed: after 105s [cannot-start]
      pending --> available: after 105s
      available --> deleting: DeleteNatGateway
      failed --> deleting: DeleteNatGateway
      failed --> [*]: forgotten after 1h
      deleting --> deleted: after 60s
      deleted --> [*]: forgotten after 1h
    "
  `);
});

describe("[NG-1, NG-2] a public NAT gateway", () => {
  it("comes with an interface and its Elastic IP, and leaves without a trace but itself", () => {
    const { cloud, VpcId, SubnetId, AllocationId, create } = network();
    const NatGatewayId = create();
    expect(read(cloud, NatGatewayId)).toMatchObject({
      State: "pending",
      NatGatewayAddresses: [{ Status: "associating" }],
    });
    cloud.advance(3 * minutes);
    const gateway = read(cloud, NatGatewayId);
    expect(gateway).toMatchObject({
      State: "available",
      ConnectivityType: "public",
      VpcId,
      SubnetId,
      NatGatewayAddresses: [{ AllocationId, IsPrimary: true, Status: "succeeded" }],
    });
    const [address] = gateway?.NatGatewayAddresses ?? [];
    const interfaces = cloud.call<{ NetworkInterfaces: object[] }>("DescribeNetworkInterfaces", {
      Filters: [{ Name: "vpc-id", Values: [VpcId] }],
    }).NetworkInterfaces;
    // [AD-57]
    expect(interfaces).toMatchObject([
      {
        NetworkInterfaceId: address?.NetworkInterfaceId,
        Description: `Interface for NAT Gateway ${NatGatewayId}`,
        RequesterManaged: true,
        SourceDestCheck: false,
        Groups: [],
        Status: "in-use",
        Association: { PublicIp: address?.PublicIp, AllocationId },
      },
    ]);
    expect(() => cloud.call("DisassociateAddress", { AssociationId: address?.AssociationId })).toThrow(
      refusal("AuthFailure"),
    );
    expect(() => cloud.call("DeleteSubnet", { SubnetId })).toThrow(refusal("DependencyViolation"));
    expect(isNetworkModel(cloud.model())).toBe(true);

    expect(cloud.call("DeleteNatGateway", { NatGatewayId })).toEqual({ NatGatewayId });
    expect(read(cloud, NatGatewayId)?.State).toBe("deleting");
    cloud.advance(2 * minutes);
    expect(read(cloud, NatGatewayId)).toMatchObject({ State: "deleted", DeleteTime: expect.any(Date) });
    cloud.call("ReleaseAddress", { AllocationId });
    cloud.call("DeleteSubnet", { SubnetId });
    expect(() => cloud.call("DeleteNatGateway", { NatGatewayId })).toThrow(
      refusal("NatGatewayNotFound", `NatGateway ${NatGatewayId} was not found`),
    );
    expect(isNetworkModel(cloud.model())).toBe(true);
    cloud.advance(61 * minutes);
    expect(() => read(cloud, NatGatewayId)).toThrow(refusal("NatGatewayNotFound"));
  });

  it.each<[code: string, message: string, make: (n: ReturnType<typeof network>) => string, options?: object]>([
    ["Gateway.NotAttached", "has no Internet gateway attached", (n) => n.create(), { attached: false }],
    [
      "InvalidAllocationID.NotFound",
      "could not be associated",
      (n) => n.create({ AllocationId: "eipalloc-00000000000000001" }),
    ],
    [
      "Resource.AlreadyAssociated",
      "is already associated",
      (n) => {
        n.create();
        return n.create();
      },
    ],
    [
      "InsufficientFreeAddressesInSubnet",
      "insufficient free addresses",
      (n) => {
        for (let each = 0; each < 11; each += 1) n.cloud.call("CreateNetworkInterface", { SubnetId: n.SubnetId });
        return n.create();
      },
      { cidr: "10.0.1.0/28" },
    ],
  ])("fails later with %s", (code, message, make, options) => {
    const n = network(options);
    const id = make(n);
    expect(read(n.cloud, id)).toMatchObject({ State: "pending" });
    expect(read(n.cloud, id)).not.toHaveProperty("FailureCode");
    n.cloud.advance(3 * minutes);
    expect(read(n.cloud, id)).toMatchObject({
      State: "failed",
      FailureCode: code,
      FailureMessage: expect.stringContaining(message),
    });
    expect(isNetworkModel(n.cloud.model())).toBe(true);
    n.cloud.advance(61 * minutes);
    expect(() => read(n.cloud, id)).toThrow(refusal("NatGatewayNotFound"));
  });

  it.each<[string, object]>([
    ["MissingParameter", { AllocationId: undefined }],
    ["InvalidAllocationID.Malformed", { AllocationId: "eipalloc-x" }],
    ["InvalidSubnetID.NotFound", { SubnetId: "subnet-00000000000000001" }],
    ["InvalidParameterCombination", { ConnectivityType: "private" }],
    ["UnsupportedOperation", { AvailabilityMode: "regional" }],
  ])("is refused at once with %s", (code, input) => {
    const { create } = network();
    expect(() => create(input)).toThrow(refusal(code));
  });
});

it("[NG-1] a private one needs neither an Elastic IP nor an internet gateway", () => {
  const { cloud, create } = network({ attached: false, pace: "instant" });
  const id = create({ ConnectivityType: "private", AllocationId: undefined, PrivateIpAddress: "10.0.1.50" });
  expect(read(cloud, id)).toMatchObject({
    State: "available",
    ConnectivityType: "private",
    NatGatewayAddresses: [{ PrivateIp: "10.0.1.50" }],
  });
  expect(cloud.model().natGateways).toMatchObject([{ natGatewayId: id, state: "available" }]);
});

describe("[NG-8] refusals", () => {
  it.each([
    [
      "DeleteNatGateway",
      { NatGatewayId: "nat-00000000000000001" },
      "NatGatewayNotFound",
      "NatGateway nat-00000000000000001 was not found",
    ],
    [
      "DescribeNatGateways",
      { NatGatewayIds: ["nat-00000000000000001"] },
      "NatGatewayNotFound",
      "NatGateway nat-00000000000000001 was not found",
    ],
    ["DescribeNatGateways", { NatGatewayIds: ["gateway"] }, "NatGatewayMalformed", expect.anything()],
    [
      "CreateNatGateway",
      { SubnetId: "subnet-00000000000000001", ConnectivityType: "private" },
      "InvalidSubnetID.NotFound",
      expect.anything(),
    ],
  ])("%s of what is not there: %o", (operation, input, code, message) => {
    expect(() => testCloud().call(operation, input)).toThrow(refusal(code, message));
  });
});

it("is found by VPC, subnet and state", () => {
  const { cloud, VpcId, SubnetId, create } = network();
  const id = create();
  for (const [Name, value] of [
    ["vpc-id", VpcId],
    ["subnet-id", SubnetId],
    ["state", "pending"],
  ]) {
    const found = cloud.call<DescribeNatGatewaysCommandOutput>("DescribeNatGateways", {
      Filter: [{ Name, Values: [value] }],
    });
    expect(found.NatGateways?.map(({ NatGatewayId }) => NatGatewayId)).toEqual([id]);
  }
});
