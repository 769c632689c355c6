/** Whether AWS has the resource types and the attributes that a template names. Whether this cloud handles a type shows when its turn comes. */
import { isResourceType, resourceTypeModel } from "../../../../aws/index.ts";
import { referencesIn, type Template, TemplateError } from "../../../../ingest/index.ts";

/** Throws TemplateError for types that nobody has. */
export function checkTypes(template: Template): void {
  const unknown = [...template.resources.values()]
    .map(({ type }) => type)
    .filter((type) => !isResourceType(type) && !isCustom(type));
  if (unknown.length > 0)
    throw new TemplateError(
      `Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(", ")}]`,
    );
}

/** A custom resource's attributes are its function's to say, and those of a stack its template's. */
export function checkAttributes(template: Template): void {
  const values = [
    ...[...template.resources.values()].map(({ properties }) => properties),
    ...[...template.outputs.values()].map(({ value }) => value),
  ];
  for (const reference of values.flatMap((value) => [...referencesIn(value)])) {
    if (reference.kind !== "attribute" || typeof reference.attribute !== "string") continue;
    const type = template.resources.get(reference.name)?.type ?? "";
    const model = resourceTypeModel(type);
    if (
      model === undefined ||
      isCustom(type) ||
      (type === "AWS::CloudFormation::Stack" && reference.attribute.startsWith("Outputs."))
    )
      continue;
    if (!model.attributes.includes(reference.attribute)) {
      throw new TemplateError(
        `Template error: resource ${reference.name} does not support attribute type ${reference.attribute} in Fn::GetAtt`,
      );
    }
  }
}

export function isCustom(type: string): boolean {
  return type === "AWS::CloudFormation::CustomResource" || /^Custom::[\w@-]+$/.test(type);
}
