/** DHCP option sets. https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
import type { CreateDhcpOptionsCommandOutput, DescribeVpcsCommandOutput } from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import { testCloud } from "../../../test-cloud.ts";

const refusal = (code: string) => expect.objectContaining({ code });

it.each([
  ["us-east-1", "ec2.internal"],
  ["eu-west-1", "eu-west-1.compute.internal"],
])("a new account in %s has the default set, and new VPCs use it", (region, domain) => {
  const cloud = testCloud();
  const sets = cloud.call<{ DhcpOptions: { DhcpOptionsId: string }[] }>("DescribeDhcpOptions", {}, { region });
  expect(sets).toMatchObject({
    DhcpOptions: [
      {
        DhcpConfigurations: [
          { Key: "domain-name", Values: [{ Value: domain }] },
          { Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] },
        ],
        OwnerId: "111111111111",
      },
    ],
  });
  expect(cloud.call("CreateVpc", { CidrBlock: "10.0.0.0/16" }, { region })).toMatchObject({
    Vpc: { DhcpOptionsId: sets.DhcpOptions[0]?.DhcpOptionsId },
  });
});

it("a set is created, used, let go and deleted", () => {
  const cloud = testCloud();
  const { DhcpOptions } = cloud.call<CreateDhcpOptionsCommandOutput>("CreateDhcpOptions", {
    DhcpConfigurations: [
      { Key: "domain-name", Values: ["example.org"] },
      { Key: "domain-name-servers", Values: ["10.0.0.2,AmazonProvidedDNS"] },
    ],
  });
  const DhcpOptionsId = DhcpOptions?.DhcpOptionsId;
  expect(DhcpOptions?.DhcpConfigurations?.[1]?.Values).toEqual([{ Value: "10.0.0.2" }, { Value: "AmazonProvidedDNS" }]);
  const VpcId = cloud.call<DescribeVpcsCommandOutput>("DescribeVpcs").Vpcs?.[0]?.VpcId;
  cloud.call("AssociateDhcpOptions", { DhcpOptionsId, VpcId });
  expect(() => cloud.call("DeleteDhcpOptions", { DhcpOptionsId })).toThrow(refusal("DependencyViolation"));
  cloud.call("AssociateDhcpOptions", { DhcpOptionsId: "default", VpcId });
  expect(cloud.call("DescribeVpcs", { VpcIds: [VpcId] })).toMatchObject({ Vpcs: [{ DhcpOptionsId: "default" }] });
  cloud.call("DeleteDhcpOptions", { DhcpOptionsId });
  expect(() => cloud.call("AssociateDhcpOptions", { DhcpOptionsId, VpcId })).toThrow(
    refusal("InvalidDhcpOptionID.NotFound"),
  );
});

it.each([
  [{ Key: "router", Values: ["10.0.0.1"] }],
  [{ Key: "domain-name-servers", Values: ["dns.example.org"] }],
  [{ Key: "ntp-servers", Values: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"] }],
  [{ Key: "netbios-node-type", Values: ["3"] }],
])("%o is refused", (configuration) => {
  expect(() => testCloud().call("CreateDhcpOptions", { DhcpConfigurations: [configuration] })).toThrow(
    refusal("InvalidParameterValue"),
  );
});
