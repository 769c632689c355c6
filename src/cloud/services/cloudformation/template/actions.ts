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
import { checkedTemplate, expandedTemplate } from "../operation/stack-plan.ts";
import { requiredCapabilities } from "../stack/capabilities.ts";
import { namedStack } from "../stack/find-stack.ts";
import type { StackDefinition, StackRecord } from "../stack/record.ts";
import { templateText } from "../stack/requested-definition.ts";

const getTemplate: Action<GetTemplateCommandInput, GetTemplateCommandOutput> = (input, context) => {
  const { definition, of, isProcessed } = templateOf(input, context);
  const stage = input.TemplateStage ?? (isProcessed ? "Processed" : "Original");
  if (stage === "Processed" && !isProcessed)
    throw validationError("The change set is still being created: of its template there is the stage Original only.");
  return {
    TemplateBody: stage === "Original" ? definition.TemplateBody : processedText(definition, of, context),
    StagesAvailable: isProcessed ? ["Original", "Processed"] : ["Original"],
  };
};

interface FoundTemplate {
  readonly definition: StackDefinition;
  readonly of: Pick<StackRecord, "StackId" | "StackName">;
  /** Of a stack always, of a change set once it is created. */
  readonly isProcessed: boolean;
}

function templateOf({ StackName, ChangeSetName }: GetTemplateCommandInput, context: ActionContext): FoundTemplate {
  if (ChangeSetName) {
    if (!StackName && !ChangeSetName.startsWith("arn:")) throw validationError("StackName is a required parameter.");
    const changeSet = findChangeSet(ChangeSetName, StackName, context);
    if (changeSet === undefined) throw changeSetNotFound(ChangeSetName);
    const { Definition: definition, Status } = changeSet;
    return { definition, of: changeSet, isProcessed: Status !== "CREATE_PENDING" && Status !== "CREATE_IN_PROGRESS" };
  }
  if (!StackName) throw validationError("StackName is required if ChangeSetName is not specified.");
  const stack = namedStack(StackName, context);
  return { definition: stack, of: stack, isProcessed: true };
}

/** A stack that waits for its first change set has none. */
function processedText(definition: StackDefinition, of: FoundTemplate["of"], context: ActionContext): string {
  if (definition.TemplateBody === "") return "";
  return refusingTemplates(() => expandedTemplate(definition, of, context).processedText());
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
  const template = refusingTemplates(() => summarisedTemplate(input, context));
  const types = [...new Set([...template.resources.values(), ...template.unexpandedResources].map(({ type }) => type))];
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

/** Of a text, what loops over the values of parameters make is not known. */
function summarisedTemplate(input: GetTemplateSummaryCommandInput, context: ActionContext): Template {
  if (!input.StackName) return checkedTemplate(templateText(input, undefined, context));
  const stack = namedStack(input.StackName, context);
  if (stack.StackStatus === "REVIEW_IN_PROGRESS")
    throw validationError("GetTemplateSummary cannot be called on REVIEW_IN_PROGRESS stacks.");
  return expandedTemplate(stack, stack, context);
}

export const templateActions = {
  GetTemplate: getTemplate,
  ValidateTemplate: validateTemplate,
  GetTemplateSummary: getTemplateSummary,
} satisfies Actions;
