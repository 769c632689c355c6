/** Instance profiles on instances: at launch, and as associations afterwards. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfileAssociation.html */
import type {
  AssociateIamInstanceProfileCommandInput,
  AssociateIamInstanceProfileCommandOutput,
  DescribeIamInstanceProfileAssociationsCommandInput,
  DescribeIamInstanceProfileAssociationsCommandOutput,
  DisassociateIamInstanceProfileCommandInput,
  DisassociateIamInstanceProfileCommandOutput,
  IamInstanceProfileAssociation,
  IamInstanceProfileAssociationState,
  IamInstanceProfileSpecification,
  ReplaceIamInstanceProfileAssociationCommandInput,
  ReplaceIamInstanceProfileAssociationCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
} from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import type { InstanceProfileRecord } from "../../iam/record.ts";
import { offsetPage } from "../../offset-page.ts";
import { matcher } from "../filters.ts";
import { instanceById } from "./describe-instances.ts";
import type { InstanceRecord } from "./record.ts";

/** The profile that is named, with an association of its own; undefined when none is. */
export function instanceProfileFor(
  specification: IamInstanceProfileSpecification | undefined,
  context: ActionContext,
): InstanceRecord["IamInstanceProfile"] {
  const { Arn, Name } = specification ?? {};
  if (!Arn && !Name) return undefined;
  if (Arn && Name) {
    throw invalidParameterCombination(
      "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'",
    );
  }
  const profile = Arn ? context.get("instanceProfile", Arn) : byName(Name ?? "", context);
  // A profile of another account cannot be passed to an instance.
  if (profile === undefined || profile.OwnerId !== context.caller.accountId) {
    throw Arn
      ? invalidParameterValue(
          `Value (${Arn}) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`,
        )
      : invalidParameterValue(
          `Value (${Name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
        );
  }
  return { Arn: profile.Arn, Id: profile.InstanceProfileId, AssociationId: context.newId("iip-assoc") };
}

export const associateIamInstanceProfile: Action<
  AssociateIamInstanceProfileCommandInput,
  AssociateIamInstanceProfileCommandOutput
> = ({ IamInstanceProfile, InstanceId }, context) => {
  const record = instanceById(InstanceId, context);
  if (record.State === "terminated" || record.State === "shutting-down") {
    throw new AwsError("IncorrectInstanceState", `The instance '${record.InstanceId}' is in state '${record.State}'.`);
  }
  if (record.IamInstanceProfile !== undefined) {
    throw new AwsError("IncorrectState", `There is an existing association for instance ${record.InstanceId}`);
  }
  const profile = instanceProfileFor(IamInstanceProfile, context);
  if (profile === undefined) throw missingParameter("IamInstanceProfile");
  context.put("instance", { ...record, IamInstanceProfile: profile });
  return { IamInstanceProfileAssociation: toAssociation(record.InstanceId, profile, "associating") };
};

export const disassociateIamInstanceProfile: Action<
  DisassociateIamInstanceProfileCommandInput,
  DisassociateIamInstanceProfileCommandOutput
> = ({ AssociationId }, context) => {
  const { record, profile } = associated(AssociationId, context);
  const { IamInstanceProfile: _, ...rest } = record;
  context.put("instance", rest);
  return { IamInstanceProfileAssociation: toAssociation(record.InstanceId, profile, "disassociating") };
};

export const replaceIamInstanceProfileAssociation: Action<
  ReplaceIamInstanceProfileAssociationCommandInput,
  ReplaceIamInstanceProfileAssociationCommandOutput
> = ({ IamInstanceProfile, AssociationId }, context) => {
  const { record } = associated(AssociationId, context);
  const profile = instanceProfileFor(IamInstanceProfile, context);
  if (profile === undefined) throw missingParameter("IamInstanceProfile");
  context.put("instance", { ...record, IamInstanceProfile: profile });
  return { IamInstanceProfileAssociation: toAssociation(record.InstanceId, profile, "associating") };
};

export const describeIamInstanceProfileAssociations: Action<
  DescribeIamInstanceProfileAssociationsCommandInput,
  DescribeIamInstanceProfileAssociationsCommandOutput
> = (input, context) => {
  const { accountId, region } = context.caller;
  const ids = input.AssociationIds ?? [];
  const matches = matcher<InstanceRecord>(
    input.Filters,
    { "instance-id": (r) => r.InstanceId, state: () => "associated" },
    (record) => record.InstanceId,
    context,
  );
  const records =
    ids.length > 0 ? ids.map((id) => associated(id, context).record) : context.inScope("instance", accountId, region);
  const { items, NextToken } = offsetPage(
    records
      .filter(matches)
      .flatMap(({ InstanceId, IamInstanceProfile }) =>
        IamInstanceProfile === undefined ? [] : toAssociation(InstanceId, IamInstanceProfile, "associated"),
      ),
    input,
    { min: 5, max: 1000 },
  );
  return { IamInstanceProfileAssociations: items, NextToken };
};

type Profile = NonNullable<InstanceRecord["IamInstanceProfile"]>;

function associated(
  associationId: string | undefined,
  context: ActionContext,
): { record: InstanceRecord; profile: Profile } {
  const { accountId, region } = context.caller;
  const [record] = context.by("instance", "profileAssociation", associationId ?? "");
  if (
    record?.IamInstanceProfile === undefined ||
    context.visible("instance", record.InstanceId, accountId, region) === undefined
  ) {
    throw new AwsError("InvalidAssociationID.NotFound", `An invalid association-id of '${associationId}' was given`);
  }
  return { record, profile: record.IamInstanceProfile };
}

function toAssociation(
  InstanceId: string,
  { Arn, Id, AssociationId }: Profile,
  State: IamInstanceProfileAssociationState,
): IamInstanceProfileAssociation {
  return { AssociationId, InstanceId, IamInstanceProfile: { Arn, Id }, State };
}

function byName(name: string, context: ActionContext): InstanceProfileRecord | undefined {
  return context.by("instanceProfile", "name", `${context.caller.accountId}/${name}`)[0];
}
