/** S3's refusals. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
import { AwsError } from "../../../aws/index.ts";

export function noSuchBucket(BucketName: string): AwsError {
  return new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName });
}

export function accessDenied(message = "Access Denied"): AwsError {
  return new AwsError("AccessDenied", message, 403);
}

/** The bucket is in another Region than the one that the request was signed for. */
export function permanentRedirect(Bucket: string, Region: string): AwsError {
  return new AwsError(
    "PermanentRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    301,
    { Endpoint: `${Bucket}.s3.${Region}.amazonaws.com`, Bucket, Region },
  );
}

export function noSuchKey(Key: string): AwsError {
  return new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key });
}

export function noSuchVersion(Key: string, VersionId: string): AwsError {
  return new AwsError("NoSuchVersion", "The specified version does not exist.", 404, { Key, VersionId });
}

export function noSuchUpload(UploadId: string): AwsError {
  return new AwsError(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { UploadId },
  );
}

export function preconditionFailed(Condition: string): AwsError {
  return new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    Condition,
  });
}

export function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgument", message);
}

/** AWS has it, this cloud does not. A 4xx, because clients repeat what is answered with S3's own 501. */
export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", `${what} is not modelled by this local cloud.`);
}
