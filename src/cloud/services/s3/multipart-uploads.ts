/** Objects that come in parts: what clients do above some megabytes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
import type {
  AbortMultipartUploadCommandInput,
  AbortMultipartUploadCommandOutput,
  CompletedPart,
  CompleteMultipartUploadCommandInput,
  CompleteMultipartUploadCommandOutput,
  CreateMultipartUploadCommandInput,
  CreateMultipartUploadCommandOutput,
  ListMultipartUploadsCommandInput,
  ListMultipartUploadsCommandOutput,
  ListPartsCommandInput,
  ListPartsCommandOutput,
  UploadPartCommandInput,
  UploadPartCommandOutput,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../action.ts";
import { type BucketInput, bucketOf } from "./bucket-look-up.ts";
import { bucketArn, checkAcl } from "./buckets.ts";
import { checkAlgorithm, checkedChecksums, md5 } from "./checksums.ts";
import { checkWriteConditions } from "./conditions.ts";
import { invalidArgument, noSuchUpload } from "./errors.ts";
import { checkObjectInput, encryptionOf, headersOf, newBlob, tagsOf } from "./object-content.ts";
import { stored } from "./objects.ts";
import type { MultipartUploadRecord, ObjectContent, UploadPartRecord } from "./record.ts";
import { addVersion, latestVersion } from "./versions.ts";

/** Of every part but the last. */
const minPartBytes = 5 * 1024 * 1024;
const maxParts = 10_000;

type PartInput = Omit<UploadPartCommandInput, "Body"> & { readonly Body?: Uint8Array };

const createMultipartUpload: Action<CreateMultipartUploadCommandInput, CreateMultipartUploadCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const Key = checkObjectInput(input);
  checkAcl(input.ACL);
  checkAlgorithm(input.ChecksumAlgorithm);
  const record: MultipartUploadRecord = {
    UploadId: Buffer.from(context.randomBytes(48)).toString("base64url"),
    OwnerId: bucket.OwnerId,
    Region: bucket.Region,
    CreatedAt: context.now,
    Bucket: bucket.Name,
    Key,
    Headers: headersOf(input),
    Encryption: encryptionOf(input, bucket),
    ...(input.ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm: input.ChecksumAlgorithm }),
    Tags: tagsOf(input.Tagging),
    Parts: [],
  };
  context.put("multipartUpload", record);
  return {
    Bucket: bucket.Name,
    Key,
    UploadId: record.UploadId,
    ...record.Encryption,
    ...(input.ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm: input.ChecksumAlgorithm }),
    ...(input.ChecksumType === undefined ? {} : { ChecksumType: input.ChecksumType }),
  };
};

const uploadPart: Action<PartInput, UploadPartCommandOutput> = (input, context) => {
  const upload = uploadOf(context, input);
  const { PartNumber = 0, Body = new Uint8Array() } = input;
  if (!Number.isInteger(PartNumber) || PartNumber < 1 || PartNumber > maxParts)
    throw invalidArgument(`Part number must be an integer between 1 and ${maxParts}, inclusive`);
  checkAlgorithm(input.ChecksumAlgorithm);
  const part: UploadPartRecord = {
    PartNumber,
    ETag: `"${md5(Body).toString("hex")}"`,
    Size: Body.length,
    Blob: newBlob(context, Body),
    Checksums: checkedChecksums({ ChecksumAlgorithm: upload.ChecksumAlgorithm, ...input }, Body),
    LastModified: context.now,
  };
  const replaced = upload.Parts.filter((each) => each.PartNumber === PartNumber);
  const others = upload.Parts.filter((each) => each.PartNumber !== PartNumber);
  context.put("multipartUpload", {
    ...upload,
    Parts: [...others, part].sort((a, b) => a.PartNumber - b.PartNumber),
  });
  forgetLater(context, replaced);
  return { ETag: part.ETag, ...upload.Encryption, ...part.Checksums };
};

const completeMultipartUpload: Action<CompleteMultipartUploadCommandInput, CompleteMultipartUploadCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const upload = uploadOf(context, input);
  checkWriteConditions(input, latestVersion(context, bucket.Name, upload.Key));
  const parts = chosenParts(upload, input.MultipartUpload?.Parts ?? []);
  const Size = parts.reduce((sum, part) => sum + part.Size, 0);
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== Size)
    throw new AwsError(
      "InvalidRequest",
      `The provided object size ${input.MpuObjectSize} does not match the size ${Size}.`,
    );
  const digests = Buffer.concat(parts.map(({ ETag }) => Buffer.from(ETag.replaceAll('"', ""), "hex")));
  const content: ObjectContent = {
    ETag: `"${md5(digests).toString("hex")}-${parts.length}"`,
    Size,
    // A whole object's checksum does not follow from those of its parts, except with arithmetic that is left out.
    Checksums: {},
    Headers: upload.Headers,
    Encryption: upload.Encryption,
    Tags: upload.Tags,
    Blobs: parts.map(({ Blob }) => Blob),
  };
  const record = addVersion(context, bucket, upload.Key, content);
  context.delete("multipartUpload", upload.UploadId);
  forgetLater(
    context,
    upload.Parts.filter((part) => !parts.includes(part)),
  );
  const { Size: _, ...about } = stored(bucket, record, content);
  return { ...about, Bucket: bucket.Name, Key: upload.Key, Location: `${bucketArn(bucket.Name)}/${upload.Key}` };
};

const abortMultipartUpload: Action<AbortMultipartUploadCommandInput, AbortMultipartUploadCommandOutput> = (
  input,
  context,
) => {
  const upload = uploadOf(context, input);
  context.delete("multipartUpload", upload.UploadId);
  forgetLater(context, upload.Parts);
  return {};
};

const listParts: Action<ListPartsCommandInput, ListPartsCommandOutput> = (input, context) => {
  const upload = uploadOf(context, input);
  const { MaxParts = 1000, PartNumberMarker = "0" } = input;
  const rest = upload.Parts.filter(({ PartNumber }) => PartNumber > Number(PartNumberMarker));
  const page = rest.slice(0, Math.min(MaxParts, 1000));
  return {
    Bucket: upload.Bucket,
    Key: upload.Key,
    UploadId: upload.UploadId,
    MaxParts,
    PartNumberMarker,
    IsTruncated: page.length < rest.length,
    ...(page.length < rest.length ? { NextPartNumberMarker: String(page.at(-1)?.PartNumber) } : {}),
    Parts: page.map(({ PartNumber, ETag, Size, LastModified, Checksums }) => ({
      PartNumber,
      ETag,
      Size,
      LastModified: new Date(LastModified),
      ...Checksums,
    })),
    StorageClass: "STANDARD",
  };
};

const listMultipartUploads: Action<ListMultipartUploadsCommandInput, ListMultipartUploadsCommandOutput> = (
  input,
  context,
) => {
  const bucket = bucketOf(context, input);
  const { Prefix = "", KeyMarker = "", MaxUploads = 1000 } = input;
  const rest = context
    .by("multipartUpload", "bucket", bucket.Name)
    .filter(({ Key }) => Key.startsWith(Prefix) && (KeyMarker === "" || Key > KeyMarker))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
  const page = rest.slice(0, MaxUploads);
  return {
    Bucket: bucket.Name,
    Prefix,
    KeyMarker,
    MaxUploads,
    IsTruncated: page.length < rest.length,
    ...(page.length < rest.length ? { NextKeyMarker: page.at(-1)?.Key } : {}),
    Uploads: page.map(({ Key, UploadId, CreatedAt }) => ({
      Key,
      UploadId,
      Initiated: new Date(CreatedAt),
      StorageClass: "STANDARD",
    })),
  };
};

export const multipartActions = {
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,
} satisfies Actions;

function uploadOf(
  context: ActionContext,
  input: BucketInput & { readonly Key?: string | undefined; readonly UploadId?: string | undefined },
): MultipartUploadRecord {
  const bucket = bucketOf(context, input);
  const upload = context.get("multipartUpload", input.UploadId ?? "");
  if (upload?.Bucket !== bucket.Name || upload.Key !== input.Key) throw noSuchUpload(input.UploadId ?? "");
  return upload;
}

/** Throws InvalidPart, InvalidPartOrder, EntityTooSmall. */
function chosenParts(upload: MultipartUploadRecord, asked: readonly CompletedPart[]): readonly UploadPartRecord[] {
  if (asked.length === 0) throw new AwsError("MalformedXML", "You must specify at least one part");
  const parts = asked.map(({ PartNumber, ETag = "" }) => {
    const part = upload.Parts.find((each) => each.PartNumber === PartNumber);
    if (part === undefined || part.ETag.replaceAll('"', "") !== ETag.replaceAll('"', "")) {
      throw new AwsError(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.UploadId, PartNumber: String(PartNumber), ETag },
      );
    }
    return part;
  });
  if (parts.some((part, index) => index > 0 && part.PartNumber <= (parts[index - 1]?.PartNumber ?? 0)))
    throw new AwsError(
      "InvalidPartOrder",
      "The list of parts was not in ascending order. Parts must be ordered by part number.",
    );
  if (parts.slice(0, -1).some(({ Size }) => Size < minPartBytes))
    throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
  return parts;
}

function forgetLater(context: ActionContext, parts: readonly UploadPartRecord[]): void {
  context.afterCommit(() => {
    for (const { Blob } of parts) context.blobs.remove(Blob);
  });
}
