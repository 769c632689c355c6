import type {
  DescribeSessionsCommandOutput,
  ResumeSessionCommandOutput,
  StartSessionCommandOutput,
} from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { isAwsError } from "../../../aws/index.ts";
import { toMermaid } from "../../lifecycle/lifecycle.ts";
import { accountA, accountB, type TestCloud, type TestCloudOptions, testCloud } from "../../test-cloud.ts";
import { agentProfile } from "./agent/test-agent-profile.ts";
import { sessionLifecycle } from "./lifecycle.ts";

const minutes = 60_000;

function ssm<Output>(cloud: TestCloud, operation: string, input: object, account = accountA): Output {
  return cloud.call<Output>(operation, input, { service: "ssm", account });
}

function launched(options?: TestCloudOptions): { readonly cloud: TestCloud; readonly Target: string } {
  const cloud = testCloud(options);
  const IamInstanceProfile = { Name: agentProfile(cloud) };
  const wanted = { ImageId: "ami-12345678", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, IamInstanceProfile };
  const { Instances } = cloud.call<{ Instances: { InstanceId: string }[] }>("RunInstances", wanted);
  cloud.advance(1);
  return { cloud, Target: Instances[0]?.InstanceId ?? "" };
}

interface Opened {
  readonly SessionId: string;
  readonly TokenValue: string;
  readonly StreamUrl: string;
}

function start(cloud: TestCloud, input: object): Opened {
  const {
    SessionId = "",
    TokenValue = "",
    StreamUrl = "",
  } = ssm<StartSessionCommandOutput>(cloud, "StartSession", input);
  return { SessionId, TokenValue, StreamUrl };
}

function listed(cloud: TestCloud, input: object, account = accountA) {
  return ssm<DescribeSessionsCommandOutput>(cloud, "DescribeSessions", input, account).Sessions ?? [];
}

function statusOf(cloud: TestCloud, SessionId: string): string | undefined {
  const Filters = [{ key: "SessionId", value: SessionId }];
  return [...listed(cloud, { State: "Active", Filters }), ...listed(cloud, { State: "History", Filters })][0]?.Status;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isAwsError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "allowed";
}

describe("StartSession", () => {
  test("answers a session, where to open it and with which token", () => {
    const { cloud, Target } = launched();
    const { SessionId, TokenValue, StreamUrl } = start(cloud, { Target, Reason: "a look around" });
    expect(SessionId).toMatch(/^root-[0-9a-f]{17}$/);
    expect(TokenValue).toMatch(/^[\w-]{64}$/);
    expect(StreamUrl).toBe(`ws://127.0.0.1:4566/v1/data-channel/${SessionId}?role=publish_subscribe`);
    expect(listed(cloud, { State: "Active" })).toEqual([
      {
        SessionId,
        Target,
        Status: "Connecting",
        StartDate: new Date(cloud.now()),
        DocumentName: "SSM-SessionManagerRunShell",
        Owner: `arn:aws:iam::${accountA}:root`,
        Reason: "a look around",
      },
    ]);
  });

  test("the token itself is not kept", () => {
    const { cloud, Target } = launched();
    const { TokenValue } = start(cloud, { Target });
    expect(JSON.stringify([...cloud.cloud.view.all("session")])).not.toContain(TokenValue);
  });

  test.each<[string, (target: string) => object, string]>([
    [
      "an unknown instance",
      () => ({ Target: "i-0123456789abcdef0" }),
      "TargetNotConnected: i-0123456789abcdef0 is not",
    ],
    ["a managed node", () => ({ Target: "mi-0123456789abcdef0" }), "TargetNotConnected"],
    [
      "port forwarding",
      (Target) => ({ Target, DocumentName: "AWS-StartPortForwardingSession", Parameters: { portNumber: ["80"] } }),
      "UnsupportedOperation: The session document AWS-StartPortForwardingSession is not modelled",
    ],
    ["ssh", (Target) => ({ Target, DocumentName: "AWS-StartSSHSession" }), "UnsupportedOperation"],
    ["a document of nobody's", (Target) => ({ Target, DocumentName: "Mine" }), "InvalidDocument"],
    ["a parameter of nobody's", (Target) => ({ Target, Parameters: { x: ["1"] } }), "InvalidParameters"],
    ["no command", (Target) => ({ Target, DocumentName: "AWS-StartInteractiveCommand" }), "InvalidParameters"],
  ])("%s is refused", (_name, input, refusal) => {
    const { cloud, Target } = launched();
    expect(codeOf(() => start(cloud, input(Target)))).toContain(refusal);
    expect(listed(cloud, { State: "Active" })).toEqual([]);
  });

  test("a stopped instance is not connected", () => {
    const { cloud, Target } = launched();
    cloud.call("StopInstances", { InstanceIds: [Target] });
    expect(codeOf(() => start(cloud, { Target }))).toBe(
      `TargetNotConnected: ${Target} is not connected. Missing: ${Target} is stopped.`,
    );
  });

  test("another account's instance is not connected", () => {
    const { cloud, Target } = launched();
    expect(codeOf(() => ssm(cloud, "StartSession", { Target }, accountB))).toBe(
      `TargetNotConnected: ${Target} is not connected.`,
    );
  });

  test("without packets it is refused by name", () => {
    const { cloud, Target } = launched({ mode: "model" });
    expect(codeOf(() => start(cloud, { Target }))).toContain("UnsupportedOperation: StartSession needs a shell");
  });
});

describe("a token", () => {
  test("opens its session once, and no other one", () => {
    const { cloud, Target } = launched();
    const [one, two] = [start(cloud, { Target }), start(cloud, { Target })];
    const { sessions } = cloud.cloud;
    const enter = (id: string, token: string): boolean => sessions.enter(id, token, () => {}) !== undefined;
    expect(enter(one.SessionId, two.TokenValue)).toBe(false);
    expect(enter(one.SessionId, "")).toBe(false);
    expect(enter("root-00000000000000000", one.TokenValue)).toBe(false);
    expect(enter(one.SessionId, one.TokenValue)).toBe(true);
    expect(enter(one.SessionId, one.TokenValue)).toBe(false);
    expect(statusOf(cloud, one.SessionId)).toBe("Connected");
    expect(statusOf(cloud, two.SessionId)).toBe("Connecting");
  });

  test("is replaced by ResumeSession's", () => {
    const { cloud, Target } = launched();
    const { SessionId, TokenValue, StreamUrl } = start(cloud, { Target });
    const resumed = ssm<ResumeSessionCommandOutput>(cloud, "ResumeSession", { SessionId });
    expect(resumed).toMatchObject({ SessionId, StreamUrl });
    const { sessions } = cloud.cloud;
    expect(sessions.enter(SessionId, TokenValue, () => {})).toBeUndefined();
    expect(sessions.enter(SessionId, resumed.TokenValue ?? "", () => {})).toBeDefined();
  });

  test("survives a restart as long as it was not used", () => {
    const { cloud, Target } = launched();
    const { SessionId, TokenValue } = start(cloud, { Target });
    cloud.restart();
    expect(cloud.cloud.sessions.enter(SessionId, TokenValue, () => {})).toBeDefined();
  });
});

describe("the life of a session", () => {
  function entered(options?: object) {
    const { cloud, Target } = launched();
    const { SessionId, TokenValue } = start(cloud, { Target, ...options });
    const ends: string[] = [];
    const session = cloud.cloud.sessions.enter(SessionId, TokenValue, (reason) => ends.push(reason));
    if (session === undefined) throw new Error("the token did not open its session");
    return { cloud, Target, SessionId, session, ends };
  }

  test("as declared", () => {
    expect(toMermaid(sessionLifecycle)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> Connecting
        Connecting --> Connected: open
        Connecting --> Terminated: end
        Connecting --> Terminated: after 20m
        Connected --> Connected: open
        Connected --> Disconnected: lose
        Connected --> Terminated: end
        Disconnected --> Connected: open
        Disconnected --> Terminated: end
        Disconnected --> Terminated: after 20m
        Terminated --> [*]: forgotten after 30d
      "
    `);
  });

  test("a shell in the instance, and the end when it exits", () => {
    const { cloud, Target, SessionId, session, ends } = entered();
    const onOutput = (): void => {};
    session.startShell({ columns: 91, rows: 33, onOutput });
    const request = { instanceId: Target, columns: 91, rows: 33, argv: expect.arrayContaining(["/bin/sh"]), onOutput };
    expect(cloud.shells.map((each) => each.request)).toEqual([request]);
    cloud.advance(3 * minutes);
    session.ended();
    expect(statusOf(cloud, SessionId)).toBe("Terminated");
    expect(listed(cloud, { State: "History" })[0]?.EndDate).toEqual(new Date(cloud.now()));
    expect(ends).toEqual([]);
  });

  test("a document's command runs instead of the shell", () => {
    const { cloud, session } = entered({
      DocumentName: "AWS-StartInteractiveCommand",
      Parameters: { command: ["top -b"] },
    });
    expect(session.sessionType).toBe("InteractiveCommands");
    session.startShell({ columns: 80, rows: 24, onOutput: () => {} });
    expect(cloud.shells[0]?.request.argv).toEqual(["/bin/sh", "-c", "top -b"]);
  });

  test("TerminateSession tells the channel", () => {
    const { cloud, SessionId, session, ends } = entered();
    expect(ssm(cloud, "TerminateSession", { SessionId })).toEqual({ SessionId });
    expect(ends).toEqual([""]);
    session.ended();
    expect(ssm(cloud, "TerminateSession", { SessionId })).toEqual({ SessionId });
    expect(statusOf(cloud, SessionId)).toBe("Terminated");
    expect(ssm(cloud, "ResumeSession", { SessionId })).toEqual({ SessionId });
  });

  test("a lost client has twenty minutes to come back", () => {
    const { cloud, SessionId, session, ends } = entered();
    cloud.advance(60 * minutes);
    expect(statusOf(cloud, SessionId)).toBe("Connected");
    session.disconnected();
    cloud.advance(19 * minutes);
    expect(statusOf(cloud, SessionId)).toBe("Disconnected");
    const { TokenValue = "" } = ssm<ResumeSessionCommandOutput>(cloud, "ResumeSession", { SessionId });
    const again = cloud.cloud.sessions.enter(SessionId, TokenValue, (reason) => ends.push(reason));
    cloud.advance(19 * minutes);
    expect(statusOf(cloud, SessionId)).toBe("Connected");
    again?.disconnected();
    cloud.advance(20 * minutes);
    expect(statusOf(cloud, SessionId)).toBe("Terminated");
    expect(ends).toEqual([""]);
  });

  test("what an earlier process led is over", () => {
    const { cloud, SessionId, session, ends } = entered();
    cloud.restart();
    expect(ends).toEqual(["The local cloud was stopped."]);
    expect(statusOf(cloud, SessionId)).toBe("Terminated");
    session.ended();
    expect(statusOf(cloud, SessionId)).toBe("Terminated");
    expect(cloud.faults).toEqual([]);
  });

  test("another account neither sees nor ends it", () => {
    const { cloud, SessionId } = entered();
    expect(listed(cloud, { State: "Active" }, accountB)).toEqual([]);
    expect(codeOf(() => ssm(cloud, "TerminateSession", { SessionId }, accountB))).toContain("DoesNotExistException");
    expect(codeOf(() => ssm(cloud, "ResumeSession", { SessionId }, accountB))).toContain("DoesNotExistException");
  });
});

describe("DescribeSessions", () => {
  test.each<[string, object, number]>([
    ["Target", { key: "Target", value: "i-0123456789abcdef0" }, 0],
    ["Owner", { key: "Owner", value: `arn:aws:iam::${accountA}:root` }, 2],
    ["Status", { key: "Status", value: "Connected" }, 0],
    ["InvokedAfter", { key: "InvokedAfter", value: "2026-01-01T00:00:00Z" }, 2],
    ["InvokedBefore", { key: "InvokedBefore", value: "2026-01-01T00:00:00Z" }, 0],
  ])("filters by %s", (_name, one, count) => {
    const { cloud, Target } = launched();
    start(cloud, { Target });
    start(cloud, { Target });
    expect(listed(cloud, { State: "Active", Filters: [one] })).toHaveLength(count);
  });

  test("the newest first, in pages", () => {
    const { cloud, Target } = launched();
    const ids = [0, 1, 2].map(() => start(cloud, { Target }).SessionId);
    const first = ssm<DescribeSessionsCommandOutput>(cloud, "DescribeSessions", { State: "Active", MaxResults: 2 });
    expect(first.Sessions?.map((each) => each.SessionId)).toEqual([ids[2], ids[1]]);
    const rest = listed(cloud, { State: "Active", NextToken: first.NextToken });
    expect(rest.map((each) => each.SessionId)).toEqual([ids[0]]);
  });

  test.each<[string, object, string]>([
    ["a state of nobody's", { State: "Old" }, "ValidationException"],
    ["a filter of nobody's", { State: "Active", Filters: [{ key: "Mood", value: "good" }] }, "InvalidFilterKey"],
    ["no time", { State: "Active", Filters: [{ key: "InvokedAfter", value: "noon" }] }, "ValidationException"],
  ])("%s is refused", (_name, input, code) => {
    expect(codeOf(() => listed(testCloud(), input))).toContain(code);
  });
});
