/** AWS::SSM::Parameter. */
import { ResourceFailure, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly Name?: string;
  readonly Type: string;
  readonly Value: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Description?: string;
  readonly Tags?: { readonly [key: string]: string };
  readonly Tier?: string;
}

export const ssmParameterType = resourceType<Properties>({
  name: "AWS::SSM::Parameter",
  properties: ["Name", "Type", "Value", "AllowedPattern", "DataType", "Description", "Tags", "Tier"],
  create(work) {
    const name = work.properties.Name ?? `CFN-${work.logicalId}-${work.newName(30).slice(-12)}`;
    put(work, name, false);
    return name;
  },
  update: (work) => put(work, work.physicalId, true),
  replaces: (properties, before) => JSON.stringify(properties.Tags) !== JSON.stringify(before.Tags),
  delete: (work) => void work.call("ssm:DeleteParameter", { Name: work.physicalId }),
  attributes: ({ properties: { Type, Value } }) => ({ Type, Value }),
});

function put(work: ResourceWork<Properties>, Name: string, Overwrite: boolean): void {
  const { Tags, Name: _name, ...properties } = work.properties;
  if (properties.Type === "SecureString")
    throw new ResourceFailure("AWS::SSM::Parameter can not be of the type SecureString.");
  work.call("ssm:PutParameter", {
    ...properties,
    Name,
    Overwrite,
    ...(Tags !== undefined && !Overwrite && { Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })) }),
  });
}
