/** Who may call a function: a policy, kept statement by statement and not evaluated. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
import type {
  AddPermissionCommandInput,
  AddPermissionCommandOutput,
  GetPolicyCommandInput,
  GetPolicyCommandOutput,
  RemovePermissionCommandInput,
  RemovePermissionCommandOutput,
} from "@aws-sdk/client-lambda";
import { iamArn } from "../../../aws/index.ts";
import type { Action, Actions } from "../action.ts";
import { preconditionFailed, resourceConflict, resourceNotFound } from "./errors.ts";
import { functionNamed } from "./look-up.ts";
import { type FunctionRecord, latest } from "./record.ts";

const addPermission: Action<AddPermissionCommandInput, AddPermissionCommandOutput> = (input, context) => {
  const record = functionNamed(context, input);
  checkRevision(record, input.RevisionId);
  const { StatementId = "" } = input;
  if (record.Permissions.some((each) => each.StatementId === StatementId))
    throw resourceConflict(
      `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const Statement = JSON.stringify(statementOf(input, record));
  context.put("lambdaFunction", { ...record, Permissions: [...record.Permissions, { StatementId, Statement }] });
  return { Statement };
};

const removePermission: Action<RemovePermissionCommandInput, RemovePermissionCommandOutput> = (input, context) => {
  const record = functionNamed(context, input);
  checkRevision(record, input.RevisionId);
  const Permissions = record.Permissions.filter(({ StatementId }) => StatementId !== input.StatementId);
  if (Permissions.length === record.Permissions.length)
    throw resourceNotFound(`Statement ${input.StatementId} is not found in resource policy.`);
  context.put("lambdaFunction", { ...record, Permissions });
  return {};
};

const getPolicy: Action<GetPolicyCommandInput, GetPolicyCommandOutput> = (input, context) => {
  const { Permissions, RevisionId } = functionNamed(context, input);
  if (Permissions.length === 0) throw resourceNotFound("The resource you requested does not exist.");
  const Statement = Permissions.map(({ Statement: text }) => JSON.parse(text));
  return { Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement }), RevisionId };
};

export const permissionActions = {
  AddPermission: addPermission,
  RemovePermission: removePermission,
  GetPolicy: getPolicy,
} satisfies Actions;

function statementOf(input: AddPermissionCommandInput, { FunctionArn, Version }: FunctionRecord): object {
  const { Principal = "", SourceArn, SourceAccount, PrincipalOrgID } = input;
  const equals = {
    ...(SourceAccount === undefined ? {} : { "AWS:SourceAccount": SourceAccount }),
    ...(PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": PrincipalOrgID }),
  };
  const condition = {
    ...(Object.keys(equals).length === 0 ? {} : { StringEquals: equals }),
    ...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
  };
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(Principal),
    Action: input.Action,
    Resource: Version === latest ? FunctionArn : `${FunctionArn}:${Version}`,
    ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
}

function principalOf(principal: string): object | string {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: iamArn(principal, "root") };
  return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}

function checkRevision({ RevisionId }: FunctionRecord, asked: string | undefined): void {
  if (asked !== undefined && asked !== RevisionId) throw preconditionFailed();
}
