/** Templates read as they are, and deployed to the local cloud: the engine says the same of both networks. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { App, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { describe, expect, test } from "vitest";
import { assemblyStacks } from "../../src/cdk/assembly-folder.ts";
import { GlobalNetwork, NetworkSide, PrivateVpc, ProbeInstance, VpcPeering } from "../../src/cdk/index.ts";
import { ingestTemplates, type TemplateStack } from "../../src/ingest/index.ts";
import { deployed } from "./deployed.ts";
import { compareVerdicts } from "./same-verdicts.ts";

const account = "111111111111";
const root = fileURLToPath(new URL("../..", import.meta.url));

async function compared(stacks: readonly TemplateStack[]) {
  const network = ingestTemplates(stacks);
  expect(network.failures).toEqual([]);
  return compareVerdicts(stacks, network, await deployed(stacks, account));
}

test("the peering template of the examples", async () => {
  const template = readFileSync(`${root}examples/peering-template/peering.yaml`, "utf8");
  const parameters = { ProbeInstances: "yes" };
  const stack = { id: "Peering", stackName: "peering", template, accountId: account, region: "us-east-1", parameters };
  const { differences, verdicts } = await compared([stack]);
  expect(differences).toEqual([]);
  expect(verdicts.reachable).toBeGreaterThan(1);
});

test("a resource of every type that stacks of the local cloud may have", async () => {
  const types = readFileSync(`${root}src/cloud/services/cloudformation/resource-types/every-type.fixture.yaml`, "utf8");
  const more = `
  Instance2: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami, SubnetId: !Ref Subnet2, SecurityGroupIds: [!Ref Group]}}
  Open: {Type: AWS::EC2::SecurityGroup, DependsOn: Peering, Properties: {GroupDescription: o, VpcId: !Ref Other, SecurityGroupIngress: [{IpProtocol: '-1', SourceSecurityGroupId: !Ref Group}]}}
  Instance4: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}}
  Instance3: {Type: AWS::EC2::Instance, DependsOn: Peering, Properties: {ImageId: !Ref Ami, SubnetId: !Ref OtherSubnet, SecurityGroupIds: [!Ref Open]}}
`;
  const template = types.replace(/\n*$/, more);
  const { differences, verdicts } = await compared([
    { id: "All", stackName: "all", template, accountId: account, region: "us-east-1" },
  ]);
  expect(differences).toEqual([]);
  expect(verdicts.reachable).toBeGreaterThan(0);
});

test("a template with loops over a parameter", async () => {
  const template = readFileSync(`${root}src/cloud/services/cloudformation/template/loops.fixture.yaml`, "utf8");
  for (const Zones of ["a,b", "c,a,b"]) {
    const stack = { id: "Loops", stackName: "loops", template, accountId: account, region: "us-east-1" };
    const { differences, verdicts } = await compared([{ ...stack, parameters: { Zones } }]);
    expect(differences).toEqual([]);
    expect(verdicts.reachable).toBeGreaterThan(0);
    expect(verdicts.unreachable).toBeGreaterThan(0);
    expect(verdicts.unknown ?? 0).toBe(0);
  }
});

/** What an app's assembly holds, its stacks in the order in which they are deployed. */
function stacksOf(app: App): readonly TemplateStack[] {
  const assembly = app.synth();
  const { stacks } = assemblyStacks(assembly.directory);
  const order = assembly.stacks.map(({ id }) => id);
  return [...stacks].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

describe("apps of CDK", () => {
  const probes = { probeInstances: true, sessionManagerEndpoints: true };

  test.each(["strong", "weak"])(
    "two Regions with peered transit gateways, in an account that is not told, by %s references",
    async (strength) => {
      const app = new App({
        analyticsReporting: false,
        context: { "aws:cdk:enable-path-metadata": true, "@aws-cdk/core:defaultCrossStackReferences": strength },
      });
      new GlobalNetwork(app, "Global", {
        regions: [
          { region: "us-east-1", cidrBlock: "172.16.0.0/24", availabilityZones: 2 },
          { region: "eu-west-1", cidrBlock: "172.16.1.0/24" },
        ],
        ...probes,
      });
      const stacks = stacksOf(app);
      expect(stacks.some(({ template }) => template.includes("Fn::GetStackOutput"))).toBe(strength === "weak");
      const { differences, verdicts } = await compared(stacks);
      expect(differences).toEqual([]);
      expect(verdicts.reachable).toBe(2);
    },
  );

  test("a public and a private subnet, a NAT gateway, groups that name groups", async () => {
    const app = new App({ analyticsReporting: false, context: { "aws:cdk:enable-path-metadata": true } });
    const stack = new Stack(app, "Web");
    const vpc = new ec2.Vpc(stack, "Vpc", {
      maxAzs: 2,
      natGateways: 1,
      ipAddresses: ec2.IpAddresses.cidr("10.0.0.0/16"),
    });
    const machine = {
      instanceType: new ec2.InstanceType("t3.micro"),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    };
    const front = new ec2.Instance(stack, "Front", {
      vpc,
      ...machine,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });
    const back = new ec2.Instance(stack, "Back", { vpc, ...machine });
    new ec2.BastionHostLinux(stack, "Bastion", { vpc });
    front.connections.allowFromAnyIpv4(ec2.Port.tcp(443));
    back.connections.allowFrom(front, ec2.Port.tcp(22));
    const { differences, verdicts } = await compared(stacksOf(app));
    expect(differences).toEqual([]);
    expect(verdicts.reachable).toBeGreaterThan(8);
  });

  test("three departments, two of them peered with the third", async () => {
    const app = new App({ analyticsReporting: false, context: { "aws:cdk:enable-path-metadata": true } });
    const stack = new Stack(app, "Departments");
    const [marketing, finance, developer] = (["10.10.0.0/16", "172.30.0.0/16", "10.20.0.0/16"] as const).map(
      (cidrBlock, index) => {
        const vpc = new PrivateVpc(stack, `Vpc${index}`, { cidrBlock, availabilityZones: 2 });
        const server = new ProbeInstance(stack, `Server${index}`, { vpcId: vpc.vpc.vpcId, subnetIds: vpc.subnetIds });
        const side = NetworkSide.fromAttributes({
          ...vpc.side,
          securityGroups: [server.securityGroup],
          ports: [ec2.Port.icmpPing(), ec2.Port.tcp(443)],
        });
        return { side };
      },
    );
    if (!marketing || !finance || !developer) throw new Error("bug: three were made");
    new VpcPeering(stack, "One", { requester: marketing.side, accepter: finance.side, referenceSecurityGroups: true });
    new VpcPeering(stack, "Two", { requester: finance.side, accepter: developer.side });
    const { differences, verdicts } = await compared(stacksOf(app));
    expect(differences).toEqual([]);
    expect(verdicts.reachable).toBe(8);
  });
});
