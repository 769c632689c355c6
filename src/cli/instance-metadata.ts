/** The instance metadata service of a running cloud: what tools in an instance ask at 169.254.169.254. */
import { createHmac, randomBytes } from "node:crypto";
import type { Cloud } from "../cloud/index.ts";
import { answerMetadata, type DataPlaneOptions, type RoleCredentials } from "../dataplane/index.ts";

/** AWS renews an instance's credentials some time before they end. */
const renewalMs = 15 * 60_000;

export function metadataAnswers(cloud: () => Cloud): DataPlaneOptions["answerMetadata"] {
  const secret = randomBytes(32);
  const held = new Map<string, RoleCredentials>();

  function credentials(instanceId: string): RoleCredentials | undefined {
    const known = held.get(instanceId);
    if (known !== undefined && known.expiration - Date.now() > renewalMs) return known;
    const fresh = cloud().newInstanceRoleCredentials(instanceId);
    if (fresh === undefined) return undefined;
    const given: RoleCredentials = {
      roleName: fresh.RoleName,
      instanceProfileId: fresh.InstanceProfileId,
      accessKeyId: fresh.AccessKeyId,
      secretAccessKey: fresh.SecretAccessKey,
      token: fresh.SessionToken,
      lastUpdated: Date.now(),
      expiration: fresh.Expiration.getTime(),
    };
    held.set(instanceId, given);
    return given;
  }

  return (request, model) =>
    answerMetadata(model, request, {
      now: Date.now,
      sign: (text) => createHmac("sha256", secret).update(text).digest("base64url"),
      userData: (instanceId) => {
        const encoded = cloud().view.get("instance", instanceId)?.UserData;
        return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
      },
      credentials,
    });
}
