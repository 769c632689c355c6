/** A construct's path, which CDK notes in the metadata of its resource: by it people know what they wrote. */
import type { AppStack } from "./stacks.ts";

/** The path below the stack, without the construct that stands for the resource itself; undefined where the template does not say. */
export function pathBelow(stackId: string, metadata: unknown): string | undefined {
  const path =
    typeof metadata === "object" && metadata !== null && "aws:cdk:path" in metadata
      ? metadata["aws:cdk:path"]
      : undefined;
  if (typeof path !== "string") return undefined;
  const below = path.startsWith(`${stackId}/`) ? path.slice(stackId.length + 1) : path;
  return below.replace(/\/(Resource|Default)$/, "");
}

/** What people call a resource of a stack. */
export function resourceName(stack: AppStack, logicalId: string): string {
  const metadata = stack.template.Resources?.[logicalId]?.Metadata;
  return `${stack.id}/${pathBelow(stack.id, metadata) ?? logicalId}`;
}
