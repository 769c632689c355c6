/** Checksums of an object's bytes: those that AWS's clients send by default, and the digests. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
import { createHash } from "node:crypto";
import { AwsError } from "../../../aws/index.ts";
import { crc32, crc32c } from "./crc32.ts";
import { notImplemented } from "./errors.ts";
import type { ObjectChecksums } from "./record.ts";

/** By the name of the API's member. */
const algorithms: { readonly [K in keyof Required<ObjectChecksums>]: (bytes: Uint8Array) => Buffer } = {
  ChecksumCRC32: (bytes) => bigEndian(crc32(bytes)),
  ChecksumCRC32C: (bytes) => bigEndian(crc32c(bytes)),
  ChecksumSHA1: (bytes) => createHash("sha1").update(bytes).digest(),
  ChecksumSHA256: (bytes) => createHash("sha256").update(bytes).digest(),
};

/** What of an input says what the bytes should be. */
export interface ChecksumInput extends Partial<Record<keyof ObjectChecksums, string | undefined>> {
  readonly ContentMD5?: string | undefined;
  readonly ChecksumAlgorithm?: string | undefined;
}

/** The checksums that go with these bytes. Throws BadDigest when one that was sent is not theirs. */
export function checkedChecksums(input: ChecksumInput, bytes: Uint8Array): ObjectChecksums {
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== md5(bytes).toString("base64")) {
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  const checksums: Partial<Record<keyof ObjectChecksums, string>> = {};
  for (const member of memberNames) {
    const sent = input[member];
    if (sent === undefined && !isAsked(member, input.ChecksumAlgorithm)) continue;
    const found = algorithms[member](bytes).toString("base64");
    if (sent !== undefined && sent !== found)
      throw new AwsError(
        "BadDigest",
        `The ${member.slice("Checksum".length)} you specified did not match the calculated checksum.`,
      );
    checksums[member] = found;
  }
  return checksums;
}

/** Throws NotImplemented for an algorithm that is left out. */
export function checkAlgorithm(algorithm: string | undefined): void {
  if (algorithm !== undefined && !memberNames.some((member) => isAsked(member, algorithm)))
    throw notImplemented(`The checksum algorithm ${algorithm}`);
}

export function md5(bytes: Uint8Array): Buffer {
  return createHash("md5").update(bytes).digest();
}

// Object.keys loses the names, which are the table's own.
const memberNames = Object.keys(algorithms) as (keyof ObjectChecksums)[];

function isAsked(member: keyof ObjectChecksums, algorithm: string | undefined): boolean {
  return member === `Checksum${algorithm}`;
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
