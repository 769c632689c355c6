import { describe, expect, it } from "vitest";
import { emptyNetworkModel, type Instance, type NetworkInterface, type NetworkModel } from "../model/index.ts";
import { destination } from "./endpoints.ts";

const publicIp = "198.18.7.7";

/** A running instance at 10.0.1.10 of a VPC of its own. */
function host(
  name: string,
  ownPublicIp?: string,
): { readonly instance: Instance; readonly networkInterface: NetworkInterface } {
  const place = {
    ownerId: "111111111111",
    region: "us-east-1",
    vpcId: `vpc-${name}`,
    subnetId: `subnet-${name}`,
  } as const;
  const instanceId = `i-${name}` as const;
  return {
    instance: {
      ...place,
      instanceId,
      state: "running",
      imageId: "ami-00000000000000001",
      instanceType: "t3.micro",
      availabilityZone: "us-east-1a",
      privateDnsName: "ip-10-0-1-10.ec2.internal",
      launchTime: "2026-01-01T00:00:00.000Z",
    },
    networkInterface: {
      ...place,
      networkInterfaceId: `eni-${name}`,
      macAddress: "0a:00:00:00:00:01",
      privateAddresses: [{ address: "10.0.1.10", primary: true, ...(ownPublicIp && { publicIp: ownPublicIp }) }],
      ipv6Addresses: [],
      securityGroupIds: [],
      sourceDestCheck: true,
      interfaceType: "interface",
      attachment: { instanceId, deviceIndex: 0 },
    },
  };
}

describe("an address as a destination", () => {
  const [near, far] = [host("near"), host("far", publicIp)];
  const model: NetworkModel = {
    ...emptyNetworkModel,
    instances: [near.instance, far.instance],
    networkInterfaces: [near.networkInterface, far.networkInterface],
  };

  it.each([near, far])(
    "means the instance of the sender's own VPC where several have it",
    ({ instance, networkInterface }) => {
      expect(destination(model, "10.0.1.10", "any", networkInterface)).toMatchObject({
        instanceId: instance.instanceId,
      });
    },
  );

  it("[AD-52] means the instance behind it when it is public, at its own address", () => {
    expect(destination(model, publicIp, "any", near.networkInterface)).toEqual({
      id: "i-far",
      instanceId: "i-far",
      address: publicIp,
      ownAddress: "10.0.1.10",
    });
  });

  it("is taken as it is when no running instance has it", () => {
    const stopped: NetworkModel = { ...model, instances: [near.instance, { ...far.instance, state: "stopped" }] };
    for (const address of ["192.0.2.1", publicIp]) {
      expect(destination(stopped, address, "any", near.networkInterface)).toEqual({ id: address, address });
    }
  });
});
