/** Regions and Availability Zones. */
import type { DescribeAvailabilityZonesCommandOutput, DescribeRegionsCommandOutput } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { testCloud } from "../../../test-cloud.ts";
import { regions } from "./regions.ts";

describe("DescribeRegions", () => {
  it("lists AWS's commercial Regions", () => {
    const found = testCloud().call<DescribeRegionsCommandOutput>("DescribeRegions", { AllRegions: true }).Regions ?? [];
    expect(found.length).toBeGreaterThanOrEqual(25);
    expect(found).toContainEqual({
      RegionName: "eu-west-1",
      Endpoint: "ec2.eu-west-1.amazonaws.com",
      OptInStatus: "opt-in-not-required",
    });
  });

  it("by name and by opt-in status", () => {
    const cloud = testCloud();
    const Filters = [{ Name: "opt-in-status", Values: ["opted-in"] }];
    const found = cloud.call<DescribeRegionsCommandOutput>("DescribeRegions", { Filters }).Regions;
    expect(found?.map(({ RegionName }) => RegionName)).toContain("af-south-1");
    expect(found?.map(({ RegionName }) => RegionName)).not.toContain("us-east-1");
    expect(() => cloud.call("DescribeRegions", { RegionNames: ["mars-north-1"] })).toThrow(
      expect.objectContaining({ code: "InvalidParameterValue" }),
    );
  });
});

describe("DescribeAvailabilityZones", () => {
  const zones = (account: string, input: object = {}) =>
    testCloud().call<DescribeAvailabilityZonesCommandOutput>("DescribeAvailabilityZones", input, { account })
      .AvailabilityZones ?? [];

  it("shows a zone with all that AWS shows", () => {
    expect(zones("111111111111", { ZoneNames: ["us-east-1a"] })).toEqual([
      {
        GroupLongName: "US East (N. Virginia) 1",
        GroupName: "us-east-1-zg-1",
        Messages: [],
        NetworkBorderGroup: "us-east-1",
        OptInStatus: "opt-in-not-required",
        RegionName: "us-east-1",
        State: "available",
        ZoneId: "use1-az1",
        ZoneName: "us-east-1a",
        ZoneType: "availability-zone",
      },
    ]);
  });

  it("[AD-34] maps names to ids per account, always the same way", () => {
    const ids = (account: string) => zones(account).map(({ ZoneId }) => ZoneId);
    expect(ids("123456789012")).toEqual(ids("123456789012"));
    expect(ids("111111111112")).not.toEqual(ids("111111111111"));
    expect([...ids("111111111112")].sort()).toEqual([...ids("111111111111")].sort());
  });

  it("filters as the CDK and Terraform do", () => {
    const Filters = [
      { Name: "state", Values: ["available"] },
      { Name: "opt-in-status", Values: ["opt-in-not-required"] },
    ];
    expect(zones("111111111111", { Filters })).toHaveLength(6);
    expect(() => zones("111111111111", { ZoneNames: ["us-east-1z"] })).toThrow(
      expect.objectContaining({ code: "InvalidParameterValue", message: "Invalid availability zone: [us-east-1z]" }),
    );
  });

  it("has as many ids as names in every Region", () => {
    for (const { zoneLetters, zoneNumbers } of regions) expect(zoneNumbers).toHaveLength(zoneLetters.length);
  });
});
