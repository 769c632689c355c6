/** Templates that lie in S3: of this cloud, by whatever name its address has, or by AWS's own addresses of buckets. */
import { bucketAndKey, isAwsError } from "../../../../aws/index.ts";
import type { ActionContext } from "../../action.ts";
import { s3Actions } from "../../s3/actions.ts";
import { validationError } from "../errors.ts";

const maxBytes = 1024 * 1024;

/** Throws ValidationError when the address leads nowhere. */
export function readTemplateUrl(url: string, context: ActionContext): string {
  const { Bucket, Key } = placeOf(url);
  try {
    const { Body = new Uint8Array() } = s3Actions.GetObject({ Bucket, Key }, context);
    if (Body.length > maxBytes)
      throw validationError(`Template may not exceed ${maxBytes} bytes in size; ${url} has ${Body.length}.`);
    return Buffer.from(Body).toString("utf8");
  } catch (error) {
    if (isAwsError(error) && error.code !== "ValidationError") throw validationError(`S3 error: ${error.message}`);
    throw error;
  }
}

/** `bucket.s3.eu-west-1.amazonaws.com`, `s3.amazonaws.com`, `s3-eu-west-1.amazonaws.com` */
const awsHost = /^(?:(.+)\.)?s3[.-]?(?:[a-z0-9-]+\.)?amazonaws\.com$/;
const ownHost = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

function placeOf(url: string): { readonly Bucket: string; readonly Key: string } {
  if (!/^https?:\/\//.test(url)) {
    throw /^s3:\/\//.test(url)
      ? validationError(`S3 error: Domain name specified in ${url.split("/")[2]} is not a valid S3 domain`)
      : validationError("TemplateURL must be a supported URL.");
  }
  const { hostname, host, pathname } = new URL(url);
  const inHost = awsHost.exec(hostname)?.[1];
  if (!awsHost.test(hostname) && !ownHost.test(hostname)) throw validationError("TemplateURL must be a supported URL.");
  if (inHost !== undefined) return { Bucket: inHost, Key: decodeURIComponent(pathname.slice(1)) };
  const labels = bucketAndKey({ path: pathname, headers: { host } });
  return { Bucket: labels.get("Bucket") ?? "", Key: labels.get("Key") ?? "" };
}
