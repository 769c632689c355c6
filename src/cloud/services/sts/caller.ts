/** Who a caller is, judged by the access key: a role session that was made here, or the root of the key's account. */
import { accountOfAccessKey, assumedRoleArn, iamArn } from "../../../aws/index.ts";
import type { StateView } from "../../state/state.ts";
import type { Caller } from "../action.ts";

/** `now` in milliseconds since the epoch. A key whose session has ended still names its account. */
export function callerOf(view: Pick<StateView, "get">, accessKeyId: string, region: string, now: number): Caller {
  const accountId = accountOfAccessKey(accessKeyId);
  const session = view.get("roleSession", accessKeyId);
  if (session === undefined || session.ExpiresAt <= now) {
    return { accountId, region, accessKeyId, arn: iamArn(accountId, "root"), userId: accountId };
  }
  const roleName = session.RoleArn.split("/").at(-1) ?? "";
  return {
    accountId: session.OwnerId,
    region,
    accessKeyId,
    arn: assumedRoleArn(session.OwnerId, roleName, session.RoleSessionName),
    userId: `${session.RoleId}:${session.RoleSessionName}`,
  };
}
