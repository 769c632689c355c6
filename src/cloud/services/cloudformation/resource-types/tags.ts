/** Tags of EC2's resources, at their making and later. */
import type { DescribeTagsCommandOutput } from "@aws-sdk/client-ec2";
import type { ResourceWork } from "./resource-type.ts";

/** What a create call is given: nothing when there are no tags. */
export function tagsFor(resourceType: string, { tags }: Pick<ResourceWork, "tags">) {
  return tags.length === 0 ? undefined : [{ ResourceType: resourceType, Tags: [...tags] }];
}

/** Makes a resource's tags what they are to be now. Those that AWS has set stay. */
export function changeTags(work: Pick<ResourceWork, "call" | "tags" | "physicalId">, id = work.physicalId): void {
  const filter = { Name: "resource-id", Values: [id] };
  const { Tags = [] } = work.call<DescribeTagsCommandOutput>("ec2:DescribeTags", { Filters: [filter] });
  const wanted = new Map(work.tags.map(({ Key, Value }) => [Key, Value]));
  const gone = Tags.filter(({ Key = "" }) => !wanted.has(Key) && !Key.startsWith("aws:")).map(({ Key }) => ({ Key }));
  if (gone.length > 0) work.call("ec2:DeleteTags", { Resources: [id], Tags: gone });
  if (wanted.size > 0) work.call("ec2:CreateTags", { Resources: [id], Tags: [...work.tags] });
}
