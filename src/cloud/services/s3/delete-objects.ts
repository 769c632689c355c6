/** Many deletes in one request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
import type { DeletedObject, DeleteObjectsCommandInput, DeleteObjectsCommandOutput } from "@aws-sdk/client-s3";
import { AwsError } from "../../../aws/index.ts";
import type { Action } from "../action.ts";
import { bucketOf } from "./bucket-look-up.ts";
import { deleteOne } from "./objects.ts";

const maxKeys = 1000;

export const deleteObjects: Action<DeleteObjectsCommandInput, DeleteObjectsCommandOutput> = (input, context) => {
  const bucket = bucketOf(context, input);
  const { Objects = [], Quiet } = input.Delete ?? {};
  if (Objects.length === 0 || Objects.length > maxKeys) {
    throw new AwsError(
      "MalformedXML",
      `The XML you provided was not well-formed or did not validate against our published schema: 1 to ${maxKeys} keys are expected.`,
    );
  }
  const Deleted = Objects.map(({ Key = "", VersionId }): DeletedObject => {
    const gone = deleteOne(context, bucket, Key, VersionId);
    return {
      Key,
      ...(VersionId === undefined ? {} : { VersionId }),
      ...(gone.DeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: gone.VersionId } : {}),
    };
  });
  return Quiet ? {} : { Deleted };
};
