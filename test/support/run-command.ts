/** Systems Manager's Run Command on one instance, as an SDK's user runs it. */
import { SSM, waitUntilCommandExecuted } from "@aws-sdk/client-ssm";
import type { TestCloud } from "./start-cloud.ts";

export interface ManagedServer {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

/** Runs a line of shell to its end; returns what it printed. Throws when it fails, or when Systems Manager does not reach the server. */
export async function runCommand(cloud: TestCloud, server: ManagedServer, line: string): Promise<string> {
  const ssm = new SSM({
    endpoint: cloud.endpoint,
    region: server.region,
    credentials: { accessKeyId: server.account, secretAccessKey: "causeway" },
    maxAttempts: 1,
  });
  try {
    const sent = await ssm.sendCommand({
      InstanceIds: [server.id],
      DocumentName: "AWS-RunShellScript",
      Parameters: { commands: [line] },
    });
    const invocation = { CommandId: sent.Command?.CommandId ?? "", InstanceId: server.id };
    await waitUntilCommandExecuted({ client: ssm, minDelay: 1, maxDelay: 1, maxWaitTime: 30 }, invocation);
    return (await ssm.getCommandInvocation(invocation)).StandardOutputContent ?? "";
  } finally {
    ssm.destroy();
  }
}
