/** Tags of functions. https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html */
import type {
  ListTagsCommandInput,
  ListTagsCommandOutput,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from "@aws-sdk/client-lambda";
import type { Action, ActionContext, Actions } from "../action.ts";
import { invalidParameter } from "./errors.ts";
import { functionNamed } from "./look-up.ts";
import type { FunctionRecord } from "./record.ts";

const maxTags = 50;

const tagResource: Action<TagResourceCommandInput, TagResourceCommandOutput> = ({ Resource, Tags }, context) => {
  const record = functionNamed(context, { FunctionName: Resource });
  context.put("lambdaFunction", { ...record, Tags: checkedTags(record.Tags, Tags) });
  return {};
};

const untagResource: Action<UntagResourceCommandInput, UntagResourceCommandOutput> = (
  { Resource, TagKeys = [] },
  context: ActionContext,
) => {
  const record = functionNamed(context, { FunctionName: Resource });
  const Tags = Object.fromEntries(Object.entries(record.Tags).filter(([key]) => !TagKeys.includes(key)));
  context.put("lambdaFunction", { ...record, Tags });
  return {};
};

const listTags: Action<ListTagsCommandInput, ListTagsCommandOutput> = ({ Resource }, context) => ({
  Tags: { ...functionNamed(context, { FunctionName: Resource }).Tags },
});

export const tagActions = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTags: listTags,
} satisfies Actions;

/** The tags after adding these. */
export function checkedTags(
  before: FunctionRecord["Tags"],
  added: Readonly<Record<string, string>> | undefined,
): FunctionRecord["Tags"] {
  const tags = { ...before, ...added };
  const bad = Object.keys(added ?? {}).find((key) => key === "" || key.length > 128 || /^aws:/i.test(key));
  if (bad !== undefined) throw invalidParameter(`The tag key '${bad}' is not valid.`);
  if (Object.keys(tags).length > maxTags) throw invalidParameter(`A function can have ${maxTags} tags.`);
  return tags;
}
