import { expect, test } from "vitest";
import { serviceModel } from "../../aws/index.ts";
import { type ApiInput, encodeRequest } from "./api-client.ts";
import { awsCommandLine } from "./aws-command-line.ts";

interface Case {
  readonly operation: string;
  readonly input: ApiInput;
  readonly typed: string;
  readonly sent: string;
}

const cases: readonly Case[] = [
  {
    operation: "CreateVpc",
    input: {
      CidrBlock: "10.10.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Name", Value: "Marketing" }] }],
    },
    typed:
      "aws ec2 create-vpc --cidr-block 10.10.0.0/16 --tag-specifications 'ResourceType=vpc,Tags=[{Key=Name,Value=Marketing}]'",
    sent: "CidrBlock=10.10.0.0/16&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name&TagSpecification.1.Tag.1.Value=Marketing",
  },
  {
    operation: "AuthorizeSecurityGroupIngress",
    input: { GroupId: "sg-1", IpProtocol: "icmp", FromPort: -1, ToPort: -1, CidrIp: "10.10.0.0/16" },
    typed: "aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol icmp --port -1 --cidr 10.10.0.0/16",
    sent: "GroupId=sg-1&IpProtocol=icmp&FromPort=-1&ToPort=-1&CidrIp=10.10.0.0/16",
  },
  {
    operation: "ModifySubnetAttribute",
    input: { SubnetId: "subnet-1", MapPublicIpOnLaunch: { Value: true } },
    typed: "aws ec2 modify-subnet-attribute --subnet-id subnet-1 --map-public-ip-on-launch",
    sent: "SubnetId=subnet-1&MapPublicIpOnLaunch.Value=true",
  },
  {
    operation: "DescribeRouteTables",
    input: { Filters: [{ Name: "vpc-id", Values: ["vpc-1", "it's"] }] },
    typed: "aws ec2 describe-route-tables --filters 'Name=vpc-id,Values=[vpc-1,it'\\''s]'",
    sent: "Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=it's",
  },
];

test.each(cases)("$operation as typed and as sent", ({ operation, input, typed, sent }) => {
  expect(awsCommandLine(operation, input).join(" ")).toBe(typed);
  const model = serviceModel("ec2").operations.get(operation);
  if (model === undefined) throw new Error(`no ${operation}`);
  expect([...encodeRequest(model, input)].map(([name, value]) => `${name}=${value}`).join("&")).toBe(
    `Action=${operation}&Version=2016-11-15&${sent}`,
  );
});

test("a member that AWS does not have is a bug of ours", () => {
  const model = serviceModel("ec2").operations.get("CreateVpc");
  if (model === undefined) throw new Error("no CreateVpc");
  expect(() => encodeRequest(model, { Cidr: "10.0.0.0/16" })).toThrow("has no member Cidr");
});
