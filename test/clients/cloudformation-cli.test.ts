/** The AWS CLI's own way with templates: packaged into a bucket, deployed by a change set, found by whatever name the cloud's address has. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsCli, awsCli, noAwsCli } from "../support/aws-cli.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

let cloud: TestCloud;
let aws: AwsCli;
beforeAll(async () => {
  if (noAwsCli !== "") return;
  cloud = await startCloud({ packets: "model" });
  aws = awsCli(cloud, "111111111111");
});
afterAll(() => cloud?.stop());

const nested = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.3.0.0/16}}}\n";
const parent = `
Parameters: {Cidr: {Type: String, Default: 10.0.0.0/16}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs20.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: code}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
Outputs: {VpcId: {Value: !Ref Vpc, Export: {Name: the-vpc}}}
`;
/** The same in every zone that is asked for. */
const loops = `
Transform: AWS::LanguageExtensions
Parameters: {Zones: {Type: CommaDelimitedList}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Subnet\${Zone}: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Sub '10.0.\${Zone}.0/24'}}
`;

describe.skipIf(noAwsCli !== "")(`aws cloudformation${noAwsCli}`, () => {
  test("package, deploy, deploy again, and what there is to read of it", { timeout: 240_000 }, async () => {
    const file = (name: string): string => join(cloud.folder, name);
    mkdirSync(file("code"));
    writeFileSync(file("code/index.js"), "exports.handler = async () => 1;\n");
    writeFileSync(file("nested.yaml"), nested);
    writeFileSync(file("parent.yaml"), parent);
    await aws("s3 mb s3://artifacts --output text");
    await aws(
      `cloudformation package --template-file ${file("parent.yaml")} --s3-bucket artifacts --output-template-file ${file("packaged.yaml")} --output text`,
    );
    const deploy = `cloudformation deploy --template-file ${file("packaged.yaml")} --stack-name p --s3-bucket artifacts --capabilities CAPABILITY_IAM --output text`;
    expect(await aws(deploy)).toContain("Successfully created/updated stack - p");
    // The CLI names its change sets by the second, and a name that was used is not free.
    await sleep(1_000);
    const again = await aws.raw(`${deploy} --no-fail-on-empty-changeset`);
    expect(again).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("No changes to deploy. Stack p is up to date"),
    });

    const stack = "cloudformation describe-stacks --stack-name p";
    const vpcId = await aws.text(stack, "Stacks[0].Outputs[0].OutputValue");
    expect(await aws.text("cloudformation list-exports", "Exports[?Name==`the-vpc`].Value")).toBe(vpcId);
    expect(await aws.refused("cloudformation list-imports --export-name the-vpc")).toBe("ValidationError");
    const listed = "StackResourceSummaries[?ResourceStatus==`CREATE_COMPLETE`].LogicalResourceId";
    expect(
      (await aws.text("cloudformation list-stack-resources --stack-name p", listed)).split(/\s+/).toSorted(),
    ).toEqual(["Function", "Nested", "Role", "Vpc"]);
    writeFileSync(file("loops.yaml"), loops);
    const inZones = `cloudformation deploy --template-file ${file("loops.yaml")} --stack-name l --output text --parameter-overrides`;
    expect(await aws(`${inZones} Zones=1,2`)).toContain("Successfully created/updated stack - l");
    const processed = await aws.text(
      "cloudformation get-template --stack-name l --template-stage Processed",
      "keys(TemplateBody.Resources)",
    );
    expect(processed.split(/\s+/)).toEqual(["Vpc", "Subnet1", "Subnet2"]);

    const summary = "cloudformation get-template-summary --stack-name p";
    expect(await aws.text(summary, "[Capabilities[0],Parameters[0].ParameterKey]")).toBe("CAPABILITY_IAM\tCidr");

    await aws("cloudformation delete-stack --stack-name p --output text");
    await aws("cloudformation delete-stack --stack-name l --output text");
    await aws("cloudformation wait stack-delete-complete --stack-name p --output text");
    await aws("cloudformation wait stack-delete-complete --stack-name l --output text");
    const left = "StackSummaries[?StackStatus!=`DELETE_COMPLETE`].StackName";
    expect(await aws.text("cloudformation list-stacks", left)).toBe("");
  });

  test("a template's address may name the cloud in any way", async () => {
    const { port } = new URL(cloud.endpoint);
    const path = join(cloud.folder, "t.yaml");
    writeFileSync(path, `Description: found\n${nested}`);
    await aws("s3 mb s3://templates --output text");
    await aws(`s3 cp ${path} s3://templates/a/t.yaml --output text`);
    for (const host of ["127.0.0.1", "localhost", "[::1]", "127.1.2.3", "s3.localhost"]) {
      const url = `http://${host}:${port}/templates/a/t.yaml`;
      expect(await aws.text(`cloudformation validate-template --template-url ${url}`, "Description")).toBe("found");
    }
    for (const url of [
      `http://templates.s3.localhost:${port}/a/t.yaml`,
      "https://templates.s3.amazonaws.com/a/t.yaml",
      "https://s3.us-east-1.amazonaws.com/templates/a/t.yaml",
    ])
      expect(await aws.text(`cloudformation validate-template --template-url ${url}`, "Description")).toBe("found");
  });
});
