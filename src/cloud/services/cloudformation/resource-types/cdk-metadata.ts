/** AWS::CDK::Metadata: what the toolkit says about itself. Nothing is made of it, by AWS neither. */
import { resourceType } from "./resource-type.ts";

export const cdkMetadataType = resourceType<{ readonly Analytics?: string }>({
  name: "AWS::CDK::Metadata",
  properties: ["Analytics"],
  create: ({ stack }) => stack.StackId.split("/").at(-1) ?? "",
  update: () => {},
  delete: () => {},
});
