/**
 * Reachability Analyzer's clients, unmodified: the AWS CLI, the SDK and Terraform ask for paths and read what the engine found. Time passes
 * twenty times as fast as on AWS, so that an analysis is seen while it runs.
 */
import {
  EC2,
  paginateDescribeNetworkInsightsAnalyses,
  paginateDescribeNetworkInsightsPaths,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, test } from "vitest";
import { awsCli, noAwsCli } from "../support/aws-cli.ts";
import { statesUntil } from "../support/global-site.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { noTerraform, terraformIn } from "../support/terraform.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ pace: "20x", packets: "model" });
}, 60_000);
afterAll(() => cloud?.stop());

function client(account: string): EC2 {
  const credentials = { accessKeyId: account, secretAccessKey: "causeway" };
  return new EC2({ endpoint: cloud.endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

/** Two running instances of the default VPC, in its group, whose members let each other in. */
async function twoInstances(ec2: EC2): Promise<readonly [from: string, to: string]> {
  const { Subnets = [] } = await ec2.describeSubnets();
  const launch = { ImageId: "ami-00000000000000001", MinCount: 2, MaxCount: 2, SubnetId: Subnets[0]?.SubnetId };
  const { Instances = [] } = await ec2.runInstances(launch);
  const [from = "", to = ""] = Instances.map(({ InstanceId }) => InstanceId);
  const state = async () =>
    (await ec2.describeInstanceStatus({ InstanceIds: [from, to] })).InstanceStatuses?.length === 2 ? "running" : "";
  await statesUntil(state, "running");
  return [from, to];
}

async function ended(ec2: EC2, id: string): Promise<void> {
  const read = async () =>
    (await ec2.describeNetworkInsightsAnalyses({ NetworkInsightsAnalysisIds: [id] })).NetworkInsightsAnalyses?.[0];
  await statesUntil(async () => (await read())?.Status ?? "", "succeeded");
}

const create = "ec2 create-network-insights-path --protocol TCP --destination-port 443";
const start = "ec2 start-network-insights-analysis --network-insights-path-id";

describe.concurrent("Reachability Analyzer", () => {
  test.skipIf(noAwsCli !== "")(`the AWS CLI${noAwsCli}`, { timeout: 60_000 }, async ({ expect }) => {
    const account = "111111111111";
    const ec2 = client(account);
    const aws = awsCli(cloud, account);
    const [from, to] = await twoInstances(ec2);
    const path = await aws.text(
      `${create} --source ${from} --destination ${to}`,
      "NetworkInsightsPath.NetworkInsightsPathId",
    );
    const started = await aws.text(`${start} ${path}`, "NetworkInsightsAnalysis.[Status,NetworkInsightsAnalysisId]");
    expect(started).toMatch(/^running\tnia-[0-9a-f]{17}$/);
    const [, open = ""] = started.split("\t");
    await ended(ec2, open);
    const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups();
    const { GroupId } = group ?? {};
    const IpPermissions = [{ IpProtocol: "-1", UserIdGroupPairs: [{ GroupId }] }];
    await ec2.revokeSecurityGroupIngress({ GroupId, IpPermissions });
    const closed = (await ec2.startNetworkInsightsAnalysis({ NetworkInsightsPathId: path })).NetworkInsightsAnalysis;
    await ended(ec2, closed?.NetworkInsightsAnalysisId ?? "");
    const sent = { Protocol: "6", DestinationPortRanges: [{ From: 443, To: 443 }] };
    const instance = { Id: from, Arn: `arn:aws:ec2:us-east-1:${account}:instance/${from}` };
    const first = { SequenceNumber: 1, Component: instance, OutboundHeader: expect.objectContaining(sent) };
    const reason = { ExplanationCode: "SG_HAS_NO_RULES", Direction: "ingress" };
    expect(await aws(`ec2 describe-network-insights-analyses --network-insights-path-id ${path}`)).toMatchObject({
      NetworkInsightsAnalyses: [
        { NetworkPathFound: true, ForwardPathComponents: expect.arrayContaining([expect.objectContaining(first)]) },
        { NetworkPathFound: false, Explanations: [{ ...reason, SecurityGroups: [{ Id: GroupId }] }] },
      ],
    });
    expect(await aws.refused(`ec2 delete-network-insights-path --network-insights-path-id ${path}`)).toBe(
      "AnalysisExistsForNetworkInsightsPath",
    );
    ec2.destroy();
  });

  test("the SDK: tokens, pages, and both ways as it reads them", { timeout: 60_000 }, async ({ expect }) => {
    const ec2 = client("222222222222");
    const [Source, Destination] = await twoInstances(ec2);
    const input = { Source, Destination, Protocol: "udp", DestinationPort: 53, ClientToken: "once" } as const;
    const [first, second] = await Promise.all([input, input].map((each) => ec2.createNetworkInsightsPath(each)));
    expect(first?.NetworkInsightsPath).toEqual(second?.NetworkInsightsPath);
    const { NetworkInsightsPath: other } = await ec2.createNetworkInsightsPath({
      ...input,
      DestinationPort: 54,
      ClientToken: "other",
    });
    const pathIds = [first?.NetworkInsightsPath, other].map((path) => path?.NetworkInsightsPathId ?? "");
    const paged: (string | undefined)[] = [];
    for await (const page of paginateDescribeNetworkInsightsPaths({ client: ec2, pageSize: 1 }, {})) {
      for (const { NetworkInsightsPathId } of page.NetworkInsightsPaths ?? []) paged.push(NetworkInsightsPathId);
    }
    expect(paged).toEqual(pathIds);
    await Promise.all(
      pathIds.map((NetworkInsightsPathId) => ec2.startNetworkInsightsAnalysis({ NetworkInsightsPathId })),
    );
    const read = async () => {
      const all = [];
      for await (const page of paginateDescribeNetworkInsightsAnalyses({ client: ec2, pageSize: 1 }, {})) {
        all.push(...(page.NetworkInsightsAnalyses ?? []));
      }
      return all;
    };
    await statesUntil(async () => [...new Set((await read()).map(({ Status }) => Status))].join(), "succeeded");
    const analyses = await read();
    expect(analyses.map(({ NetworkPathFound }) => NetworkPathFound)).toEqual([true, true]);
    expect(analyses[0]?.StartDate).toBeInstanceOf(Date);
    const ends = (path = analyses[0]?.ForwardPathComponents) => [path?.[0]?.Component?.Id, path?.at(-1)?.Component?.Id];
    expect([ends(), ends(analyses[0]?.ReturnPathComponents)]).toEqual([
      [Source, Destination],
      [Destination, Source],
    ]);
    ec2.destroy();
  });

  test.skipIf(noTerraform !== "")(`Terraform${noTerraform}`, { timeout: 120_000 }, async ({ expect }) => {
    const ec2 = client("333333333333");
    const [from, to] = await twoInstances(ec2);
    const terraform = terraformIn(cloud, "insights");
    const ends = ["-var", `from=${from}`, "-var", `to=${to}`];
    await terraform("init", "-input=false");
    await terraform("apply", "-auto-approve", ...ends);
    const found: unknown = JSON.parse(await terraform("output", "-json", "found"));
    expect(found).toMatchObject({
      open: true,
      closed: false,
      rule: "0.0.0.0/0",
      codes: ["ENI_SG_RULES_MISMATCH"],
      components: expect.arrayContaining([from, to]),
      destination: to,
    });
    await terraform("plan", "-detailed-exitcode", ...ends);
    await terraform("destroy", "-auto-approve", ...ends);
    expect((await ec2.describeNetworkInsightsPaths()).NetworkInsightsPaths).toEqual([]);
    ec2.destroy();
  });
});
