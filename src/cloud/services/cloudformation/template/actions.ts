/** Templates: what a stack was made from, and what one says before any stack is. */
import type {
  GetTemplateCommandInput,
  GetTemplateCommandOutput,
  GetTemplateSummaryCommandInput,
  GetTemplateSummaryCommandOutput,
  ValidateTemplateCommandInput,
  ValidateTemplateCommandOutput,
} from "@aws-sdk/client-cloudformation";
import { resourceTypeModel } from "../../../../aws/index.ts";
import type { Template } from "../../../../ingest/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { findChangeSet } from "../change-set/find-change-set.ts";
import { changeSetNotFound, refusingTemplates, validationError } from "../errors.ts";
import { checkedTemplate } from "../operation/stack-plan.ts";
import { requiredCapabilities } from "../stack/capabilities.ts";
import { namedStack } from "../stack/find-stack.ts";
import { templateText } from "../stack/requested-definition.ts";

const getTemplate: Action<GetTemplateCommandInput, GetTemplateCommandOutput> = (input, context) => ({
  TemplateBody: templateOf(input, context),
  StagesAvailable: ["Original", "Processed"],
});

function templateOf({ StackName, ChangeSetName }: GetTemplateCommandInput, context: ActionContext): string {
  if (ChangeSetName) {
    if (!StackName && !ChangeSetName.startsWith("arn:")) throw validationError("StackName is a required parameter.");
    const changeSet = findChangeSet(ChangeSetName, StackName, context);
    if (changeSet === undefined) throw changeSetNotFound(ChangeSetName);
    return changeSet.Definition.TemplateBody;
  }
  if (!StackName) throw validationError("StackName is required if ChangeSetName is not specified.");
  return namedStack(StackName, context).TemplateBody;
}

const validateTemplate: Action<ValidateTemplateCommandInput, ValidateTemplateCommandOutput> = (input, context) => {
  const template = refusingTemplates(() => checkedTemplate(templateText(input, undefined, context)));
  return {
    Parameters: [...template.parameters].map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.default,
      NoEcho: parameter.noEcho,
      Description: parameter.description,
    })),
    Description: template.description,
    ...capabilitiesOf(template),
    ...(template.transforms.length > 0 && { DeclaredTransforms: [...template.transforms] }),
  };
};

function capabilitiesOf(
  template: Template,
): Pick<ValidateTemplateCommandOutput, "Capabilities" | "CapabilitiesReason"> {
  const { capabilities, types } = requiredCapabilities(template);
  if (capabilities.length === 0) return {};
  return {
    Capabilities: [...capabilities] as ValidateTemplateCommandOutput["Capabilities"],
    CapabilitiesReason: `The following resource(s) require capabilities: [${types.join(", ")}]`,
  };
}

const getTemplateSummary: Action<GetTemplateSummaryCommandInput, GetTemplateSummaryCommandOutput> = (
  input,
  context,
) => {
  const template = refusingTemplates(() => checkedTemplate(summarisedText(input, context)));
  const types = [...new Set([...template.resources.values()].map(({ type }) => type))];
  return {
    Parameters: [...template.parameters].map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.default,
      ParameterType: parameter.typeName,
      NoEcho: parameter.noEcho,
      Description: parameter.description,
      ParameterConstraints: { AllowedValues: parameter.allowedValues && [...parameter.allowedValues] },
    })),
    Description: template.description,
    ...capabilitiesOf(template),
    ResourceTypes: types,
    Version: template.version ?? "2010-09-09",
    Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
    ResourceIdentifierSummaries: types.map((ResourceType) => ({
      ResourceType,
      LogicalResourceIds: [...template.resources].filter(([, { type }]) => type === ResourceType).map(([name]) => name),
      ResourceIdentifiers: resourceTypeModel(ResourceType)?.primaryIdentifier.slice(),
    })),
    ...(template.transforms.length > 0 && { DeclaredTransforms: [...template.transforms] }),
  };
};

function summarisedText(input: GetTemplateSummaryCommandInput, context: ActionContext): string {
  if (!input.StackName) return templateText(input, undefined, context);
  const stack = namedStack(input.StackName, context);
  if (stack.StackStatus === "REVIEW_IN_PROGRESS")
    throw validationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.");
  return stack.TemplateBody;
}

export const templateActions = {
  GetTemplate: getTemplate,
  ValidateTemplate: validateTemplate,
  GetTemplateSummary: getTemplateSummary,
} satisfies Actions;
