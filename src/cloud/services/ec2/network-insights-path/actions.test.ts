/** Paths to analyse: what can be asked, how they are found. (semantics 11.12) */
import type {
  CreateNetworkInsightsPathCommandInput,
  DescribeNetworkInsightsPathsCommandOutput,
} from "@aws-sdk/client-ec2";
import { beforeEach, describe, expect, it, test } from "vitest";
import { accountA, accountB } from "../../../test-cloud.ts";
import { laboratory } from "../network-insights-analysis/test-laboratory.ts";

type Input = Partial<CreateNetworkInsightsPathCommandInput>;

let lab: ReturnType<typeof laboratory>;
let source: string;
let destination: string;

beforeEach(() => {
  lab = laboratory();
  const { InstanceId, SubnetId } = lab.vpc(0);
  source = InstanceId;
  destination = lab.instance(SubnetId, "10.0.1.11");
});

const refusal = (code: string) => expect.objectContaining({ code });

function read(id: string) {
  const input = { NetworkInsightsPathIds: [id] };
  return lab.cloud.call<DescribeNetworkInsightsPathsCommandOutput>("DescribeNetworkInsightsPaths", input)
    .NetworkInsightsPaths?.[0];
}

it("shows what was asked, ends as ids and ARNs", () => {
  const arn = (id: string) => `arn:aws:ec2:us-east-1:${accountA}:instance/${id}`;
  const range = { FromPort: 80, ToPort: 90 };
  const id = lab.path({
    Source: arn(source),
    Destination: destination,
    Protocol: "TCP" as "tcp",
    FilterAtSource: { SourceAddress: "10.0.1.10", DestinationPortRange: range },
    FilterAtDestination: { SourcePortRange: { FromPort: 5000 } },
    TagSpecifications: [{ ResourceType: "network-insights-path", Tags: [{ Key: "Name", Value: "web" }] }],
  });
  expect(id).toMatch(/^nip-[0-9a-f]{17}$/);
  expect(read(id)).toEqual({
    NetworkInsightsPathId: id,
    NetworkInsightsPathArn: `arn:aws:ec2:us-east-1:${accountA}:network-insights-path/${id}`,
    CreatedDate: expect.any(Date),
    Source: source,
    SourceArn: arn(source),
    Destination: destination,
    DestinationArn: arn(destination),
    Protocol: "tcp",
    FilterAtSource: { SourceAddress: "10.0.1.10", DestinationPortRange: range },
    FilterAtDestination: { SourcePortRange: { FromPort: 5000, ToPort: 5000 } },
    Tags: [{ Key: "Name", Value: "web" }],
  });
});

test("the same token gives the same path", () => {
  const asked = { Source: source, Destination: destination, ClientToken: "once" };
  expect(lab.path(asked)).toBe(lab.path(asked));
  expect(() => lab.path({ ...asked, DestinationPort: 22 })).toThrow(refusal("IdempotentParameterMismatch"));
});

test("found by ends, protocol, filters and tags; by its own account only", () => {
  const web = lab.path({ Source: source, Destination: destination, DestinationPort: 80 });
  const dns = lab.path({
    Source: destination,
    Protocol: "udp",
    FilterAtSource: { DestinationAddress: "10.0.1.10", DestinationPortRange: { FromPort: 53, ToPort: 53 } },
  });
  const found = (Name: string, value: string) =>
    lab.cloud
      .call<DescribeNetworkInsightsPathsCommandOutput>("DescribeNetworkInsightsPaths", {
        Filters: [{ Name, Values: [value] }],
      })
      .NetworkInsightsPaths?.map((each) => each.NetworkInsightsPathId);
  expect(found("source", source)).toEqual([web]);
  expect(found("destination", destination)).toEqual([web]);
  expect(found("protocol", "udp")).toEqual([dns]);
  expect(found("filter-at-source.destination-address", "10.0.1.10")).toEqual([dns]);
  expect(found("filter-at-source.destination-port-range", "53-53")).toEqual([dns]);
  expect(() => found("colour", "red")).toThrow(refusal("InvalidParameterValue"));
  const theirs = { account: accountB };
  expect(lab.cloud.call("DescribeNetworkInsightsPaths", {}, theirs)).toMatchObject({ NetworkInsightsPaths: [] });
  expect(() => lab.cloud.call("DeleteNetworkInsightsPath", { NetworkInsightsPathId: web }, theirs)).toThrow(
    refusal("InvalidNetworkInsightsPathId.NotFound"),
  );
  lab.cloud.call("DeleteNetworkInsightsPath", { NetworkInsightsPathId: web });
  expect(() => read(web)).toThrow(refusal("InvalidNetworkInsightsPathId.NotFound"));
});

describe("refused", () => {
  it.each<[code: string, what: string, input: () => Input]>([
    ["MissingParameter", "no source", () => ({ Source: undefined })],
    ["MissingParameter", "no destination", () => ({ Destination: undefined, DestinationIp: "10.0.1.11" })],
    ["InvalidParameterValue", "another protocol", () => ({ Protocol: "icmp" as "tcp" })],
    ["InvalidParameterValue", "a destination that is an address", () => ({ Destination: "10.0.1.11" })],
    ["InvalidParameterValue", "what can be no end", () => ({ Source: "subnet-00000000000000001" })],
    ["InvalidInstanceID.NotFound", "an instance that is not there", () => ({ Source: "i-00000000000000001" })],
    ["InvalidVpnGatewayID.NotFound", "what nothing here makes", () => ({ Source: "vgw-00000000000000001" })],
    ["InvalidTransitGatewayAttachmentID.NotFound", "no attachment", () => ({ Source: "tgw-attach-00000000000000001" })],
    [
      "InvalidInstanceID.NotFound",
      "another account's",
      () => ({ Source: `arn:aws:ec2:us-east-1:${accountB}:instance/${source}` }),
    ],
    [
      "InvalidParameterValue",
      "another Region's",
      () => ({ Source: `arn:aws:ec2:eu-west-1:${accountA}:instance/${source}` }),
    ],
    [
      "InvalidParameterValue",
      "an ARN of another type",
      () => ({ Source: `arn:aws:ec2:us-east-1:${accountA}:subnet/${source}` }),
    ],
    ["InvalidParameterValue", "an IPv6 address", () => ({ SourceIp: "2001:db8::1" })],
    ["InvalidParameterValue", "a port that is none", () => ({ DestinationPort: 70_000 })],
    [
      "InvalidParameterValue",
      "a range backwards",
      () => ({ FilterAtSource: { SourcePortRange: { FromPort: 9, ToPort: 8 } } }),
    ],
    ["InvalidParameterCombination", "a port twice", () => ({ FilterAtSource: {}, DestinationPort: 80 })],
    [
      "InvalidParameterCombination",
      "an address twice",
      () => ({ FilterAtDestination: {}, DestinationIp: "10.0.1.11" }),
    ],
    [
      "InvalidParameterValue",
      "tags for something else",
      () => ({ TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "a", Value: "b" }] }] }),
    ],
  ])("%s: %s", (code, _what, input) => {
    expect(() => lab.path({ Source: source, Destination: destination, ...input() })).toThrow(refusal(code));
  });
});
