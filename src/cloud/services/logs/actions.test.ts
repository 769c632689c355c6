/** CloudWatch Logs: groups, streams, and events that are found again. */
import type {
  DescribeLogGroupsCommandOutput,
  DescribeLogStreamsCommandOutput,
  FilterLogEventsCommandOutput,
  GetLogEventsCommandOutput,
  ListTagsForResourceCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

let cloud: TestCloud;
const logGroupName = "/aws/lambda/one";
const logStreamName = "2026/01/01/[$LATEST]a";

beforeEach(() => {
  cloud = testCloud();
  logs("CreateLogGroup", { logGroupName, tags: { a: "1" } });
  logs("CreateLogStream", { logGroupName, logStreamName });
});

function logs<Output = unknown>(operation: string, input: object, account = accountA): Output {
  return cloud.call<Output & Record<string, unknown>>(operation, input, { service: "logs", account });
}

function refusal(operation: string, input: object, account = accountA): string {
  try {
    logs(operation, input, account);
  } catch (error) {
    if (isAwsError(error)) return error.code;
    throw error;
  }
  return "allowed";
}

function put(...messages: readonly string[]): void {
  const logEvents = messages.map((message, index) => ({ timestamp: cloud.now() + index, message }));
  logs("PutLogEvents", { logGroupName, logStreamName, logEvents });
}

test("a group has an ARN, a retention and tags, and is its account's own", () => {
  logs("PutRetentionPolicy", { logGroupName, retentionInDays: 14 });
  const arn = `arn:aws:logs:us-east-1:${accountA}:log-group:${logGroupName}`;
  const described = () => logs<DescribeLogGroupsCommandOutput>("DescribeLogGroups", { logGroupNamePrefix: "/aws" });
  expect(described().logGroups).toMatchObject([
    { logGroupName, retentionInDays: 14, arn: `${arn}:*`, logGroupArn: arn },
  ]);
  logs("DeleteRetentionPolicy", { logGroupName });
  expect(described().logGroups?.[0]).not.toHaveProperty("retentionInDays");
  logs("TagResource", { resourceArn: arn, tags: { b: "2" } });
  logs("UntagResource", { resourceArn: `${arn}:*`, tagKeys: ["a"] });
  expect(logs<ListTagsForResourceCommandOutput>("ListTagsForResource", { resourceArn: arn }).tags).toEqual({ b: "2" });
  expect(refusal("DeleteLogGroup", { logGroupName }, accountB)).toBe("ResourceNotFoundException");
});

test("events are got from the head and from the tail, in pages, after a restart too", () => {
  put("one", "two");
  put("three");
  cloud.restart();
  const get = (more: object) =>
    logs<GetLogEventsCommandOutput>("GetLogEvents", { logGroupName, logStreamName, ...more });
  const messages = ({ events }: GetLogEventsCommandOutput) => events?.map(({ message }) => message);
  // `three` has the time of `one`, and came after it.
  expect(messages(get({}))).toEqual(["one", "three", "two"]);
  expect(messages(get({ limit: 1 }))).toEqual(["two"]);
  const first = get({ limit: 2, startFromHead: true });
  expect(messages(first)).toEqual(["one", "three"]);
  const rest = get({ nextToken: first.nextForwardToken });
  expect(messages(rest)).toEqual(["two"]);
  const end = get({ nextToken: rest.nextForwardToken });
  expect(end).toMatchObject({ events: [], nextForwardToken: rest.nextForwardToken });
  expect(messages(get({ startTime: cloud.now() + 1 }))).toEqual(["two"]);
  expect(logs<DescribeLogStreamsCommandOutput>("DescribeLogStreams", { logGroupName }).logStreams).toMatchObject([
    { logStreamName, firstEventTimestamp: cloud.now(), lastEventTimestamp: cloud.now() + 1 },
  ]);
});

test.each([
  ["", ["an ERROR here", "all is well", "another ERROR there"]],
  ["ERROR", ["an ERROR here", "another ERROR there"]],
  ["ERROR -there", ["an ERROR here"]],
  ['"all is"', ["all is well"]],
  ["?well ?there", ["all is well", "another ERROR there"]],
])("events are found by words: %s", (filterPattern, expected) => {
  put("an ERROR here", "all is well", "another ERROR there");
  const { events } = logs<FilterLogEventsCommandOutput>("FilterLogEvents", { logGroupName, filterPattern });
  expect(events?.map(({ message }) => message)).toEqual(expected);
});

test("a group takes its streams and events with it", () => {
  put("one");
  logs("DeleteLogGroup", { logGroupName });
  for (const table of ["logGroup", "logStream", "logEvents"] as const)
    expect([...cloud.cloud.view.all(table)]).toEqual([]);
});

test.each([
  ["CreateLogGroup", { logGroupName }, "ResourceAlreadyExistsException"],
  ["CreateLogGroup", { logGroupName: "a b" }, "InvalidParameterException"],
  ["CreateLogStream", { logGroupName, logStreamName }, "ResourceAlreadyExistsException"],
  ["CreateLogStream", { logGroupName, logStreamName: "a:b" }, "InvalidParameterException"],
  ["PutRetentionPolicy", { logGroupName, retentionInDays: 2 }, "InvalidParameterException"],
  ["GetLogEvents", { logGroupName, logStreamName: "missing" }, "ResourceNotFoundException"],
  ["GetLogEvents", { logGroupName, logStreamName, nextToken: "x" }, "InvalidParameterException"],
  ["FilterLogEvents", { logGroupName, filterPattern: "{ $.a = 1 }" }, "InvalidParameterException"],
  [
    "PutLogEvents",
    {
      logGroupName,
      logStreamName,
      logEvents: [
        { timestamp: 2, message: "b" },
        { timestamp: 1, message: "a" },
      ],
    },
    "InvalidParameterException",
  ],
])("%s %j is refused with %s", (operation, input, code) => {
  expect(refusal(operation, input)).toBe(code);
});
