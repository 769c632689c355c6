/** What is read out of templates where not everything is known: values of other stacks are followed, and what nobody knows is named. */
import { describe, expect, test } from "vitest";
import { ingestTemplates, type TemplateNetwork, type TemplateStack } from "../../src/ingest/index.ts";
import { validateNetworkModel } from "../../src/model/index.ts";
import { explain, type FlowTraffic, type Verdict } from "../../src/reachability/index.ts";

/** Two instances in two subnets of one VPC; the second one answers to what the test lets in. */
const pair = (rule: string, more = ""): string => `
Transform: AWS::LanguageExtensions
Parameters:
  Block: {Type: String}
  Zones: {Type: CommaDelimitedList}
  Ami: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /ami}
Conditions: {InParis: !Equals [!Ref AWS::Region, eu-west-3], Never: !Equals [1, 2]}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs '']}}
  Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [1, !GetAZs '']}}
  Open: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: o, VpcId: !Ref Vpc}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g, VpcId: !GetAtt One.VpcId, SecurityGroupIngress: [${rule}]}}
  A: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami, SubnetId: !Ref One, SecurityGroupIds: [!GetAtt Open.GroupId]}}
  B: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami, SubnetId: !Ref Two, SecurityGroupIds: [!Ref Group]}}
${more}`;

const ssh = (peer: string): string => `{IpProtocol: tcp, FromPort: 22, ToPort: 22, ${peer}}`;

type StackText = string | (Partial<TemplateStack> & { readonly template: string });

function read(...stacks: readonly StackText[]): TemplateNetwork {
  const network = ingestTemplates(
    stacks.map((each, index) => ({
      id: `S${index}`,
      stackName: `s${index}`,
      ...(typeof each === "string" ? { template: each } : each),
    })),
  );
  expect(validateNetworkModel(network.model)).toEqual([]);
  return network;
}

function asked(network: TemplateNetwork, from = "A", to = "B", traffic: FlowTraffic = { protocol: "tcp", port: 22 }) {
  const end = (logicalId: string) =>
    ({ kind: "instance", instanceId: network.idOf("S0", logicalId) as `i-${string}` }) as const;
  return explain(network.model, { source: end(from), destination: end(to), traffic });
}

const reasonsOf = (network: TemplateNetwork): string =>
  asked(network)
    .unknowns.map(({ reason }) => reason)
    .join("; ");

describe("addresses that AWS chooses", () => {
  test.each<[string, string, Verdict]>([
    ["the VPC's block holds all of them", "CidrIp: 10.0.0.0/16", "reachable"],
    ["so does the subnet's", "CidrIp: 10.0.1.0/24", "reachable"],
    ["another subnet's holds none", "CidrIp: 10.0.2.0/24", "unreachable"],
    ["half of a subnet holds some", "CidrIp: 10.0.1.0/25", "unknown"],
    ["one address may be any host's", "CidrIp: 10.0.1.9/32", "unknown"],
    ["what AWS keeps for itself is nobody's", "CidrIp: 10.0.1.0/30", "unreachable"],
    ["the instance's own, by its attribute", "CidrIp: !Sub '${A.PrivateIp}/32'", "reachable"],
    ["a group holds its members, whatever their addresses", "SourceSecurityGroupId: !Ref Open", "reachable"],
  ])("%s", (_, peer, verdict) => {
    expect(asked(read(pair(ssh(peer)))).verdict).toBe(verdict);
  });

  test("what tells them apart is named, with what to do", () => {
    expect(reasonsOf(read(pair(ssh("CidrIp: 10.0.1.0/25"))))).toMatch(
      /its address in 10\.0\.1\.0\/24 is chosen when it is deployed, and 10\.0\.1\.0\/25, .* give it an address/,
    );
  });

  test("one that is given is taken as it is", () => {
    const template = pair(ssh("CidrIp: 10.0.1.0/25")).replace(
      "SubnetId: !Ref One",
      "SubnetId: !Ref One, PrivateIpAddress: 10.0.1.200",
    );
    expect(asked(read(template)).verdict).toBe("unreachable");
  });
});

describe("what only the deployment knows", () => {
  test.each<[string, string, Verdict, RegExp]>([
    ["a parameter without a value", "CidrIp: !Ref Block", "unknown", /the parameter Block of S0/],
    [
      "an output of no stack here",
      "CidrIp: !GetStackOutput {StackName: other, OutputName: Block}",
      "unknown",
      /the output Block of other/,
    ],
    ["an export of no stack here", "CidrIp: !ImportValue block", "unknown", /the export block/],
    [
      "a parameter of Systems Manager",
      "CidrIp: '{{resolve:ssm:/block}}'",
      "unknown",
      /the parameter \/block of Systems Manager/,
    ],
    ["the chosen side of a condition", "CidrIp: !If [InParis, 10.0.0.0/16, 10.9.0.0/16]", "unknown", /AWS::Region/],
    ["not the side that is out", "CidrIp: !If [Never, !Ref Block, 10.0.0.0/16]", "reachable", /^$/],
  ])("%s", (_, peer, verdict, reason) => {
    const network = read(pair(ssh(peer)));
    expect(asked(network).verdict).toBe(verdict);
    expect(reasonsOf(network)).toMatch(reason);
  });

  test("names nothing that the templates make: a group of a stack elsewhere is none of these", () => {
    expect(asked(read(pair(ssh("SourceSecurityGroupId: !ImportValue group")))).verdict).toBe("unreachable");
  });

  test("is not asked where it does not matter: another port, and another rule that is enough", () => {
    const template = pair(`${ssh("CidrIp: !Ref Block")}, ${ssh("CidrIp: 10.0.0.0/8")}`);
    expect(asked(read(template)).verdict).toBe("reachable");
    expect(asked(read(template), "A", "B", { protocol: "tcp", port: 80 }).verdict).toBe("unreachable");
  });

  test.each<[string, string, RegExp]>([
    [
      "a route that may be there",
      "R: {Type: AWS::EC2::Route, Condition: InParis, Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.0.2.0/24, NetworkInterfaceId: eni-1}}",
      /depends on a condition, and that on AWS::Region/,
    ],
    [
      "a resource that may do anything to the table",
      "X: {Type: Custom::Router, Properties: {ServiceToken: arn, Table: !Ref T}}",
      /what X \(Custom::Router\) does to it is not known/,
    ],
    [
      "a route of a loop that may run any number of times",
      "Fn::ForEach::Routes: [Cidr, !Ref Zones, {'R&{Cidr}': {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T, DestinationCidrBlock: !Ref Cidr, NetworkInterfaceId: eni-1}}}]",
      /R&\{Cidr\} of S0: whether it is there depends on Fn::ForEach::Routes, whose collection depends on the parameter Zones of S0/,
    ],
    [
      "a route of a loop into a table whose name the loop makes",
      "Fn::ForEach::Routes: [Which, !Ref Zones, {'R${Which}': {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref {'Fn::Sub': '${Which}'}, DestinationCidrBlock: 10.0.2.0/24, NetworkInterfaceId: eni-1}}}]",
      /R\$\{Which\} of S0: whether it is there depends on Fn::ForEach::Routes/,
    ],
    [
      "a route of a loop into a table whose name is made in another way",
      "Fn::ForEach::Routes: [Which, !Ref Zones, {'R${Which}': {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref {'Fn::Join': ['', [!Ref Which]]}, DestinationCidrBlock: 10.0.2.0/24, NetworkInterfaceId: eni-1}}}]",
      /R\$\{Which\} of S0: whether it is there depends on Fn::ForEach::Routes/,
    ],
    [
      "a route into a table whose name a parameter gives",
      "R: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref {'Fn::Sub': '${Block}'}, DestinationCidrBlock: 10.0.2.0/24, NetworkInterfaceId: eni-1}}",
      /R of S0: which of \[.*\bT\b.*\] it is about is known when it is deployed/,
    ],
    [
      "a route whose properties a loop gives",
      "R: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref T, NetworkInterfaceId: eni-1, 'Fn::ForEach::P': [P, !Ref Zones, {'Destination${P}': 10.0.2.0/24}]}}",
      /R of S0: its properties depend on Fn::ForEach::P/,
    ],
    [
      "a route whose condition a loop makes",
      "Fn::ForEach::Routes: [N, ['1'], {'R${N}': {Type: AWS::EC2::Route, Condition: !FindInMap [M, !Ref Block, c, {DefaultValue: InParis}], Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.0.2.0/24, NetworkInterfaceId: eni-1}}}]",
      /R1 of S0: whether it is there depends on the condition of R1, which depends on the parameter Block of S0/,
    ],
  ])("%s makes its table unknown", (_, resource, reason) => {
    const table = `
  T: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  TA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref One, RouteTableId: !Ref T}}
  ${resource}`;
    const network = read(pair(ssh("CidrIp: 10.0.0.0/8"), table));
    expect(asked(network).verdict).toBe("unknown");
    expect(reasonsOf(network)).toMatch(reason);
    expect(asked(read(pair(ssh("CidrIp: 10.0.0.0/8"), table.replace(resource, ""))), "A", "B").verdict).toBe(
      "reachable",
    );
  });
});

describe("loops", () => {
  const loop = (kind: string, collection = "!Ref Zones") =>
    `  Fn::ForEach::More: [Zone, ${collection}, {'More\${Zone}': ${kind}}]\n`;
  const subnet = "{Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Sub '10.0.${Zone}.0/24'}}";

  test("over what is not known are named, and nothing is missing in silence", () => {
    const network = read(pair(ssh("CidrIp: 10.0.0.0/8"), loop(subnet)));
    const [{ id = "", reason = "" } = {}] = network.model.unknowns;
    expect([id, reason]).toEqual([
      "subnet-S0-More-Zone-",
      "More${Zone} of S0: whether it is there depends on Fn::ForEach::More, whose collection depends on the parameter Zones of S0",
    ]);
    expect(network.model.subnets).toHaveLength(2);
    // What is told of the others stays certain.
    expect(asked(network).verdict).toBe("reachable");
    const balancers = read(pair(ssh("CidrIp: 10.0.0.0/8"), loop("{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}")));
    expect(balancers.model.unknowns.map((each) => each.id)).toEqual(["S0.More${Zone}"]);
  });

  test("over what is given are what they make", () => {
    const template = pair(ssh("CidrIp: 10.0.0.0/8"), loop(subnet));
    const network = read({ template, parameters: { Zones: "7,8" } });
    expect(network.model.unknowns).toEqual([]);
    expect(network.model.subnets.map(({ cidrBlock }) => cidrBlock)).toEqual([
      "10.0.1.0/24",
      "10.0.2.0/24",
      "10.0.7.0/24",
      "10.0.8.0/24",
    ]);
  });

  test("make unknown what refers to one of theirs", () => {
    const more = `${loop(subnet)}  C: {Type: AWS::EC2::Instance, Properties: {ImageId: !Ref Ami, SubnetId: !Ref More9}}\n`;
    const network = read(pair(ssh("CidrIp: 10.0.0.0/8"), more));
    expect(asked(network, "C", "B").verdict).toBe("unknown");
    expect(network.model.unknowns.map(({ reason }) => reason).join()).toContain("More9 (Fn::ForEach::More");
  });

  test("in nested stacks run over what their owner gives", () => {
    const owner = `
Resources:
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested, Parameters: {Zones: !Join [',', ['7', '8']]}}}`;
    const template = `
Transform: AWS::LanguageExtensions
Parameters: {Zones: {Type: CommaDelimitedList}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
${loop(subnet)}`;
    const { model } = read({ template: owner, nested: { Nested: { template } } });
    expect(model.subnets.map(({ cidrBlock }) => cidrBlock)).toEqual(["10.0.7.0/24", "10.0.8.0/24"]);
  });

  test("that cannot be written out are a failure of their stack", () => {
    const network = ingestTemplates([
      { id: "S0", stackName: "s0", template: pair(ssh("CidrIp: 10.0.0.0/8"), loop(subnet, "[1, 1]")) },
    ]);
    expect(network.failures).toEqual([
      { stackId: "S0", reason: expect.stringContaining("Duplicate key 'More1' when merging keys to parent object") },
    ]);
  });
});

describe("values of other stacks", () => {
  const given = pair(ssh("CidrIp: 10.0.0.0/8"));

  test("come by exports of the same account and Region, in whatever order the stacks are given", () => {
    const names =
      "Resources: {N: {Type: AWS::EC2::PrefixList, Properties: {AddressFamily: IPv4, PrefixListName: n, Entries: [{Cidr: 10.0.1.0/24}]}}}\nOutputs: {O: {Value: !Ref N, Export: {Name: list}}}";
    const template = pair(ssh("SourcePrefixListId: !ImportValue list"));
    expect(asked(read(template, names)).verdict).toBe("reachable");
    expect(asked(read(template, { template: names, region: "eu-west-1" })).verdict).toBe("unknown");
  });

  test("come by parameters of nested stacks, and by their outputs", () => {
    const inner =
      "Parameters: {P: {Type: String}}\nResources: {W: {Type: AWS::CloudFormation::WaitConditionHandle}}\nOutputs: {O: {Value: !Ref P}}";
    const nested =
      "  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: u, Parameters: {P: !GetAtt One.CidrBlock}}}";
    const template = pair(ssh("CidrIp: !GetAtt N.Outputs.O"), nested);
    expect(asked(read({ template, nested: { N: { template: inner } } })).verdict).toBe("reachable");
    expect(asked(read(template)).verdict).toBe("unknown");
  });

  const other =
    "Resources: {V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/8}}}\nOutputs: {B: {Value: !GetAtt V.CidrBlock}}";
  const outputOf = (name: string, more = ""): string =>
    pair(ssh(`CidrIp: !GetStackOutput {StackName: ${name}, OutputName: B${more}}`));
  const [east, west] = [
    { accountId: "111111111111", region: "us-east-1" },
    { accountId: "222222222222", region: "eu-west-1" },
  ];

  test.each<[string, readonly StackText[], Verdict]>([
    ["no Region, and neither has this one", [outputOf("s1"), other], "reachable"],
    [
      "no Region, asked for by its pseudo parameter",
      [outputOf("s1", ", Region: !Ref AWS::Region"), other],
      "reachable",
    ],
    [
      "another Region and account",
      [
        { ...east, template: outputOf("s1", ", Region: eu-west-1, RoleArn: 'arn:aws:iam::222222222222:role/r'") },
        { ...west, template: other },
      ],
      "reachable",
    ],
    [
      "another account, of which no role is named",
      [
        { ...east, template: outputOf("s1", ", Region: eu-west-1") },
        { ...west, template: other },
      ],
      "unknown",
    ],
    [
      "a Region that a parameter gives",
      [
        { ...east, template: outputOf("s1", ", Region: !Ref Block") },
        { ...east, template: other },
      ],
      "unknown",
    ],
  ])("an output of a stack of %s", (_, stacks, verdict) => {
    expect(asked(read(...stacks)).verdict).toBe(verdict);
  });

  test("a template that cannot be read is told with its reason", () => {
    const { failures } = read(given, "Resources: {A: {Type: T, Properties: {x: !Ref Nothing}}}");
    expect(failures).toEqual([
      { stackId: "S1", reason: expect.stringContaining("Unresolved resource dependencies [Nothing]") },
    ]);
  });

  test("two stacks that name each other are read, and what goes in a circle is unknown", () => {
    const circle = (own: string, other: string) =>
      `Resources: {W: {Type: AWS::CloudFormation::WaitConditionHandle}}\nOutputs: {O: {Value: !ImportValue ${other}, Export: {Name: ${own}}}}`;
    expect(asked(read(pair(ssh("CidrIp: !ImportValue a")), circle("a", "b"), circle("b", "a"))).verdict).toBe(
      "unknown",
    );
  });
});

test("a load balancer is named, and bookkeeping is not", () => {
  const more = `
  Lb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [!Ref One]}}
  Log: {Type: AWS::Logs::LogGroup}
  Flow: {Type: AWS::EC2::FlowLog, Properties: {ResourceId: !Ref Vpc}}`;
  const { model } = read(pair(ssh("CidrIp: 10.0.0.0/8"), more));
  expect(model.unknowns.map(({ id }) => id)).toEqual(["S0.Lb"]);
});
