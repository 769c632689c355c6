/**
 * Who calls, and which Region and service they mean: read from the credential scope of a SigV4 signature. The signature itself
 * is not verified: the cloud listens on loopback only, gives nothing away that the caller's machine does not hold already, and
 * could not know the secret of a key such as `111111111111`. Source: semantics 13.4.
 */
import { AwsError } from "./errors.ts";

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  /** The signing name: `ec2`, `sts`, `ssm`, `iam`, `elasticloadbalancing`, … */
  readonly service: string;
}

/** What of a request can carry the scope. */
export interface SignedRequest {
  /** The `Authorization` header. */
  readonly authorization?: string | undefined;
  /** `X-Amz-Credential` of a presigned URL, decoded. */
  readonly presignedCredential?: string | null | undefined;
  /** `AWSAccessKeyId` of a URL that was presigned in S3's older way, which says no Region. */
  readonly olderAccessKeyId?: string | undefined;
}

/** The scope of a signed request. Throws AwsError when there is none, or when it cannot be read. */
export function credentialScope({
  authorization,
  presignedCredential,
  olderAccessKeyId,
}: SignedRequest): CredentialScope {
  if (authorization !== undefined && authorization !== "") return scopeOf(credentialOf(authorization));
  if (presignedCredential) return scopeOf(presignedCredential);
  if (olderAccessKeyId) return { accessKeyId: olderAccessKeyId, date: "", region: "aws-global", service: "s3" };
  throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
}

function credentialOf(authorization: string): string {
  const match = /^AWS4-HMAC-SHA256\s+(.*)$/s.exec(authorization.trim());
  if (match === null) {
    throw incomplete("Authorization header requires the algorithm 'AWS4-HMAC-SHA256'.");
  }
  const fields = new Map<string, string>();
  for (const field of (match[1] ?? "").split(",")) {
    const equals = field.indexOf("=");
    if (equals > 0) fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  }
  const missing = ["Credential", "Signature", "SignedHeaders"].filter((name) => !fields.get(name));
  if (missing.length > 0) {
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(" "));
  }
  return fields.get("Credential") ?? "";
}

function scopeOf(credential: string): CredentialScope {
  // An access key may hold slashes; the scope's four parts are the last ones.
  const parts = credential.split("/");
  const [date = "", region = "", service = "", terminator = ""] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join("/");
  if (
    terminator !== "aws4_request" ||
    accessKeyId === "" ||
    !/^[0-9]{8}$/.test(date) ||
    !isName(region) ||
    !isName(service)
  ) {
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, " +
        `got '${credential.slice(0, 200)}'`,
    );
  }
  return { accessKeyId, date, region, service };
}

function isName(text: string): boolean {
  return /^[a-z0-9*-]{1,64}$/.test(text);
}

function incomplete(message: string): AwsError {
  return new AwsError("IncompleteSignature", message, 400);
}
