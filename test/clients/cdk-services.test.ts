/** The AWS CLI on what deploying needs: buckets and objects, functions that really run, and their logs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { archiveOf } from "../../src/cloud/services/lambda/inline-code.ts";
import { type AwsCli, awsCli, noAwsCli } from "../support/aws-cli.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
let cloud: TestCloud;
let aws: AwsCli;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "causeway-deploying-"));
  if (noAwsCli !== "") return;
  cloud = await startCloud({ packets: "model" });
  aws = awsCli(cloud, account);
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(noAwsCli !== "")(`aws s3${noAwsCli}`, () => {
  test("mb, cp, ls, presign, rm and rb, small and in parts", async () => {
    const small = join(folder, "small.txt");
    const large = join(folder, "large.bin");
    writeFileSync(small, "hello");
    writeFileSync(large, Buffer.alloc(9 * 1024 * 1024, "x"));
    await aws("s3 mb s3://assets --output text");
    await aws(`s3 cp ${small} s3://assets/folder/small.txt --output text`);
    await aws(`s3 cp ${large} s3://assets/large.bin --output text`);
    expect(await aws("s3 ls s3://assets/ --output text")).toMatch(/PRE folder\/\n.* 9437184 large\.bin$/);
    await aws(`s3 cp s3://assets/large.bin ${join(folder, "back.bin")} --output text`);
    expect(readFileSync(join(folder, "back.bin")).equals(readFileSync(large))).toBe(true);
    const { stdout } = await aws.raw("s3 presign s3://assets/folder/small.txt");
    expect(await (await fetch(stdout.trim())).text()).toBe("hello");
    await aws("s3 rm s3://assets --recursive --output text");
    await aws("s3 rb s3://assets --output text");
    expect(await aws.refused("s3api get-bucket-location --bucket assets")).toBe("NoSuchBucket");
  });

  test("a bucket of another Region is found there", async () => {
    await awsCli(cloud, account, "eu-west-1")("s3 mb s3://west --output text");
    expect(await aws.text("s3api get-bucket-location --bucket west", "LocationConstraint")).toBe("eu-west-1");
  });
});

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

describe.skipIf(noAwsCli !== "" || process.platform !== "linux")(`aws lambda${noAwsCli}`, () => {
  test("a function is made from S3, runs with its role and the SDK, logs, is changed and deleted", async () => {
    writeFileSync(join(folder, "trust.json"), trust);
    await aws(`iam create-role --role-name worker --assume-role-policy-document file://${join(folder, "trust.json")}`);
    const code = `
      const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
      exports.handler = async (event) => {
        console.log("asked by", event.name);
        return (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
      };`;
    writeFileSync(join(folder, "code.zip"), archiveOf({ "index.js": code }));
    await aws("s3 mb s3://code --output text");
    await aws(`s3 cp ${join(folder, "code.zip")} s3://code/code.zip --output text`);
    await aws(
      `lambda create-function --function-name one --runtime nodejs20.x --handler index.handler --timeout 20 --role arn:aws:iam::${account}:role/worker --code S3Bucket=code,S3Key=code.zip`,
    );
    await aws("lambda wait function-active-v2 --function-name one");
    const out = join(folder, "out.json");
    writeFileSync(join(folder, "event.json"), '{"name":"me"}');
    const invoke = `lambda invoke --function-name one --payload fileb://${join(folder, "event.json")} ${out}`;
    expect(await aws(invoke)).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(JSON.parse(readFileSync(out, "utf8"))).toBe(`arn:aws:sts::${account}:assumed-role/worker/one`);
    const found = "logs filter-log-events --log-group-name /aws/lambda/one --filter-pattern asked";
    expect(await aws.text(found, "events[0].message")).toMatch(/\tINFO\tasked by me$/);
    writeFileSync(
      join(folder, "code2.zip"),
      archiveOf({ "index.js": "exports.handler = async () => { throw new Error('no') }" }),
    );
    await aws(`lambda update-function-code --function-name one --zip-file fileb://${join(folder, "code2.zip")}`);
    await aws("lambda wait function-updated-v2 --function-name one");
    expect(await aws(invoke)).toMatchObject({ FunctionError: "Unhandled" });
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ errorType: "Error", errorMessage: "no" });
    await aws("lambda delete-function --function-name one --output text");
    expect(await aws.refused(invoke)).toBe("ResourceNotFoundException");
  });
});
