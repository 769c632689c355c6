/** Elastic IP addresses: semantics 9.2. */
import type { AllocateAddressCommandOutput, DescribeAddressesCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";

function network({ attached = true } = {}) {
  const cloud = testCloud();
  const id = (operation: string, input: object, resource: string, member: string): string =>
    cloud.call<Record<string, Record<string, string>>>(operation, input)[resource]?.[member] ?? "";
  const VpcId = id("CreateVpc", { CidrBlock: "10.0.0.0/16" }, "Vpc", "VpcId");
  const SubnetId = id("CreateSubnet", { VpcId, CidrBlock: "10.0.1.0/24" }, "Subnet", "SubnetId");
  if (attached) {
    const InternetGatewayId = id("CreateInternetGateway", {}, "InternetGateway", "InternetGatewayId");
    cloud.call("AttachInternetGateway", { InternetGatewayId, VpcId });
  }
  const networkInterface = (extra: object = {}) =>
    id("CreateNetworkInterface", { SubnetId, ...extra }, "NetworkInterface", "NetworkInterfaceId");
  return { cloud, id, VpcId, SubnetId, networkInterface };
}

function allocate(cloud: TestCloud): { AllocationId: string; PublicIp: string } {
  const { AllocationId = "", PublicIp = "" } = cloud.call<AllocateAddressCommandOutput>("AllocateAddress", {
    Domain: "vpc",
  });
  return { AllocationId, PublicIp };
}

function read(cloud: TestCloud, AllocationId: string) {
  return cloud.call<DescribeAddressesCommandOutput>("DescribeAddresses", { AllocationIds: [AllocationId] })
    .Addresses?.[0];
}

const refusal = (code: string, message?: unknown) =>
  expect.objectContaining(message === undefined ? { code } : { code, message });

describe("[EI-1] an Elastic IP address", () => {
  it("is nobody's outside, and unique", () => {
    const cloud = testCloud();
    const given = Array.from({ length: 300 }, () => allocate(cloud).PublicIp);
    expect(new Set(given).size).toBe(300);
    expect(given.every((address) => address.startsWith("198.18."))).toBe(true);
  });

  it("is mapped to the primary private address, and read back", () => {
    const { cloud, networkInterface } = network();
    const { AllocationId, PublicIp } = allocate(cloud);
    expect(read(cloud, AllocationId)).toEqual({
      AllocationId,
      PublicIp,
      PublicIpv4Pool: "amazon",
      Domain: "vpc",
      NetworkBorderGroup: "us-east-1",
      Tags: [],
    });
    const NetworkInterfaceId = networkInterface({ PrivateIpAddress: "10.0.1.10" });
    const { AssociationId } = cloud.call<{ AssociationId: string }>("AssociateAddress", {
      AllocationId,
      NetworkInterfaceId,
    });
    expect(read(cloud, AllocationId)).toMatchObject({
      AssociationId,
      NetworkInterfaceId,
      NetworkInterfaceOwnerId: "111111111111",
      PrivateIpAddress: "10.0.1.10",
    });
    expect(
      cloud.model().networkInterfaces.find((each) => each.networkInterfaceId === NetworkInterfaceId),
    ).toMatchObject({
      privateAddresses: [{ address: "10.0.1.10", publicIp: PublicIp }],
    });
    expect(cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId })).toEqual({ AssociationId });
    const other = networkInterface();
    expect(() => cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId: other })).toThrow(
      refusal(
        "Resource.AlreadyAssociated",
        `resource ${AllocationId} is already associated with associate-id ${AssociationId}`,
      ),
    );
    cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId: other, AllowReassociation: true });
    expect(read(cloud, AllocationId)?.NetworkInterfaceId).toBe(other);
    expect(() => cloud.call("DisassociateAddress", { AssociationId })).toThrow(
      refusal("InvalidAssociationID.NotFound"),
    );
  });

  it("[EI-2] takes the place of another on the same private address", () => {
    const { cloud, networkInterface } = network();
    const NetworkInterfaceId = networkInterface();
    const [first, second] = [allocate(cloud), allocate(cloud)];
    cloud.call("AssociateAddress", { AllocationId: first.AllocationId, NetworkInterfaceId });
    cloud.call("AssociateAddress", { AllocationId: second.AllocationId, NetworkInterfaceId });
    expect(read(cloud, first.AllocationId)).not.toHaveProperty("AssociationId");
    expect(read(cloud, second.AllocationId)).toMatchObject({ NetworkInterfaceId });
  });

  it("is mapped to a secondary address when asked", () => {
    const { cloud, networkInterface } = network();
    const NetworkInterfaceId = networkInterface({ PrivateIpAddress: "10.0.1.10" });
    cloud.call("AssignPrivateIpAddresses", { NetworkInterfaceId, PrivateIpAddresses: ["10.0.1.11"] });
    const { AllocationId } = allocate(cloud);
    cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId, PrivateIpAddress: "10.0.1.11" });
    expect(read(cloud, AllocationId)?.PrivateIpAddress).toBe("10.0.1.11");
    expect(() =>
      cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId, PrivateIpAddress: "10.0.1.12" }),
    ).toThrow(refusal("InvalidParameterValue"));
  });

  it("[IN-2] takes the place of an instance's automatic address", () => {
    const { cloud, SubnetId } = network();
    const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>("RunInstances", {
      ImageId: "ami-00000000000000001",
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, AssociatePublicIpAddress: true }],
    });
    const InstanceId = Instances[0]?.InstanceId ?? "";
    const publicIp = () =>
      cloud.call<{ Reservations: { Instances: { PublicIpAddress?: string }[] }[] }>("DescribeInstances", {
        InstanceIds: [InstanceId],
      }).Reservations[0]?.Instances[0]?.PublicIpAddress;
    expect(publicIp()).toMatch(/^198\.18\./);
    const { AllocationId, PublicIp } = allocate(cloud);
    cloud.call("AssociateAddress", { AllocationId, InstanceId });
    expect(publicIp()).toBe(PublicIp);
    expect(read(cloud, AllocationId)).toMatchObject({ InstanceId });
    cloud.call("DisassociateAddress", { PublicIp });
    expect(publicIp()).toBeUndefined();
  });

  it("needs an internet gateway on the VPC", () => {
    const { cloud, VpcId, networkInterface } = network({ attached: false });
    const { AllocationId } = allocate(cloud);
    expect(() => cloud.call("AssociateAddress", { AllocationId, NetworkInterfaceId: networkInterface() })).toThrow(
      refusal("Gateway.NotAttached", `Network ${VpcId} is not attached to any internet gateway`),
    );
  });
});

describe("[EI-3] ReleaseAddress", () => {
  it("waits until the address is free", () => {
    const { cloud, networkInterface } = network();
    const { AllocationId } = allocate(cloud);
    const { AssociationId } = cloud.call<{ AssociationId: string }>("AssociateAddress", {
      AllocationId,
      NetworkInterfaceId: networkInterface(),
    });
    expect(() => cloud.call("ReleaseAddress", { AllocationId })).toThrow(refusal("InvalidIPAddress.InUse"));
    cloud.call("DisassociateAddress", { AssociationId });
    cloud.call("ReleaseAddress", { AllocationId });
    expect(() => cloud.call("ReleaseAddress", { AllocationId })).toThrow(
      refusal("InvalidAllocationID.NotFound", `Allocation ID '${AllocationId}' not found.`),
    );
  });

  it("is the owner's to call", () => {
    const cloud = testCloud();
    const { AllocationId, PublicIp } = allocate(cloud);
    const other = { account: accountB };
    expect(() => cloud.call("ReleaseAddress", { AllocationId }, other)).toThrow(
      refusal("InvalidAllocationID.NotFound"),
    );
    expect(() => cloud.call("DescribeAddresses", { PublicIps: [PublicIp] }, other)).toThrow(
      refusal("InvalidAddress.NotFound", `Address '${PublicIp}' not found.`),
    );
  });
});

it("DescribeAddressesAttribute shows addresses without a reverse name", () => {
  const cloud = testCloud();
  const { AllocationId, PublicIp } = allocate(cloud);
  const input = { AllocationIds: [AllocationId], Attribute: "domain-name" };
  expect(cloud.call("DescribeAddressesAttribute", input)).toMatchObject({ Addresses: [{ AllocationId, PublicIp }] });
});
