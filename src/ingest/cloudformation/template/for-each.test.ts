/** Loops as tables: what AWS's documentation makes of its own examples, what it was seen to refuse, and what is not known. */
import { describe, expect, test } from "vitest";
import {
  type AskedOutput,
  checkReferences,
  isTemplateError,
  type ParameterValue,
  parameterValues,
  planTemplate,
  readTemplate,
  type Template,
  type TemplatePlan,
  unknownValue,
} from "./index.ts";

const pseudo = {
  accountId: "111111111111",
  region: "eu-west-1",
  stackId: "arn:aws:cloudformation:eu-west-1:111111111111:stack/s/1",
  stackName: "s",
  notificationArns: [],
};

const surroundings = {
  ref: (logicalId: string) => `ref-${logicalId}`,
  getAtt: (logicalId: string, attribute: string) => `${logicalId}.${attribute}`,
  importValue: (name: string) => `import-${name}`,
  stackOutput: ({ outputName }: AskedOutput) => `output-${outputName}`,
  availabilityZones: (region: unknown) => [`${String(region)}a`, `${String(region)}b`],
  ssmParameter: (name: string) => `${name}@latest`,
};

const withLoops = (text: string): string => `Transform: AWS::LanguageExtensions\n${text}`;

function planned(text: string, given: Record<string, string> = {}): TemplatePlan {
  const template = readTemplate(withLoops(text));
  checkReferences(template);
  const { values } = parameterValues(template, new Map(Object.entries(given)), {
    ssmParameter: () => undefined,
    exists: () => true,
  });
  return planTemplate(template, values, pseudo, surroundings);
}

/** Type and evaluated properties of every resource. */
function resourcesOf(plan: TemplatePlan): unknown {
  return Object.fromEntries(
    [...plan.resources].map(([name, { properties }]) => [
      name,
      JSON.parse(JSON.stringify(plan.evaluate(properties, surroundings))),
    ]),
  );
}

function processed(plan: TemplatePlan): Record<string, unknown> {
  return JSON.parse(plan.template.processedText());
}

describe("the examples of AWS's documentation", () => {
  test("a resource for every item, by a list and by a parameter", () => {
    const loop = (collection: string) =>
      `Resources: {'Fn::ForEach::Topics': [Name, ${collection}, {'Topic\${Name}': {Type: T, Properties: {Name: !Ref Name, Full: !Sub '\${Name}.fifo', Long: !Join ['.', [!Ref Name, fifo]]}}}]}`;
    const topic = (name: string) => ({ Name: name, Full: `${name}.fifo`, Long: `${name}.fifo` });
    const expected = { TopicGood: topic("Good"), TopicBad: topic("Bad") };
    expect(resourcesOf(planned(loop("[Good, Bad]")))).toEqual(expected);
    const declared = `Parameters: {Names: {Type: CommaDelimitedList}}\n${loop("!Ref Names")}`;
    expect(resourcesOf(planned(declared, { Names: "Good, Bad" }))).toEqual(expected);
    expect(Object.keys(processed(planned(declared, { Names: "Good" })).Resources as object)).toEqual(["TopicGood"]);
  });

  test("several resources of one loop that refer to each other, with a condition out of a mapping or none", () => {
    const plan = planned(`
Mappings: {Gateways: {Condition: {B: Two, C: Three}}}
Conditions: {Two: !Equals [1, 1], Three: !Equals [1, 2]}
Resources:
  SubnetA: {Type: T}
  SubnetB: {Type: T}
  SubnetC: {Type: T}
  Fn::ForEach::Gateways:
    - Id
    - [A, B, C]
    - Gateway\${Id}:
        Type: G
        Properties: {Address: !GetAtt [!Sub 'Address\${Id}', AllocationId], Subnet: !Ref {'Fn::Sub': 'Subnet\${Id}'}}
        Condition: !FindInMap [Gateways, Condition, !Ref Id, {DefaultValue: !Ref AWS::NoValue}]
      Address\${Id}:
        Type: E
        Condition: !FindInMap [Gateways, Condition, !Ref Id, {DefaultValue: !Ref AWS::NoValue}]
`);
    expect(resourcesOf(plan)).toMatchObject({
      GatewayA: { Address: "AddressA.AllocationId", Subnet: "ref-SubnetA" },
      AddressA: {},
      GatewayB: { Address: "AddressB.AllocationId", Subnet: "ref-SubnetB" },
      AddressB: {},
    });
    expect([...plan.resources.keys()].filter((name) => name.endsWith("C"))).toEqual(["SubnetC"]);
    expect(plan.dependencies.get("GatewayB")).toEqual(["AddressB", "SubnetB"]);
    expect(plan.template.resources.get("GatewayC")?.condition).toBe("Three");
  });

  test("loops in loops", () => {
    const plan = planned(`
Resources:
  Vpc: {Type: V}
  Fn::ForEach::Kinds:
    - Kind
    - [Transit, Public]
    - Acl\${Kind}: {Type: A, Properties: {VpcId: !Ref Vpc}}
      Fn::ForEach::Zones:
        - Zone
        - [A, B]
        - \${Kind}Subnet\${Zone}: {Type: S, Properties: {VpcId: !Ref Vpc}}
          Acl\${Kind}\${Zone}:
            Type: N
            Properties: {Subnet: !Ref {'Fn::Sub': '\${Kind}Subnet\${Zone}'}, Acl: !Ref {'Fn::Sub': 'Acl\${Kind}'}}
`);
    expect(Object.keys(resourcesOf(plan) as object)).toEqual([
      "Vpc",
      ...["AclTransit", "TransitSubnetA", "AclTransitA", "TransitSubnetB", "AclTransitB"],
      ...["AclPublic", "PublicSubnetA", "AclPublicA", "PublicSubnetB", "AclPublicB"],
    ]);
    expect(resourcesOf(plan)).toMatchObject({ AclPublicB: { Subnet: "ref-PublicSubnetB", Acl: "ref-AclPublic" } });
  });

  test("properties, of which a mapping leaves out some", () => {
    const plan = planned(`
Mappings:
  One: {Properties: {ImageId: ami-1, InstanceType: m5.large}}
  Two: {Properties: {ImageId: ami-2}}
Resources:
  Fn::ForEach::Instances:
    - Name
    - [One, Two]
    - \${Name}:
        Type: I
        Properties:
          Fixed: true
          Fn::ForEach::Properties:
            - Property
            - [ImageId, InstanceType]
            - \${Property}: !FindInMap [!Ref Name, Properties, !Ref Property, {DefaultValue: !Ref AWS::NoValue}]
`);
    expect(resourcesOf(plan)).toEqual({
      One: { Fixed: true, ImageId: "ami-1", InstanceType: "m5.large" },
      Two: { Fixed: true, ImageId: "ami-2" },
    });
  });

  test("conditions, and outputs of loops in loops", () => {
    const plan = planned(
      `
Parameters: {ParamA: {Type: String}, ParamB: {Type: String}}
Conditions: {'Fn::ForEach::Checks': [Id, [A, B], {'Is\${Id}': !Equals [!Ref {'Fn::Sub': 'Param\${Id}'}, 'true']}]}
Resources:
  Fn::ForEach::Buckets:
    - Id
    - [A, B]
    - Bucket\${Id}: {Type: B, Condition: !Sub 'Is\${Id}', Properties: {Is: !If ['Is\${Id}', !Ref Id, no]}, DeletionPolicy: Retain}
Outputs:
  Fn::ForEach::Buckets2:
    - Id
    - [A]
    - Fn::ForEach::Attributes:
        - Attribute
        - [Arn, DomainName]
        - Bucket\${Id}\${Attribute}: {Value: !GetAtt [!Sub 'Bucket\${Id}', !Ref Attribute], Export: {Name: !Sub '\${AWS::StackName}-\${Id}-\${Attribute}'}}
`,
      { ParamA: "true", ParamB: "false" },
    );
    expect(Object.fromEntries(plan.conditions)).toEqual({ IsA: true, IsB: false });
    expect(resourcesOf(plan)).toEqual({ BucketA: { Is: "A" } });
    expect(
      [...plan.outputs].map(([name, { value, exportName }]) => [
        name,
        plan.evaluate(value, surroundings),
        plan.evaluate(exportName ?? null, surroundings),
      ]),
    ).toEqual([
      ["BucketAArn", "BucketA.Arn", "s-A-Arn"],
      ["BucketADomainName", "BucketA.DomainName", "s-A-DomainName"],
    ]);
  });

  test("&{} drops what no name may have, and is a placeholder in keys only", () => {
    const plan = planned(
      "Resources: {'Fn::ForEach::Vpcs': [Cidr, [10.0.0.0/16, 10.1.0.0/16], {'Vpc&{Cidr}': {Type: V, Properties: {Cidr: !Ref Cidr, As: !Sub '&{Cidr}', Plain: '${Cidr}', Keys: {'${Cidr}': 1}}}}]}",
    );
    const vpc = (cidr: string) => ({ Cidr: cidr, As: "&{Cidr}", Plain: "${Cidr}", Keys: { "${Cidr}": 1 } });
    expect(resourcesOf(plan)).toEqual({ Vpc1000016: vpc("10.0.0.0/16"), Vpc1010016: vpc("10.1.0.0/16") });
  });
});

describe("collections", () => {
  test.each([
    ["a list with parameters in it", "[a, !Ref P]", "a p"],
    ["numbers and booleans are texts", "[1, true]", "1 true"],
    ["a list out of a mapping", "!FindInMap [M, !Ref AWS::Region, zones]", "x y"],
    ["a text in parts", "!Split ['-', !Ref P2]", "u v"],
    ["a text made of others", "!Split [',', !Sub '${P},w']", "p w"],
    ["by a condition", "!If [IsP, [c], [d]]", "c"],
    ["none", "[]", ""],
    ["a parameter without items", "!Ref Empty", ""],
  ])("%s", (_name, collection, expected) => {
    const plan = planned(`
Parameters: {P: {Type: String, Default: p}, P2: {Type: String, Default: u-v}, Empty: {Type: CommaDelimitedList, Default: ''}}
Mappings: {M: {eu-west-1: {zones: [x, y]}}}
Conditions: {IsP: !Equals [!Ref P, p]}
Resources:
  Always: {Type: T}
  Fn::ForEach::L: [I, ${collection}, {'R\${I}': {Type: T}}]
`);
    expect(
      [...plan.resources.keys()]
        .filter((name) => name !== "Always")
        .map((name) => name.slice(1))
        .join(" "),
    ).toBe(expected);
  });

  test("what stands beside them stays in its order, and sees what they make", () => {
    const plan = planned(
      "Resources: {A: {Type: T, DependsOn: [Lx], Properties: {Y: !Ref Ly}}, 'Fn::ForEach::L': [I, [x, y], {'L${I}': {Type: T, DependsOn: [!Sub 'M${I}']}, 'M${I}': {Type: T}}], Z: {Type: T}}",
    );
    expect([...plan.resources.keys()]).toEqual(["A", "Lx", "Mx", "Ly", "My", "Z"]);
    expect([plan.dependencies.get("A"), plan.dependencies.get("Lx")]).toEqual([["Lx", "Ly"], ["Mx"]]);
  });

  test("Fn::Sub keeps what is not the loop's", () => {
    const plan = planned(
      "Resources: {'Fn::ForEach::L': [I, [x], {'R${I}': {Type: T, Properties: {A: !Sub '${!I}${ I }${AWS::Region}', B: !Sub ['${v}${I}${w}', {v: !Ref I, w: !GetAtt R2.Arn}], C: !Sub ['${I}', {I: own}]}}}], R2: {Type: T}}",
    );
    expect(resourcesOf(plan)).toMatchObject({ Rx: { A: "${I}xeu-west-1", B: "xxR2.Arn", C: "own" } });
  });
});

const failed = "Transform AWS::LanguageExtensions failed with: ";

describe("is refused", () => {
  const loop = (value: string) => `Resources:\n  A: {Type: T}\n  Fn::ForEach::L: ${value}\n`;
  test.each([
    ["a loop of two", loop("[I, [a]]"), `${failed}Fn::ForEach layout is incorrect (line 4, column 19)`],
    ["a loop that is no list", loop("{a: 1}"), `${failed}Fn::ForEach layout is incorrect`],
    ["a text for a collection", loop("[I, a, {'R${I}': {Type: T}}]"), `${failed}Fn::ForEach layout is incorrect`],
    [
      "an identifier that is none",
      loop("[!Ref A, [a], {'R${I}': {Type: T}}]"),
      `${failed}Fn::ForEach layout is incorrect`,
    ],
    ["a fragment that is none", loop("[I, [a], [b]]"), `${failed}Fn::ForEach layout is incorrect`],
    [
      "a loop without a name",
      "Resources: {'Fn::ForEach': [I, [a], {'R${I}': {Type: T}}]}",
      `${failed}Fn::ForEach layout is incorrect`,
    ],
    [
      "a collection that is no list",
      `Parameters: {P: {Type: String, Default: a}}\n${loop("[I, !Ref P, {'R${I}': {Type: T}}]")}`,
      `${failed}Could not find a collection or could not be resolved for Fn::ForEach`,
    ],
    [
      "a resource for a collection",
      loop("[I, !GetAtt A.Names, {'R${I}': {Type: T}}]"),
      `${failed}Could not find a collection or could not be resolved for Fn::ForEach (line 4, column 31)`,
    ],
    [
      "a resource in a collection",
      loop("[I, [!Ref A], {'R${I}': {Type: T}}]"),
      `${failed}Could not find a collection or could not be resolved for Fn::ForEach`,
    ],
    ["lists in a collection", loop("[I, [[a]], {'R${I}': {Type: T}}]"), 'may hold texts only, and has ["a"]'],
    [
      "a secret in a collection",
      `Parameters: {S: {Type: CommaDelimitedList, NoEcho: true, Default: a}}\n${loop("[I, !Ref S, {'R${I}': {Type: T}}]")}`,
      "the collection of Fn::ForEach::L may not refer to S, a parameter with NoEcho",
    ],
    [
      "the same item twice",
      loop("[I, [a, a], {'R${I}': {Type: T}}]"),
      `${failed}Duplicate key 'Ra' when merging keys to parent object in Fn::ForEach`,
    ],
    ["a key without the identifier", loop("[I, [a, b], {R: {Type: T}}]"), "Duplicate key 'R' when merging keys"],
    ["a name that is there", loop("[I, [A], {'${I}': {Type: T}}]"), "Duplicate key 'A' when merging keys"],
    [
      "a name that no resource may have",
      loop("[I, [a-b], {'R${I}': {Type: T}}]"),
      "OutputKey 'Ra-b' should be alphanumeric",
    ],
    [
      "a parameter in a key",
      loop("[I, [a], {'R${I}${AWS::Region}': {Type: T}}]"),
      "OutputKey 'Ra${AWS::Region}' should be",
    ],
    [
      "a name that stays as it is written",
      loop("[I, [a], {'R${I}': {Type: T, Properties: {X: !Ref 'R${I}'}}}]"),
      "Unresolved resource dependencies [R${I}] in the Resources block of the template",
    ],
    [
      "the same of DependsOn",
      loop("[I, [a], {'R${I}': {Type: T, DependsOn: 'R${I}'}}]"),
      "Unresolved resource dependencies [R${I}]",
    ],
    [
      "a condition before the type",
      `Conditions: {C: !Equals [1, 1]}\n${loop("[I, [a], {'R${I}': {Condition: C, Type: T}}]")}`,
      `${failed}Condition layout is incorrect`,
    ],
    [
      "a function for the name of Fn::If's condition",
      `Conditions: {Ca: !Equals [1, 1]}\n${loop("[I, [a], {'R${I}': {Type: T, Properties: {X: !If [!Sub 'C${I}', 1, 2]}}}]")}`,
      `${failed}Fn::If layout is incorrect`,
    ],
    [
      "a placeholder in a placeholder",
      loop("[I, [a], {'R${I}': {Type: T, Properties: {X: !Sub '${R${I}}'}}}]"),
      "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
    ],
    [
      "a name that only the stack knows",
      loop("[I, [a], {'R${I}': {Type: T, Properties: {X: !Ref {'Fn::GetAtt': [A, B]}}}}]"),
      "the name in Ref depends on the resource A, which is known only once the stack is there",
    ],
    [
      "two loops of one name",
      `${loop("[I, [a], {'R${I}': {Type: T}}]")}Outputs: {'Fn::ForEach::L': [I, [a], {'R\${I}': {Value: 1}}]}`,
      "there is more than one loop Fn::ForEach::L",
    ],
    [
      "a loop with a resource's name",
      "Resources: {L: {Type: T}, 'Fn::ForEach::L': [I, [a], {'R${I}': {Type: T}}]}",
      "the loop Fn::ForEach::L has the name of a member of Resources",
    ],
    [
      "an identifier with a resource's name",
      loop("[A, [a], {'R${A}': {Type: T}}]"),
      "the identifier A of Fn::ForEach::L is the name of a parameter or a resource too",
    ],
    [
      "an identifier for two loops",
      loop("[I, [a], {'Fn::ForEach::M': [I, [b], {'R${I}': {Type: T}}]}]"),
      "the identifier I of Fn::ForEach::M is that of a loop around it too",
    ],
    [
      "a loop in Mappings",
      `Mappings: {M: {k: {'Fn::ForEach::N': [I, [a], {'\${I}': 1}]}}}\n${loop("[I, [a], {'R${I}': {Type: T}}]")}`,
      "Fn::ForEach::N is in Mappings; loops may be in Conditions, Resources, Outputs",
    ],
    [
      "more resources than a template may have",
      loop(`[I, [${Array.from({ length: 500 }, (_, index) => `n${index}`).join(", ")}], {'R\${I}': {Type: T}}]`),
      "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
    ],
    [
      "more than a template may hold",
      loop(
        [..."abcde"].reduce(
          (inner, name) =>
            `[${name}, [${Array.from({ length: 40 }, (_, index) => 10 + index).join(", ")}], {'Fn::ForEach::${name}': ${inner}}]`,
          "[f, [1], {'R${a}${b}${c}${d}${e}${f}': {Type: T}}]",
        ),
      ),
      "Template may not exceed 1048576 bytes in size; with its loops written out it does.",
    ],
  ])("%s", (_name, text, message) => {
    expect(() => planned(text)).toThrow(message);
  });

  test("more than five loops in a loop", () => {
    const nested = (depth: number): string =>
      depth === 0 ? "{'R${I1}': {Type: T}}" : `{'Fn::ForEach::L${depth}': [I${depth}, [a], ${nested(depth - 1)}]}`;
    expect([...planned(`Resources: ${nested(6)}`).resources.keys()]).toEqual(["Ra"]);
    expect(() => planned(`Resources: ${nested(7)}`)).toThrow(
      "Fn::ForEach::L1 is nested too deeply; a loop may have up to 5 in it",
    );
  });

  test.each([
    ["Resources", "Resources: {'Fn::ForEach::L': [I, [a], {'R${I}': {Type: T}}]}", "[/Resources/Fn::ForEach::L]"],
    [
      "properties",
      "Resources: {A: {Type: T, Properties: {'Fn::ForEach::L': [I, [a], {'${I}': 1}]}}}",
      "[/Resources/A/Properties/Fn::ForEach::L]",
    ],
    [
      "Outputs",
      "Resources: {A: {Type: T}}\nOutputs: {'Fn::ForEach::L': [I, [a], {'R${I}': {Value: 1}}]}",
      "[/Outputs/Fn::ForEach::L]",
    ],
  ])("a loop in %s without the transform", (_name, text, where) => {
    expect(() => readTemplate(text)).toThrow(
      `Template format error: ${where} resource definition is malformed: Fn::ForEach needs Transform: AWS::LanguageExtensions (line `,
    );
  });
});

test("a part of what was made is where its loop is written", () => {
  const text = withLoops(`Resources:
  Fn::ForEach::Outer:
    - O
    - [a]
    - Fn::ForEach::Inner:
        - I
        - [b]
        - R\${O}\${I}:
            Type: T
            Properties:
              X: 1
`);
  const { positionOf } = readTemplate(text);
  const line = (path: readonly (string | number)[]) => positionOf(path)?.line;
  expect(line(["Resources", "Rab", "Type"])).toBe(10);
  expect(line(["Resources", "Rab", "Properties", "X"])).toBe(12);
  expect(line(["Resources", "Rac", "Type"])).toBeUndefined();
  const wrong = text.replace("Properties:", "Propertys:");
  try {
    readTemplate(wrong);
    expect.unreachable();
  } catch (error) {
    expect(isTemplateError(error) && [error.message, error.position?.line]).toEqual([
      "Invalid template resource property 'Propertys'",
      12,
    ]);
  }
});

describe("what is not known", () => {
  const text = withLoops(`
Parameters: {Zones: {Type: CommaDelimitedList}, Which: {Type: String}}
Conditions: {'Fn::ForEach::Checks': [Id, !Ref Zones, {'Is\${Id}': !Equals [1, 1]}]}
Resources:
  Vpc: {Type: V}
  Some: {Type: T, Condition: IsA, Properties: {Subnet: !Ref SubnetAX, Cidr: !GetAtt SubnetAX.CidrBlock, Named: !Ref {'Fn::Sub': 'Subnet\${Which}'}}}
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Fn::ForEach::Layers:
        - Layer
        - [X, Y]
        - Subnet\${Zone}\${Layer}: {Type: S, Properties: {VpcId: !Ref Vpc, Name: !Ref Zone, Table: !Ref {'Fn::Sub': 'Subnet\${Layer}'}}}
  Tagged: {Type: T, Properties: {Fixed: 1, Tags: {a: 1, 'Fn::ForEach::Tags': [Tag, !Ref Zones, {'\${Tag}': 1}]}}}
Outputs: {'Fn::ForEach::Ids': [Zone, !Ref Zones, {'Id\${Zone}': {Value: !Ref Zone}}]}
`);

  /** With every parameter a value of the deployment. */
  function plan(template: Template): TemplatePlan {
    const values = [...template.parameters.keys()].map((name): [string, ParameterValue] => [
      name,
      { text: "", resolved: undefined, noEcho: false, value: unknownValue(`the parameter ${name}`) },
    ]);
    return planTemplate(template, new Map(values), pseudo, surroundings, "kept");
  }

  test("is left where it is, and named", () => {
    const template = readTemplate(text);
    checkReferences(template);
    expect(template.isSettled).toBe(false);
    const { unexpanded, unexpandedResources } = plan(template).template;
    expect(unexpanded.map(({ section, key, unknown }) => [section, key, unknown.name])).toEqual([
      ["Conditions", "Is${Id}", "Fn::ForEach::Checks, whose collection depends on the parameter Zones"],
      ["Resources", "Subnet${Zone}${Layer}", "Fn::ForEach::Subnets, whose collection depends on the parameter Zones"],
      ["Outputs", "Id${Zone}", "Fn::ForEach::Ids, whose collection depends on the parameter Zones"],
    ]);
    expect(unexpandedResources.map(({ key, type }) => [key, type])).toEqual([["Subnet${Zone}${Layer}", "S"]]);
  });

  test("makes unknown what refers to it, and no more", () => {
    const made = plan(readTemplate(text));
    const value = (name: string, property: string): unknown =>
      made.evaluate(made.resources.get(name)?.properties[property] ?? null, surroundings);
    const loop = "Fn::ForEach::Subnets, whose collection depends on the parameter Zones";
    expect(value("Some", "Subnet")).toMatchObject({ name: `SubnetAX (${loop})` });
    expect(value("Some", "Cidr")).toMatchObject({ name: `SubnetAX (${loop})` });
    expect(value("Some", "Named")).toMatchObject({ name: "the parameter Which" });
    expect(value("Tagged", "Fixed")).toBe(1);
    expect(value("Tagged", "Tags")).toMatchObject({
      name: "Fn::ForEach::Tags, whose collection depends on the parameter Zones",
    });
    expect(made.uncertain.get("Some")?.name).toContain("IsA (Fn::ForEach::Checks");
  });

  test("is refused where a stack is to be made", () => {
    const template = readTemplate(
      withLoops("Resources: {'Fn::ForEach::L': [I, !Ref AWS::Region, {'R${I}': {Type: T}}]}"),
    );
    expect(() =>
      planTemplate(template, new Map(), { ...pseudo, region: unknownValue("AWS::Region") }, surroundings),
    ).toThrow("what is only known once the stack is there");
  });

  test("a name that no loop makes is refused before anything is known", () => {
    const template = readTemplate(text.replace("!Ref SubnetAX", "!Ref NetworkAX"));
    expect(() => checkReferences(template)).toThrow("Unresolved resource dependencies [NetworkAX]");
  });
});
