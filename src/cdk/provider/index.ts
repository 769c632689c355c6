/** The Lambda function behind every custom resource of these constructs. It has the SDK that Lambda's runtime has. */
import { EC2Client } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { answerTo } from "./answering.ts";
import type { Clients, CustomResourceEvent, Place, WaitingClock } from "./custom-resource.ts";
import { send } from "./sending.ts";

/** What Lambda tells about this run. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** For the answer, after the work's time is over. */
const reserveMs = 20_000;

export async function handler(event: CustomResourceEvent, context: LambdaContext): Promise<void> {
  const { ResponseURL, ...told } = event;
  console.log(JSON.stringify(told));
  const clock: WaitingClock = {
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    deadline: Date.now() + context.getRemainingTimeInMillis() - reserveMs,
  };
  const answer = await answerTo(event, clients(), clock);
  console.log(JSON.stringify(answer));
  await send(ResponseURL, answer, { fetch, clock });
}

function clients(): Clients {
  // Throttling is the SDK's business, patiently; all else is decided by the verbs.
  return {
    ec2: ({ Region, RoleArn }: Place) =>
      new EC2Client({
        region: Region,
        maxAttempts: 8,
        ...(RoleArn !== undefined && { credentials: () => credentialsOf(RoleArn, Region) }),
      }),
  };
}

async function credentialsOf(RoleArn: string, region: string) {
  const sts = new STSClient({ region, maxAttempts: 8 });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "causeway-provider" }),
  );
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
    throw new Error(`AWS gave no credentials for ${RoleArn}`);
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(given.Expiration !== undefined && { expiration: given.Expiration }),
  };
}
