/** The actions of S3: what deploying needs of it. Signatures, bucket policies and ACLs are not evaluated, and nothing is encrypted. */
import type { Actions } from "../action.ts";
import { bucketSettingActions } from "./bucket-settings.ts";
import { bucketActions } from "./buckets.ts";
import { deleteObjects } from "./delete-objects.ts";
import { listActions } from "./list-objects.ts";
import { multipartActions } from "./multipart-uploads.ts";
import { objectActions } from "./objects.ts";

export const s3Actions = {
  ...bucketActions,
  ...bucketSettingActions,
  ...objectActions,
  DeleteObjects: deleteObjects,
  ...listActions,
  ...multipartActions,
} satisfies Actions;
