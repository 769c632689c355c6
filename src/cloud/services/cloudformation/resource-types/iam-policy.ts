/** AWS::IAM::Policy: a document that is written into roles. Users and groups are not modelled. */
import { documentText } from "./iam-role.ts";
import { resourceType } from "./resource-type.ts";
import { unlessGone } from "./unless-gone.ts";

interface Properties {
  readonly PolicyName: string;
  readonly PolicyDocument: string | object;
  readonly Roles?: readonly string[];
}

export const iamPolicyType = resourceType<Properties>({
  name: "AWS::IAM::Policy",
  properties: ["PolicyName", "PolicyDocument", "Roles"],
  create(work) {
    const { PolicyName, PolicyDocument, Roles = [] } = work.properties;
    for (const RoleName of Roles)
      work.call("iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });
    return work.newName(128);
  },
  update(work, before) {
    const { PolicyName, PolicyDocument, Roles = [] } = work.properties;
    for (const RoleName of (before.Roles ?? []).filter(
      (name) => !Roles.includes(name) || before.PolicyName !== PolicyName,
    ))
      unlessGone(() => work.call("iam:DeleteRolePolicy", { RoleName, PolicyName: before.PolicyName }));
    for (const RoleName of Roles)
      work.call("iam:PutRolePolicy", { RoleName, PolicyName, PolicyDocument: documentText(PolicyDocument) });
  },
  delete({ call, properties: { PolicyName, Roles = [] } }) {
    for (const RoleName of Roles) unlessGone(() => call("iam:DeleteRolePolicy", { RoleName, PolicyName }));
  },
  attributes: ({ physicalId }) => ({ Id: physicalId }),
});
