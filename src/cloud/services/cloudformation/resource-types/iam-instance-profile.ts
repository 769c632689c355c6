/** AWS::IAM::InstanceProfile. */
import type { GetInstanceProfileCommandOutput } from "@aws-sdk/client-iam";
import { resourceType } from "./resource-type.ts";
import { unlessGone } from "./unless-gone.ts";

interface Properties {
  readonly InstanceProfileName?: string;
  readonly Path?: string;
  readonly Roles: readonly string[];
}

export const iamInstanceProfileType = resourceType<Properties>({
  name: "AWS::IAM::InstanceProfile",
  properties: ["InstanceProfileName", "Path", "Roles"],
  create(work) {
    const { Path, Roles } = work.properties;
    const InstanceProfileName = work.properties.InstanceProfileName ?? work.newName(128);
    work.call("iam:CreateInstanceProfile", { InstanceProfileName, Path });
    for (const RoleName of Roles) work.call("iam:AddRoleToInstanceProfile", { InstanceProfileName, RoleName });
    return InstanceProfileName;
  },
  update({ call, physicalId: InstanceProfileName, properties: { Roles } }, before) {
    for (const RoleName of before.Roles.filter((name) => !Roles.includes(name)))
      call("iam:RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName });
    for (const RoleName of Roles.filter((name) => !before.Roles.includes(name)))
      call("iam:AddRoleToInstanceProfile", { InstanceProfileName, RoleName });
  },
  delete({ call, physicalId: InstanceProfileName, properties: { Roles } }) {
    for (const RoleName of Roles)
      unlessGone(() => call("iam:RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }));
    call("iam:DeleteInstanceProfile", { InstanceProfileName });
  },
  attributes({ call, physicalId: InstanceProfileName }) {
    const { InstanceProfile } = call<GetInstanceProfileCommandOutput>("iam:GetInstanceProfile", {
      InstanceProfileName,
    });
    return { Arn: InstanceProfile?.Arn };
  },
});
