/** A command in an instance, by exec or Systems Manager, has the machine's programs and nothing else of the machine. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { DescribeSubnetsCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import {
  GetCommandInvocationCommand,
  type GetCommandInvocationCommandOutput,
  SendCommandCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAgentProfile } from "../support/agent-profile.ts";
import { ec2Client } from "../support/ec2-client.ts";
import { eventually } from "../support/processes.ts";
import { isInstalled } from "../support/run.ts";
import { startCloud, type TestCloud } from "../support/start-cloud.ts";

const account = "111111111111";
let cloud: TestCloud;
let instanceId: string;
let secrets: string;
let listener: Server;
let listenerPort = 0;
let connections = 0;

beforeAll(async () => {
  cloud = await startCloud();
  const client = ec2Client(cloud.endpoint, account);
  const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({}));
  const Name = await makeAgentProfile(cloud.endpoint, account);
  const { Instances = [] } = await client.send(
    new RunInstancesCommand({
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      SubnetId: Subnets[0]?.SubnetId,
      IamInstanceProfile: { Name },
    }),
  );
  client.destroy();
  instanceId = Instances[0]?.InstanceId ?? "";
  secrets = mkdtempSync(join(homedir(), ".causeway-secret-test-"));
  writeFileSync(join(secrets, "secret"), "the user's own words");
  listener = createServer((socket) => {
    connections += 1;
    socket.end("the machine's own service");
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  if (typeof address === "object" && address !== null) listenerPort = address.port;
});
afterAll(async () => {
  listener?.close();
  if (secrets !== undefined) rmSync(secrets, { recursive: true, force: true });
  await cloud?.stop();
});

/** Runs a script in the instance by `causeway exec`, and by Systems Manager; both must say the same. */
async function inInstance(script: string): Promise<string> {
  const ran = await cloud.exec(instanceId, "sh", "-c", script);
  const ssm = new SSMClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: "causeway" },
  });
  const sent = await ssm.send(
    new SendCommandCommand({
      InstanceIds: [instanceId],
      DocumentName: "AWS-RunShellScript",
      Parameters: { commands: [script] },
    }),
  );
  const named = { CommandId: sent.Command?.CommandId, InstanceId: instanceId };
  const invocation = (): Promise<GetCommandInvocationCommandOutput> => ssm.send(new GetCommandInvocationCommand(named));
  expect(await eventually(async () => !/Pending|InProgress|Delayed/.test((await invocation()).Status ?? ""))).toBe(
    true,
  );
  const told = await invocation();
  ssm.destroy();
  expect(told.StandardOutputContent?.trim()).toBe(ran.stdout.trim());
  return ran.stdout.trim();
}

describe("a command in an instance", () => {
  test("runs, in a home of its own that starts empty and stays", async (context) => {
    if (!cloud.packets) context.skip("no packets on this machine");
    expect(await inInstance("echo it runs")).toBe("it runs");
    await cloud.exec(instanceId, "sh", "-c", "echo kept > ~/file");
    expect((await cloud.exec(instanceId, "sh", "-c", "cat ~/file")).stdout).toBe("kept\n");
  });

  test("sees none of the user's files, nor the cloud's", async (context) => {
    if (!cloud.packets) context.skip("no packets on this machine");
    const paths = [join(secrets, "secret"), join(cloud.state, "state.sqlite"), join(cloud.state, "running.json")];
    for (const path of paths) {
      expect(existsSync(path), path).toBe(true);
      expect(await inInstance(`cat '${path}' 2>/dev/null || echo refused`)).toBe("refused");
    }
    const theirs = (await inInstance(`ls -A '${homedir()}' 2>/dev/null; true`)).split("\n");
    expect(theirs).not.toContain(secrets.split("/").at(-1));
    // Not by the way of another process's root either.
    expect(await inInstance(`cat /proc/*/root'${join(secrets, "secret")}' 2>/dev/null || echo refused`)).toBe(
      "refused",
    );
  });

  test("cannot write where the programs are", async (context) => {
    if (!cloud.packets) context.skip("no packets on this machine");
    for (const path of ["/usr/bin/written", "/etc/written", "/bin/written", "/written", "/proc/sys/kernel/hostname"])
      expect(await inInstance(`(echo x > ${path}) 2>/dev/null && echo written || echo refused`)).toBe("refused");
  });

  test("sees its own processes only", async (context) => {
    if (!cloud.packets) context.skip("no packets on this machine");
    const { stdout: words } = await cloud.exec(instanceId, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    expect(words).toContain("tr ");
    expect(words).not.toContain("causeway.js");
    expect(words).not.toContain("vitest");
    const { stdout: count } = await cloud.exec(instanceId, "sh", "-c", "ls -d /proc/[0-9]* | wc -l");
    expect(Number(count)).toBeLessThan(20);
    expect(await inInstance(`kill -0 ${process.pid} 2>/dev/null && echo seen || echo refused`)).toBe("refused");
  });

  test("reaches neither the machine's loopback, nor the cloud's API, nor a network of the machine", async (context) => {
    if (!cloud.packets) context.skip("no packets on this machine");
    if (!isInstalled("python3")) context.skip("no python3 to connect with");
    const apiPort = new URL(cloud.endpoint).port;
    const connect = (address: string, port: number | string): string =>
      `python3 -c "import socket; socket.create_connection(('${address}', ${port}), 1); print('connected')" 2>/dev/null || echo refused`;
    expect(await inInstance(connect("127.0.0.1", listenerPort))).toBe("refused");
    expect(await inInstance(connect("127.0.0.1", apiPort))).toBe("refused");
    expect(await inInstance(connect("::1", listenerPort))).toBe("refused");
    expect(connections).toBe(0);
    // The machine's own interfaces are not there, whatever they are called.
    const links = (await inInstance("ls /sys/class/net 2>/dev/null; cut -d: -f1 -s /proc/net/dev | tr -d ' '")).split(
      "\n",
    );
    expect(links.length).toBeLessThanOrEqual(3);
  });
});
