/**
 * Readers that speak through the AWS SDK, which finds credentials as the AWS CLI does: profiles, SSO, roles, the environment. It is
 * no part of the default installation, and loaded only here.
 */
import type { ReadApi, Reader } from "./read-api.ts";
import type { Answer } from "./reads.ts";

export interface SdkReaderOptions {
  /** A profile of ~/.aws; undefined for whatever the environment says. */
  readonly profile?: string;
  /** A role that is assumed, with the profile's credentials. */
  readonly roleArn?: string;
  /** Instead of AWS's own: where a local cloud listens. */
  readonly endpoint?: string;
  /** Instead of looking for them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Sdk {
  readonly ec2: typeof import("@aws-sdk/client-ec2");
  readonly sts: typeof import("@aws-sdk/client-sts");
}

export const sdkPackages = ["@aws-sdk/client-ec2", "@aws-sdk/client-sts"] as const;

/** The SDK; undefined where it is not installed. */
export async function loadSdk(): Promise<Sdk | undefined> {
  try {
    const [ec2, sts] = await Promise.all([import("@aws-sdk/client-ec2"), import("@aws-sdk/client-sts")]);
    return { ec2, sts };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Global calls go to this Region. */
const stsRegion = "us-east-1";

export function sdkReader(sdk: Sdk, { profile, endpoint, credentials, roleArn }: SdkReaderOptions): Reader {
  const own = {
    // How often to try is decided in retry.ts, which can tell people about it.
    maxAttempts: 1,
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
  // The SDK asks for credentials when it first needs them, and again when they have run out.
  const assumed = (role: string) => assumeRole(sdk.sts, own, { roleArn: role, sessionName: "causeway-snapshot" });
  const configuration = roleArn === undefined ? own : { ...own, credentials: () => assumed(roleArn) };
  return {
    async accountId() {
      const client = new sdk.sts.STSClient({ region: stsRegion, ...configuration });
      const { Account } = await client.send(new sdk.sts.GetCallerIdentityCommand({}));
      if (Account === undefined) throw new Error("AWS did not say whose credentials these are");
      return Account;
    },
    api: (region) => readApi(sdk, new sdk.ec2.EC2Client({ region, ...configuration })),
  };
}

/** A role's credentials, as every client of the SDK takes them. `own` is how a client is made that may assume it. */
export async function assumeRole(
  { STSClient, AssumeRoleCommand }: Sdk["sts"],
  own: object,
  { roleArn, sessionName }: { readonly roleArn: string; readonly sessionName: string },
) {
  const client = new STSClient({ region: stsRegion, ...own });
  const { Credentials: given } = await client.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }),
  );
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined) {
    throw new Error(`AWS gave no credentials for ${roleArn}`);
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
    ...(given.Expiration !== undefined && { expiration: given.Expiration }),
  };
}

function readApi({ ec2 }: Sdk, client: import("@aws-sdk/client-ec2").EC2Client): ReadApi {
  return {
    async call(action, input) {
      // Every command is made of its input alone, which AWS's own service checks; the table of reads is data, not code for each type.
      const ReadCommand = ec2[`${action}Command`] as unknown as new (
        input: Answer,
      ) => import("@aws-sdk/client-ec2").DescribeVpcsCommand;
      return { ...(await client.send(new ReadCommand(input))) };
    },
  };
}
