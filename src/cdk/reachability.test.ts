/** Promises in an app: kept, broken and unknown ones, as CDK's own synthesis tells them. */
import { App, CfnParameter, Stack, Stage } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { intentMetadataType } from "../reachability/index.ts";
import { Endpoint, NetworkSide, PrivateVpc, ProbeInstance, Reachability, Traffic, VpcPeering } from "./index.ts";

/** Then CDK's error holds the whole report. */
beforeEach(() => {
  vi.stubEnv("CDK_APP_MODE", "inmemory");
  vi.stubEnv("CDK_VALIDATION", "false");
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

interface Departments {
  readonly app: App;
  readonly stack: Stack;
  readonly marketing: ProbeInstance;
  readonly finance: ProbeInstance;
}

interface DepartmentsOptions {
  readonly peered?: boolean;
  readonly routesBack?: boolean;
  readonly pingedFrom?: string[];
}

function departments({
  peered = true,
  routesBack = true,
  pingedFrom = ["10.10.0.0/16"],
}: DepartmentsOptions = {}): Departments {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, "Departments");
  const one = new PrivateVpc(stack, "Marketing", { cidrBlock: "10.10.0.0/16" });
  const two = new PrivateVpc(stack, "Finance", { cidrBlock: "172.31.0.0/16" });
  const marketing = new ProbeInstance(stack, "MarketingServer", { vpcId: one.vpc.vpcId, subnetIds: one.subnetIds });
  const finance = new ProbeInstance(stack, "FinanceServer", {
    vpcId: two.vpc.vpcId,
    subnetIds: two.subnetIds,
    pingedFrom,
  });
  const accepter = NetworkSide.fromAttributes({ ...two.side, routeTableIds: routesBack ? two.side.routeTableIds : [] });
  if (peered) new VpcPeering(stack, "Peering", { requester: one.side, accepter });
  return { app, stack, marketing, finance };
}

function refusal(app: App): string {
  try {
    app.synth();
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  return "";
}

const pingOf = ({ marketing, finance }: Departments) => [Endpoint.probe(marketing), Endpoint.probe(finance)] as const;

describe("what is promised", () => {
  test("and holds is not mentioned, and lies in the assembly for the deployment", () => {
    const made = departments();
    const [from, to] = pingOf(made);
    Reachability.of(made.stack)
      .expect(from, to)
      .expectNot(to, from, Traffic.tcp(22))
      .expectNot(Endpoint.internet(), to);
    const report = vi.spyOn(console, "error");
    const artifact = made.app.synth().getStackArtifact("Departments");
    expect(report).not.toHaveBeenCalled();
    const intents = artifact.findMetadataByType(intentMetadataType).map(({ data }) => data);
    expect(intents).toHaveLength(3);
    expect(intents[0]).toEqual({
      expect: "reachable",
      from: {
        kind: "resource",
        artifactId: "Departments",
        logicalId: expect.stringMatching(/^MarketingServer[0-9A-F]{8}$/),
      },
      to: {
        kind: "resource",
        artifactId: "Departments",
        logicalId: expect.stringMatching(/^FinanceServer[0-9A-F]{8}$/),
      },
      traffic: { protocol: "icmp" },
    });
  });

  test("and lacks a route fails the synthesis, with what lacks and the route that mends it", () => {
    const made = departments({ routesBack: false });
    Reachability.of(made.app).expect(...pingOf(made));
    const text = refusal(made.app);
    expect(text).toContain(
      "Departments/MarketingServer → Departments/FinanceServer, ping: expected reachable, it is unreachable",
    );
    expect(text).toContain("Departments/Finance/RouteTable1, on the way back: NO_ROUTE_TO_DESTINATION");
    expect(text).toContain("Departments/Finance/RouteTable1: add the route 10.10.0.0/16 → Departments/Peering");
    expect(text).not.toMatch(/\brtb-/);
    expect(text.split("expected reachable")).toHaveLength(2);
  });

  test("and lacks everything is told with all that lacks", () => {
    const made = departments({ peered: false, pingedFrom: [] });
    Reachability.of(made.stack).expect(...pingOf(made));
    const text = refusal(made.app);
    for (const part of ["NO_ROUTE_TO_DESTINATION", "SG_HAS_NO_RULES", "ask for a peering", "let in icmp"])
      expect(text).toContain(part);
  });

  test("and must not be, but is, fails the synthesis with the way that packets take", () => {
    const made = departments();
    Reachability.of(made.stack).expectNot(...pingOf(made));
    const text = refusal(made.app);
    expect(text).toContain("expected unreachable, it is reachable");
    expect(text).toContain("a rule of Departments/FinanceServer/SecurityGroup");
  });
});

describe("what the templates do not tell", () => {
  function withParameter(options?: { readonly failOnUnknown: boolean }): App {
    const made = departments({ pingedFrom: [] });
    const source = new CfnParameter(made.stack, "Allowed");
    new ec2.CfnSecurityGroupIngress(made.stack, "Rule", {
      groupId: made.finance.securityGroup.securityGroupId,
      ipProtocol: "icmp",
      fromPort: -1,
      toPort: -1,
      cidrIp: source.valueAsString,
    });
    Reachability.of(made.stack, options).expect(...pingOf(made));
    return made.app;
  }

  test("is a warning that names it", () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(refusal(withParameter())).toBe("");
    const text = report.mock.calls.flat().join("\n");
    expect(text).toContain("the templates do not tell");
    expect(text).toContain("the parameter Allowed of Departments");
  });

  test("fails the synthesis on request", () => {
    expect(refusal(withParameter({ failOnUnknown: true }))).toContain("the parameter Allowed of Departments");
  });
});

test("stages are judged each for itself, also where both have the same addresses", () => {
  const app = new App({ analyticsReporting: false });
  for (const [name, pingedFrom] of [
    ["Test", ["10.0.0.0/16"]],
    ["Live", []],
  ] as const) {
    const stage = new Stage(app, name);
    const stack = new Stack(stage, "Network");
    const { vpc, subnetIds } = new PrivateVpc(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
    const [a, b] = ["A", "B"].map(
      (id) => new ProbeInstance(stack, id, { vpcId: vpc.vpcId, subnetIds, pingedFrom: [...pingedFrom] }),
    );
    if (!a || !b) throw new Error("bug: two were made");
    Reachability.of(stage).expect(Endpoint.probe(a), Endpoint.probe(b));
  }
  const text = refusal(app);
  expect(text).toContain("Live/Network/A → Live/Network/B, ping: expected reachable, it is unreachable");
  expect(text).not.toContain("Test/Network");
});

describe("mistakes are refused at once", () => {
  test.each([
    ["an id of something else", () => Endpoint.instanceId("eni-1"), "eni-1 is no id of an instance: those are i-…"],
    [
      "a port that there is not",
      () => Traffic.tcp(65_536),
      "65536 is not a port: give a whole number from 0 to 65535.",
    ],
    ["half a type", () => Traffic.icmp(0.5), "0.5 is not an ICMP type"],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  test("a promise of an app without a stack", () => {
    const app = new App();
    expect(() => Reachability.of(app).expect(Endpoint.internet(), Endpoint.address("10.0.0.1"))).toThrow(
      /has no stack to keep a promise with/,
    );
  });

  test("an address that only the deployment knows", () => {
    const { marketing } = departments();
    expect(() => Endpoint.address(marketing.privateIp)).toThrow(/name the instance that has it/);
  });
});
