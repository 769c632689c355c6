/** A function's code: an archive that comes with the request, or lies in S3. */
import { createHash } from "node:crypto";
import type { FunctionCode as CodeInput } from "@aws-sdk/client-lambda";
import { isAwsError } from "../../../aws/index.ts";
import type { ActionContext } from "../action.ts";
import { bucketOf } from "../s3/bucket-look-up.ts";
import { bytesOf, newBlob } from "../s3/object-content.ts";
import { contentOf } from "../s3/versions.ts";
import { invalidParameter, notModelled } from "./errors.ts";
import type { FunctionCode } from "./record.ts";

type Input = Pick<CodeInput, "ZipFile" | "S3Bucket" | "S3Key" | "S3ObjectVersion" | "ImageUri">;

/** Takes the code in. Throws InvalidParameterValueException when there is none, or no archive. */
export function newFunctionCode(context: ActionContext, input: Input): FunctionCode {
  if (input.ImageUri !== undefined) throw notModelled("A function from a container image");
  const archive = input.ZipFile ?? fromBucket(context, input);
  if (!isArchive(archive))
    throw invalidParameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
  return {
    Blob: newBlob(context, archive),
    Sha256: createHash("sha256").update(archive).digest("base64"),
    Size: archive.length,
  };
}

function fromBucket(context: ActionContext, { S3Bucket, S3Key, S3ObjectVersion }: Input): Uint8Array {
  if (S3Bucket === undefined || S3Key === undefined)
    throw invalidParameter("Please provide a source for function code.");
  try {
    const bucket = bucketOf(context, { Bucket: S3Bucket });
    return bytesOf(context.blobs, contentOf(context, bucket.Name, S3Key, S3ObjectVersion).Content);
  } catch (error) {
    if (!isAwsError(error)) throw error;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}

/** By what every archive has at its end: the head of its directory's last record, with a comment behind it or without. */
function isArchive(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes(Buffer.from("PK\u0005\u0006"), Math.max(bytes.length - 65_557, 0));
}
