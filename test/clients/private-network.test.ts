/**
 * A published kind of network, by Terraform: a VPC without any way out, interface endpoints with private DNS, an instance with a role. The
 * AWS CLI reaches it by Systems Manager, and is told what is missing when one endpoint is taken away. (semantics 9.7)
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsCli, noAwsCli } from "../support/aws-cli.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";
import { noTerraform, terraformIn } from "../support/terraform.ts";

const account = "888888888888";
const why = noTerraform || noAwsCli;

let cloud: TestCloud;
beforeAll(async () => {
  if (why === "") cloud = await startCloud();
});
afterAll(() => cloud?.stop());

describe.skipIf(why !== "")(`a VPC without a way out${why}`, () => {
  test("is reached through its endpoints, and only while all that are needed are there [PL-20] [PL-25] [PL-26]", {
    timeout: 300_000,
  }, async (context) => {
    const terraform = terraformIn(cloud, "private-network");
    const aws = awsCli(cloud, account);
    await terraform("init", "-input=false");
    await terraform("apply", "-auto-approve");
    await terraform("plan", "-detailed-exitcode");
    const { instance, subnet, dns_names } = JSON.parse(await terraform("output", "-json"));
    expect(dns_names.value.ssm.at(-1)).toBe("ssm.us-east-1.amazonaws.com");
    expect(
      await aws.text("ssm describe-instance-information", "InstanceInformationList[].[InstanceId,PingStatus]"),
    ).toBe(`${instance.value}\tOnline`);

    const send = `ssm send-command --instance-ids ${instance.value} --document-name AWS-RunShellScript --parameters '{"commands":["ping -c 1 -W 1 172.16.0.20"]}'`;
    if (cloud.packets) {
      const command = await aws.text(send, "Command.CommandId");
      await aws(`ssm wait command-executed --command-id ${command} --instance-id ${instance.value}`);
      expect(
        await aws.text(
          `ssm get-command-invocation --command-id ${command} --instance-id ${instance.value}`,
          "StandardOutputContent",
        ),
      ).toContain("1 received, 0% packet loss");
      // An endpoint is an address that answers no ping. [PL-34]
      const endpoint = await aws.text(
        "ec2 describe-network-interfaces --filters Name=interface-type,Values=vpc_endpoint",
        "NetworkInterfaces[0].PrivateIpAddress",
      );
      expect(await cloud.ping("private-one", endpoint)).toBe(0);
    }

    await terraform("apply", "-auto-approve", "-var", 'services=["ssm","ec2messages"]');
    const refusal = (await aws.raw(send)).stderr;
    expect(refusal).toContain("(InvalidInstanceId)");
    expect(refusal).toContain(
      `no route from ${subnet.value} to ssmmessages: create interface endpoints for ssmmessages`,
    );
    expect(await aws.text("ssm describe-instance-information", "InstanceInformationList[].PingStatus")).toBe(
      "ConnectionLost",
    );
    await terraform("destroy", "-auto-approve");
    expect(await aws.text("ec2 describe-vpc-endpoints", "length(VpcEndpoints)")).toBe("0");
    expect(await aws.text("ec2 describe-vpcs --filters Name=is-default,Values=false", "length(Vpcs)")).toBe("0");
    if (!cloud.packets) context.skip("this machine carries no packets: no command was run");
  });
});
