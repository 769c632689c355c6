/** The credentials that the metadata service hands to an instance: those of its profile's role, in a session named after the instance. */
import type { Transaction } from "../../../state/transaction.ts";
import { globalRegion } from "../../iam/entities.ts";
import { newCredentials, type TemporaryCredentials } from "../../sts/credentials.ts";

export interface InstanceRoleCredentials extends TemporaryCredentials {
  readonly RoleName: string;
  readonly InstanceProfileId: string;
}

/** AWS gives instances about six hours. */
const sessionSeconds = 6 * 3600;

/** New credentials, or undefined when the instance has no profile, or a profile without a role. */
export function newInstanceRoleCredentials(
  transaction: Transaction,
  instanceId: string,
): InstanceRoleCredentials | undefined {
  const profile = transaction.get(
    "instanceProfile",
    transaction.get("instance", instanceId)?.IamInstanceProfile?.Arn ?? "",
  );
  const role = transaction.get("role", profile?.RoleArns[0] ?? "");
  if (profile === undefined || role === undefined) return undefined;
  const credentials = newCredentials(transaction, role.OwnerId, sessionSeconds);
  transaction.put("roleSession", {
    OwnerId: role.OwnerId,
    Region: globalRegion,
    CreatedAt: transaction.now,
    AccessKeyId: credentials.AccessKeyId,
    RoleArn: role.Arn,
    RoleId: role.RoleId,
    RoleSessionName: instanceId,
    ExpiresAt: credentials.Expiration.getTime(),
  });
  return { ...credentials, RoleName: role.RoleName, InstanceProfileId: profile.InstanceProfileId };
}
