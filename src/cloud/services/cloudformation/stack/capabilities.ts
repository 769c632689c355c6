/** What a caller must say that it knows of: roles and policies, and named ones. */
import { AwsError } from "../../../../aws/index.ts";
import type { Template } from "../../../../ingest/index.ts";

/** The types that give permissions, and the property by which one has a name of its own. */
const permissionTypes: ReadonlyMap<string, string | undefined> = new Map([
  ["AWS::IAM::AccessKey", undefined],
  ["AWS::IAM::Group", "GroupName"],
  ["AWS::IAM::InstanceProfile", "InstanceProfileName"],
  ["AWS::IAM::ManagedPolicy", "ManagedPolicyName"],
  ["AWS::IAM::Policy", undefined],
  ["AWS::IAM::Role", "RoleName"],
  ["AWS::IAM::User", "UserName"],
  ["AWS::IAM::UserToGroupAddition", undefined],
]);

/** The capabilities that a template needs, and the types that need them; of loops that are not written out, those in them. */
export function requiredCapabilities(template: Template): {
  readonly capabilities: readonly string[];
  readonly types: readonly string[];
} {
  const all = [...template.resources.values(), ...template.unexpandedResources];
  const permissions = all.filter(({ type }) => permissionTypes.has(type));
  const isNamed = permissions.some(({ type, properties }) => {
    const name = permissionTypes.get(type);
    return name !== undefined && properties[name] !== undefined;
  });
  const iam = permissions.length === 0 ? [] : [isNamed ? "CAPABILITY_NAMED_IAM" : "CAPABILITY_IAM"];
  const macros = template.transforms.length === 0 ? [] : ["CAPABILITY_AUTO_EXPAND"];
  return { capabilities: [...iam, ...macros], types: [...new Set(permissions.map(({ type }) => type))] };
}

/**
 * Throws InsufficientCapabilitiesException. What macros make of a template is acknowledged by whoever has a stack made without a look at
 * it; for change sets CAPABILITY_AUTO_EXPAND has no meaning.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 */
export function checkCapabilities(template: Template, given: readonly string[], isReviewed: boolean): void {
  const missing = requiredCapabilities(template).capabilities.filter(
    (each) =>
      !(each === "CAPABILITY_AUTO_EXPAND" && isReviewed) &&
      !given.includes(each) &&
      !(each === "CAPABILITY_IAM" && given.includes("CAPABILITY_NAMED_IAM")),
  );
  if (missing.length > 0)
    throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${missing.join(", ")}]`);
}
