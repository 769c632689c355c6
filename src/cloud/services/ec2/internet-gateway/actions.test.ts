/** Internet gateways, and the egress-only ones: semantics 9.3, 9.5. */
import type { DescribeInternetGatewaysCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { testCloud } from "../../../test-cloud.ts";

function network() {
  const cloud = testCloud();
  const id = (operation: string, input: object, resource: string, member: string): string =>
    cloud.call<Record<string, Record<string, string>>>(operation, input)[resource]?.[member] ?? "";
  const vpc = (CidrBlock: string) => id("CreateVpc", { CidrBlock }, "Vpc", "VpcId");
  const gateway = () => id("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
  return { cloud, id, vpc, gateway };
}

const refusal = (code: string, message?: unknown) =>
  expect.objectContaining(message === undefined ? { code } : { code, message });

describe("[IG-1] an internet gateway", () => {
  it("is attached to one VPC, in the state `available`", () => {
    const { cloud, vpc, gateway } = network();
    const VpcId = vpc("10.0.0.0/16");
    const InternetGatewayId = gateway();
    const read = () =>
      cloud.call<DescribeInternetGatewaysCommandOutput>("DescribeInternetGateways", {
        InternetGatewayIds: [InternetGatewayId],
      }).InternetGateways;
    expect(read()).toEqual([{ InternetGatewayId, OwnerId: "111111111111", Attachments: [], Tags: [] }]);
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
    expect(read()?.[0]?.Attachments).toEqual([{ State: "available", VpcId }]);
    expect(() => cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId: vpc("10.1.0.0/16") })).toThrow(
      refusal("Resource.AlreadyAssociated", `resource ${InternetGatewayId} is already attached to network ${VpcId}`),
    );
    expect(() => cloud.call("AttachInternetGateway", { InternetGatewayId: gateway(), VpcId })).toThrow(
      refusal("InvalidParameterValue", `Network ${VpcId} already has an internet gateway attached`),
    );
    const attached = { Filters: [{ Name: "attachment.vpc-id", Values: [VpcId] }] };
    expect(cloud.call("DescribeInternetGateways", attached)).toMatchObject({
      InternetGateways: [{ InternetGatewayId }],
    });
  });

  it("is detached and deleted in this order", () => {
    const { cloud, vpc, gateway } = network();
    const VpcId = vpc("10.0.0.0/16");
    const InternetGatewayId = gateway();
    expect(() => cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId })).toThrow(
      refusal("Gateway.NotAttached", `resource ${InternetGatewayId} is not attached to network ${VpcId}`),
    );
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
    expect(() => cloud.call("DeleteInternetGateway", { InternetGatewayId })).toThrow(refusal("DependencyViolation"));
    cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId });
    cloud.call("DeleteInternetGateway", { InternetGatewayId });
    expect(() => cloud.call("DeleteInternetGateway", { InternetGatewayId })).toThrow(
      refusal("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${InternetGatewayId}' does not exist`),
    );
  });

  it("stays while public addresses are mapped", () => {
    const { cloud, id, vpc, gateway } = network();
    const VpcId = vpc("10.0.0.0/16");
    const InternetGatewayId = gateway();
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
    const SubnetId = id("CreateSubnet", { VpcId, CidrBlock: "10.0.1.0/24" }, "Subnet", "SubnetId");
    const NetworkInterfaceId = id("CreateNetworkInterface", { SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    const { AllocationId } = cloud.call<{ AllocationId: string }>("AllocateAddress");
    const { AssociationId } = cloud.call<{ AssociationId: string }>("AssociateAddress", {
      AllocationId,
      NetworkInterfaceId,
    });
    expect(() => cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId })).toThrow(
      refusal(
        "DependencyViolation",
        `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
      ),
    );
    cloud.call("DisassociateAddress", { AssociationId });
    expect(() => cloud.call("DetachInternetGateway", { InternetGatewayId, VpcId })).not.toThrow();
  });
});

describe("9.5: an egress-only internet gateway", () => {
  it("is attached from its creation", () => {
    const { cloud, id, vpc } = network();
    const VpcId = vpc("10.0.0.0/16");
    const EgressOnlyInternetGatewayId = id(
      "CreateEgressOnlyInternetGateway",
      { VpcId },
      "EgressOnlyInternetGateway",
      "EgressOnlyInternetGatewayId",
    );
    const ids = { EgressOnlyInternetGatewayIds: [EgressOnlyInternetGatewayId] };
    expect(cloud.call("DescribeEgressOnlyInternetGateways", ids)).toEqual({
      EgressOnlyInternetGateways: [
        { EgressOnlyInternetGatewayId, Attachments: [{ State: "attached", VpcId }], Tags: [] },
      ],
      NextToken: undefined,
    });
    cloud.call("DeleteEgressOnlyInternetGateway", { EgressOnlyInternetGatewayId });
    expect(() => cloud.call("DescribeEgressOnlyInternetGateways", ids)).toThrow(
      refusal("InvalidGatewayID.NotFound", `The eigw ID '${EgressOnlyInternetGatewayId}' does not exist`),
    );
  });
});
