/** The language as tables: structure, parameters, conditions, functions, order; with CloudFormation's texts. */
import { describe, expect, test } from "vitest";
import {
  checkReferences,
  parameterValues,
  planTemplate,
  readTemplate,
  type Surroundings,
  type TemplatePlan,
  unknownValue,
  withUnknownsAs,
} from "./index.ts";

const pseudo = {
  accountId: "111111111111",
  region: "eu-west-1",
  stackId: "arn:aws:cloudformation:eu-west-1:111111111111:stack/s/1",
  stackName: "s",
  notificationArns: [],
};

const lookUps = {
  ssmParameter: (name: string) => (name === "/ami" ? "ami-1" : undefined),
  exists: (_type: string, id: string) => !id.endsWith("missing"),
};

const surroundings: Surroundings = {
  ref: (logicalId) => `ref-${logicalId}`,
  getAtt: (logicalId, attribute) => `${logicalId}.${attribute}`,
  importValue: (name) => `import-${name}`,
  stackOutput: ({ stackName, outputName, region, roleArn }) =>
    `${stackName}.${outputName}@${region ?? "here"} as ${roleArn ?? "itself"}`,
  availabilityZones: (region) => [`${region}a`, `${region}b`],
  ssmParameter: (name, version) => `${name}@${version ?? "latest"}`,
};

function plan(text: string, given: Record<string, string> = {}): TemplatePlan {
  const template = readTemplate(text);
  checkReferences(template);
  const { values } = parameterValues(template, new Map(Object.entries(given)), lookUps);
  return planTemplate(template, values, pseudo, surroundings);
}

/** The value of the only output, in a template with a resource `A` and what the test adds. */
function outputOf(value: string, more = "", given: Record<string, string> = {}, around = surroundings): unknown {
  const planned = plan(`Resources: {A: {Type: T}}\nOutputs:\n  O:\n    Value: ${value}\n${more}`, given);
  const output = planned.outputs.get("O");
  if (output === undefined) throw new Error("bug: no output");
  const evaluated = planned.evaluate(output.value, around);
  return evaluated === undefined ? undefined : JSON.parse(JSON.stringify(evaluated));
}

describe("functions", () => {
  const parameters =
    "Parameters: {P: {Type: String, Default: p}, L: {Type: CommaDelimitedList, Default: 'x, y'}, N: {Type: Number, Default: 7}}\n";
  const mapping = "Mappings: {M: {eu-west-1: {a: 1, b: [2, 3]}}}\n";
  const conditions = "Conditions: {IsSo: !Equals [1, 1], IsNot: !Not [!Condition IsSo]}\n";

  test.each([
    ["Ref of a resource", "!Ref A", "ref-A"],
    ["Ref of a parameter", "!Ref P", "p"],
    ["Ref of a list", "!Ref L", ["x", "y"]],
    ["Ref of a number", "!Ref N", "7"],
    [
      "pseudo parameters",
      "!Sub '${AWS::AccountId}/${AWS::Region}/${AWS::Partition}/${AWS::URLSuffix}/${AWS::StackName}'",
      "111111111111/eu-west-1/aws/amazonaws.com/s",
    ],
    ["GetAtt", "!GetAtt A.B.C", "A.B.C"],
    ["GetAtt of a name in a parameter", "{Fn::GetAtt: [A, !Ref P]}", "A.p"],
    ["Sub", "!Sub '${A}-${A.B}-${P}-${!kept}'", "ref-A-A.B-p-${kept}"],
    ["Sub with variables", "!Sub ['${v}${P}', {v: !GetAtt A.B}]", "A.Bp"],
    ["Join", "!Join ['-', [a, 1, true, !Ref P]]", "a-1-true-p"],
    ["Join of a list parameter", "!Join ['+', !Ref L]", "x+y"],
    ["Select", "!Select [1, !Ref L]", "y"],
    ["Select by a text", "!Select ['0', [a, b]]", "a"],
    ["Split", "!Split [',', 'a,b,,c']", ["a", "b", "", "c"]],
    ["GetAZs here", "!GetAZs ''", ["eu-west-1a", "eu-west-1b"]],
    ["GetAZs there", "!GetAZs us-east-1", ["us-east-1a", "us-east-1b"]],
    ["Cidr", "!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
    ["Cidr in IPv6", "!Select [1, !Cidr ['2001:db8::/56', 2, 64]]", "2001:db8:0:1::/64"],
    ["Cidr by texts", "!Cidr [10.0.0.0/22, '2', '9']", ["10.0.0.0/23", "10.0.2.0/23"]],
    ["FindInMap", "!FindInMap [M, !Ref AWS::Region, a]", 1],
    ["FindInMap of a list", "!FindInMap [M, eu-west-1, b]", [2, 3]],
    ["FindInMap with a default", "!FindInMap [M, us-east-1, a, {DefaultValue: none}]", "none"],
    ["If, yes", "!If [IsSo, a, b]", "a"],
    ["If, no", "!If [IsNot, a, !Ref P]", "p"],
    ["AWS::NoValue drops a member", "{a: 1, b: !If [IsNot, 1, !Ref AWS::NoValue]}", { a: 1 }],
    ["AWS::NoValue drops an item", "[1, !Ref AWS::NoValue, 2]", [1, 2]],
    [
      "GetStackOutput",
      "{Fn::GetStackOutput: {StackName: !Ref P, OutputName: o, Region: !Sub '${AWS::Region}'}}",
      "p.o@eu-west-1 as itself",
    ],
    ["GetStackOutput by a role", "!GetStackOutput {StackName: s, OutputName: o, RoleArn: r}", "s.o@here as r"],
    ["ImportValue", "!ImportValue {Fn::Sub: '${P}-id'}", "import-p-id"],
    ["Base64", "!Base64 'grüß'", "Z3LDvMOf"],
    ["a dynamic reference", "'a{{resolve:ssm:/x/y:3}}b{{resolve:ssm:z}}'", "a/x/y@3bz@latest"],
    ["a dynamic reference made by a function", "!Sub '{{resolve:ssm:/${P}}}'", "/p@latest"],
  ])("%s", (_name, value, expected) => {
    expect(outputOf(value, parameters + mapping + conditions)).toEqual(expected);
  });

  test.each([
    ["Join", "!Join [a]", "every Fn::Join object requires two parameters"],
    ["Select outside", "!Select [2, [a, b]]", "Fn::Select cannot select nonexistent value at index 2"],
    ["Select of no number", "!Select [x, [a, b]]", "Fn::Select requires a list argument with two elements"],
    ["Split", "!Split [',']", "every Fn::Split object requires two parameters"],
    ["FindInMap of nothing", "!FindInMap [M, nowhere, a]", "Template error: Unable to get mapping for M::nowhere::a"],
    ["FindInMap of too little", "!FindInMap [M, x]", "every Fn::FindInMap object requires three parameters"],
    ["GetAtt of nothing", "!GetAtt B.C", "Template error: instance of Fn::GetAtt references undefined resource B"],
    ["GetAtt without an attribute", "!GetAtt A", "every Fn::GetAtt object requires two non-empty parameters"],
    [
      "Ref of nothing",
      "!Ref B",
      "Template format error: Unresolved resource dependencies [B] in the Outputs block of the template",
    ],
    ["Sub of nothing", "!Sub '${B}'", "Unresolved resource dependencies [B] in the Outputs block"],
    ["an unknown condition", "!If [Perhaps, 1, 2]", "Unresolved condition dependency Perhaps in the Outputs block"],
    ["Cidr of too many", "!Cidr [10.0.0.0/24, 3, 7]", "Fn::Cidr: 10.0.0.0/24 has no 3 blocks of 7 bits"],
    ["Transform", "{Fn::Transform: {Name: AWS::Include}}", "Fn::Transform is not modelled by this local cloud"],
    [
      "another service's secrets",
      "'{{resolve:secretsmanager:x}}'",
      "Dynamic references to secretsmanager are not modelled",
    ],
  ])("%s is refused", (_name, value, message) => {
    expect(() => outputOf(value, parameters + mapping + conditions)).toThrow(message);
  });

  test("the language extensions bring Length and ToJsonString", () => {
    expect(outputOf("!Length [a, b]", "Transform: AWS::LanguageExtensions\n")).toBe(2);
    expect(outputOf("!ToJsonString {a: [1, !Ref A]}", "Transform: [AWS::LanguageExtensions]\n")).toBe(
      '{"a":[1,"ref-A"]}',
    );
    expect(() => outputOf("1", "Transform: AWS::Serverless-2016-10-31\n")).toThrow(
      "Transform AWS::Serverless-2016-10-31 is not modelled by this local cloud",
    );
  });

  test("what is not known yet makes what is made of it unknown, and no more", () => {
    const around = {
      ...surroundings,
      ref: unknownValue,
      getAtt: (id: string, name: string) => unknownValue(`${id}.${name}`),
    };
    const template = readTemplate("Resources: {A: {Type: T}}");
    const planned = planTemplate(template, new Map(), pseudo, surroundings);
    const evaluated = planned.evaluate(
      {
        a: { Ref: "A" },
        b: { "Fn::Join": ["", ["x", { "Fn::GetAtt": ["A", "B"] }]] },
        c: ["known", { "Fn::Select": [0, { Ref: "A" }] }],
      },
      around,
    );
    expect(withUnknownsAs(evaluated ?? null, "?")).toEqual({ a: "?", b: "?", c: ["known", "?"] });
  });
});

describe("conditions", () => {
  test.each([
    ["Equals of numbers and texts", "!Equals [1, '1']", true],
    ["Equals of a parameter", "!Equals [!Ref P, prod]", false],
    ["And", "!And [!Equals [a, a], !Equals [a, b]]", false],
    ["Or", "!Or [!Equals [a, a], !Equals [a, b]]", true],
    ["Not", "!Not [!Equals [a, b]]", true],
    ["a condition of conditions", "!And [!Condition Base, !Condition Base]", true],
  ])("%s", (_name, condition, expected) => {
    const planned = plan(
      `Parameters: {P: {Type: String, Default: dev}}\nConditions: {C: ${condition}, Base: !Equals [1, 1]}\nResources: {A: {Type: T}, B: {Type: T, Condition: C}}`,
    );
    expect(planned.conditions.get("C")).toBe(expected);
    expect([...planned.resources.keys()]).toEqual(expected ? ["A", "B"] : ["A"]);
  });

  test.each([
    [
      "Equals with one",
      "!Equals [1]",
      "Template error: every Fn::Equals object requires a list of 2 string parameters.",
    ],
    ["And with one", "!And [!Equals [1, 1]]", "every Fn::And object requires a list of at least 2 and at most 10"],
    [
      "a resource",
      "!Equals [!Ref A, 1]",
      "Template format error: Unresolved dependencies [A]. Cannot reference resources in the Conditions block of the template",
    ],
    ["a circle", "!Not [!Condition D]", "Found circular condition dependency"],
    ["nothing", "!Not [!Condition E]", "Unresolved condition dependency E in the Conditions block"],
  ])("%s is refused", (_name, condition, message) => {
    expect(() => plan(`Conditions: {C: ${condition}, D: !Not [!Condition C]}\nResources: {A: {Type: T}}`)).toThrow(
      message,
    );
  });

  test("a reference to a resource that a condition leaves out is refused, as AWS was recorded to", () => {
    const text = (outputs: string, properties: string): string =>
      `Conditions: {IsNot: !Equals [1, 2]}\nResources: {MyTopic: {Type: T, Condition: IsNot}, B: {Type: T, Properties: {X: ${properties}}}}\n${outputs}`;
    expect(() => plan(text("", "!Ref MyTopic"))).toThrow(
      "Template format error: Unresolved resource dependencies [MyTopic] in the Resources block of the template",
    );
    expect(() => plan(text("", "!GetAtt MyTopic.Arn"))).toThrow("[MyTopic] in the Resources block");
    expect(() => plan(text("Outputs: {O: {Value: !Ref MyTopic}}", "1"))).toThrow(
      /^Unresolved resource dependencies \[MyTopic\] in the Outputs block of the template$/,
    );
    expect([
      ...plan(text("Outputs: {O: {Condition: IsNot, Value: !Ref MyTopic}}", "!If [IsNot, !Ref MyTopic, 1]")).outputs,
    ]).toEqual([]);
  });

  test("a rule's assertions are kept", () => {
    const text =
      "Parameters: {V: {Type: String}}\nRules: {R: {Assertions: [{Assert: !Not [!Contains [['1', '2'], !Ref V]], AssertDescription: too old}]}}\nResources: {A: {Type: T}}";
    expect(() => plan(text, { V: "2" })).toThrow("rule R failed: too old");
    expect(plan(text, { V: "6" }).resources.size).toBe(1);
  });
});

describe("parameters", () => {
  const resources = "Resources: {A: {Type: T}}";
  test.each([
    ["a missing one", "{Type: String}", {}, "Parameters: [P] must have values"],
    ["an undeclared one", "{Type: String, Default: a}", { Q: "1" }, "Parameters: [Q] do not exist in the template"],
    [
      "none of the allowed",
      "{Type: String, AllowedValues: [a, b]}",
      { P: "c" },
      "Parameter 'P' must be one of AllowedValues",
    ],
    [
      "not of the pattern",
      "{Type: String, AllowedPattern: '[a-z]+'}",
      { P: "a1" },
      "Parameter 'P' must match pattern [a-z]+",
    ],
    [
      "with words for it",
      "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: letters only}",
      { P: "1" },
      "Parameter P failed to satisfy constraint: letters only",
    ],
    ["too short", "{Type: String, MinLength: 3}", { P: "ab" }, "Parameter 'P' must contain at least 3 characters"],
    ["too long", "{Type: String, MaxLength: 3}", { P: "abcd" }, "Parameter 'P' must contain at most 3 characters"],
    ["too small", "{Type: Number, MinValue: 3}", { P: "2" }, "Parameter 'P' must be a number not less than 3"],
    ["too large", "{Type: Number, MaxValue: 3}", { P: "4" }, "Parameter 'P' must be a number not greater than 3"],
    ["no number", "{Type: Number}", { P: "x" }, "Parameter 'P' must be a number."],
    ["no number in a list", "{Type: List<Number>}", { P: "1,x" }, "Parameter 'P' must be a number."],
    [
      "not in Systems Manager",
      "{Type: AWS::SSM::Parameter::Value<String>}",
      { P: "/none" },
      "Unable to fetch parameters [/none] from parameter store for this account.",
    ],
    ["no type", "{Default: a}", {}, "Template format error: Every Parameters object must contain a Type member."],
    ["an unknown type", "{Type: Text}", {}, "Template format error: Unrecognized parameter type: Text"],
    [
      "no list of values",
      "{Type: String, AllowedValues: a}",
      {},
      "Template format error: Every AllowedValues member must be a list.",
    ],
  ])("%s is refused", (_name, declaration, given, message) => {
    expect(() => plan(`Parameters: {P: ${declaration}}\n${resources}`, given)).toThrow(message);
  });

  test("values have the types that are declared, things are looked for, and Systems Manager is asked", () => {
    const template = readTemplate(
      `Parameters: {Ids: {Type: "List<AWS::EC2::Subnet::Id>"}, Vpc: {Type: AWS::EC2::VPC::Id}, Ami: {Type: "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}}\n${resources}`,
    );
    const given = new Map([
      ["Ids", "subnet-1, subnet-missing"],
      ["Vpc", "vpc-1"],
      ["Ami", "/ami"],
    ]);
    const { values, missingThings } = parameterValues(template, given, lookUps);
    expect([...values].map(([name, { value, text, resolved }]) => [name, value, text, resolved])).toEqual([
      ["Ids", ["subnet-1", "subnet-missing"], "subnet-1, subnet-missing", undefined],
      ["Vpc", "vpc-1", "vpc-1", undefined],
      ["Ami", "ami-1", "/ami", "ami-1"],
    ]);
    expect(missingThings).toEqual([
      "Parameter validation failed: parameter value subnet-missing for parameter name Ids does not exist",
    ]);
  });
});

describe("structure", () => {
  test.each([
    ["no resources", "Outputs: {}", "Template format error: At least one Resources member must be defined."],
    [
      "a resource that is none",
      "Resources: {A: [1]}",
      "Template format error: Any Resources member must be an object.",
    ],
    [
      "a resource without a type",
      "Resources: {A: {}}",
      "[/Resources/A] Every Resources object must contain a Type member.",
    ],
    [
      "a name with a colon",
      "Resources: {'AWS::NoValue': {Type: T}}",
      "Template format error: Resource name AWS::NoValue is non alphanumeric.",
    ],
    [
      "a parameter's name",
      "Parameters: {'AWS::NoValue': {Type: String}}\nResources: {A: {Type: T}}",
      "Template format error: Parameter name AWS::NoValue is non alphanumeric.",
    ],
    ["an unknown section", "Foo: 1\nResources: {A: {Type: T}}", "Invalid template property or properties [Foo]"],
    [
      "an unknown attribute",
      "Resources: {A: {Type: T, Propertys: {}}}",
      "Invalid template resource property 'Propertys'",
    ],
    [
      "DependsOn of nothing",
      "Resources: {A: {Type: T, DependsOn: B}}",
      "Unresolved resource dependencies [B] in the Resources block of the template",
    ],
    [
      "an output without a value",
      "Resources: {A: {Type: T}}\nOutputs: {O: {}}",
      "Every Outputs member must contain a Value object",
    ],
    ["a text", "just words", "Template format error: unsupported structure."],
    ["nothing", "", "Template format error: unsupported structure."],
    [
      "a policy that is none",
      "Resources: {A: {Type: T, DeletionPolicy: Keep}}",
      "Unrecognized DeletionPolicy Keep for resource A",
    ],
    [
      "501 resources",
      `Resources: {${Array.from({ length: 501 }, (_, i) => `A${i}: {Type: T}`).join(", ")}}`,
      "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
    ],
  ])("%s is refused", (_name, text, message) => {
    expect(() => plan(text)).toThrow(message);
  });
});

describe("order", () => {
  test("follows from DependsOn and from references, also in Sub and in the chosen side of If", () => {
    const planned = plan(
      "Conditions: {IsSo: !Equals [1, 1]}\nResources: {A: {Type: T, Properties: {x: !Sub '${B.Id}-${D}'}}, B: {Type: T, DependsOn: [C]}, C: {Type: T}, D: {Type: T, Properties: {x: !If [IsSo, !Ref C, !Ref A]}}}",
    );
    expect(Object.fromEntries(planned.dependencies)).toEqual({ A: ["B", "D"], B: ["C"], C: [], D: ["C"] });
  });

  test.each([
    ["two", "A: {Type: T, DependsOn: B}, B: {Type: T, Properties: {x: !Ref A}}", "[A, B]"],
    ["itself", "A: {Type: T, Properties: {x: !Ref A}}", "[A]"],
    [
      "three, with one that only waits",
      "A: {Type: T, DependsOn: B}, B: {Type: T, DependsOn: C}, C: {Type: T, DependsOn: A}, D: {Type: T, DependsOn: A}",
      "[A, B, C]",
    ],
  ])("a circle of %s is refused", (_name, resources, circle) => {
    expect(() => plan(`Resources: {${resources}}`)).toThrow(`Circular dependency between resources: ${circle}`);
  });

  test("a chain of 500 is no circle", () => {
    const chain = Array.from({ length: 500 }, (_, i) => `A${i}: {Type: T${i < 499 ? `, DependsOn: A${i + 1}` : ""}}`);
    expect(plan(`Resources: {${chain.join(", ")}}`).dependencies.size).toBe(500);
  });
});
