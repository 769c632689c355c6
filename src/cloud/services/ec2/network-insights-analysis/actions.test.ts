/** Analyses as records: their life, how they are found, what is refused. (semantics 11.12) */
import type { DescribeNetworkInsightsAnalysesCommandOutput, TagSpecification } from "@aws-sdk/client-ec2";
import { describe, expect, it, test } from "vitest";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { networkInsightsAnalysisLifecycle } from "./lifecycle.ts";
import { laboratory, peered } from "./test-laboratory.ts";

const refusal = (code: string) => expect.objectContaining({ code });

describe("its life", () => {
  it("is this", () => {
    expect(toMermaid(networkInsightsAnalysisLifecycle)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> running
        running --> failed: after 60s [cannot-analyse]
        running --> succeeded: after 60s
        succeeded --> [*]: forgotten after 120d
        failed --> [*]: forgotten after 120d
      "
    `);
  });

  test("what was found shows when it has ended, and is of the network as it was at the start", () => {
    const real = laboratory("real");
    const { InstanceId: Source, SubnetId, GroupId } = real.vpc(0);
    const Destination = real.instance(SubnetId, "10.0.1.11");
    const path = real.path({ Source, Destination, DestinationPort: 22 });
    const { NetworkInsightsAnalysisId: id, ...started } = real.start(path);
    expect(started).toMatchObject({ Status: "running", NetworkInsightsPathId: path, StartDate: expect.any(Date) });
    expect(started).not.toHaveProperty("NetworkPathFound");
    real.cloud.call("RevokeSecurityGroupIngress", {
      GroupId,
      IpPermissions: [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] }],
    });
    real.cloud.advance(30_000);
    expect(real.read(id)).toMatchObject({ Status: "running" });
    real.cloud.advance(31_000);
    expect(real.read(id)).toMatchObject({ Status: "succeeded", NetworkPathFound: true });
    const again = real.start(path);
    real.cloud.advance(61_000);
    expect(real.read(again.NetworkInsightsAnalysisId)).toMatchObject({ Status: "succeeded", NetworkPathFound: false });
    real.cloud.restart();
    expect(real.read(id)).toMatchObject({ Status: "succeeded", NetworkPathFound: true });
    real.cloud.advance(121 * 86_400_000);
    expect(() => real.read(id)).toThrow(refusal("InvalidNetworkInsightsAnalysisId.NotFound"));
  });

  test("of an end that is gone it fails", () => {
    const { lab, a, b } = peered();
    const eni = lab.made("CreateNetworkInterface", { SubnetId: b.SubnetId }, "NetworkInterface", "NetworkInterfaceId");
    const path = lab.path({ Source: a.InstanceId, Destination: eni });
    lab.cloud.call("DeleteNetworkInterface", { NetworkInterfaceId: eni });
    const analysis = lab.read(lab.start(path).NetworkInsightsAnalysisId);
    expect(analysis).toMatchObject({ Status: "failed", StatusMessage: `${eni} does not exist any more.` });
    expect(analysis).not.toHaveProperty("NetworkPathFound");
  });

  test("one at a time of a path, which stays as long as it has any", () => {
    const lab = laboratory("real");
    const { InstanceId: Source, SubnetId } = lab.vpc(0);
    const path = lab.path({ Source, Destination: lab.instance(SubnetId, "10.0.1.11") });
    const { NetworkInsightsAnalysisId } = lab.start(path);
    expect(() => lab.start(path)).toThrow(refusal("AnalysisExistsForNetworkInsightsPath"));
    lab.cloud.advance(61_000);
    const again = lab.start(path).NetworkInsightsAnalysisId;
    const input = { NetworkInsightsPathId: path };
    expect(() => lab.cloud.call("DeleteNetworkInsightsPath", input)).toThrow(
      refusal("AnalysisExistsForNetworkInsightsPath"),
    );
    for (const each of [NetworkInsightsAnalysisId, again]) {
      const output = lab.cloud.call("DeleteNetworkInsightsAnalysis", { NetworkInsightsAnalysisId: each });
      expect(output).toEqual({ NetworkInsightsAnalysisId: each });
    }
    expect(lab.cloud.call("DeleteNetworkInsightsPath", input)).toEqual(input);
    expect(() => lab.start(path)).toThrow(refusal("InvalidNetworkInsightsPathId.NotFound"));
  });
});

test("found by path, time, state and outcome, with tags of its own", () => {
  const { lab, a, b } = peered();
  const path = lab.path({ Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 443 });
  const other = lab.path({ Source: a.InstanceId, Destination: b.InstanceId, DestinationPort: 22 });
  const TagSpecifications: TagSpecification[] = [
    { ResourceType: "network-insights-analysis", Tags: [{ Key: "Name", Value: "open" }] },
  ];
  const open = lab.start(path, { TagSpecifications, ClientToken: "once" });
  expect(lab.start(path, { TagSpecifications, ClientToken: "once" })).toEqual(open);
  lab.cloud.advance(3_600_000);
  const closed = lab.start(other);
  const found = (input: object) =>
    lab.cloud
      .call<DescribeNetworkInsightsAnalysesCommandOutput>("DescribeNetworkInsightsAnalyses", input)
      .NetworkInsightsAnalyses?.map((each) => each.NetworkInsightsAnalysisId);
  const [first, second] = [open, closed].map((each) => each.NetworkInsightsAnalysisId);
  const between = new Date(lab.cloud.now() - 60_000);
  const filter = (Name: string, value: string) => ({ Filters: [{ Name, Values: [value] }] });
  expect(found({})).toEqual([first, second]);
  expect(found({ NetworkInsightsPathId: other })).toEqual([second]);
  expect(found({ AnalysisStartTime: between })).toEqual([second]);
  expect(found({ AnalysisEndTime: between })).toEqual([first]);
  expect(found(filter("path-found", "true"))).toEqual([first]);
  expect(found(filter("status", "succeeded"))).toEqual([first, second]);
  expect(found(filter("tag:Name", "open"))).toEqual([first]);
  expect(lab.read(first)).toMatchObject({ Tags: [{ Key: "Name", Value: "open" }] });
  lab.cloud.call("CreateTags", { Resources: [second, other], Tags: [{ Key: "Name", Value: "closed" }] });
  expect(found(filter("tag:Name", "closed"))).toEqual([second]);
  const page = lab.cloud.call<DescribeNetworkInsightsAnalysesCommandOutput>("DescribeNetworkInsightsAnalyses", {
    MaxResults: 1,
  });
  expect(found({ MaxResults: 1, NextToken: page.NextToken })).toEqual([second]);
  expect(() => found({ NetworkInsightsPathId: "nip-00000000000000001" })).toThrow(
    refusal("InvalidNetworkInsightsPathId.NotFound"),
  );
  expect(() => found({ NetworkInsightsAnalysisIds: ["nia-x"] })).toThrow(
    refusal("InvalidNetworkInsightsAnalysisId.Malformed"),
  );
});
