/** Custom resources that CDK itself writes, where they carry values from stack to stack or change the network. */
import { type Evaluated, isUnknownValue } from "../../template/index.ts";
import { fieldsOf } from "../given.ts";
import { change } from "../network-draft.ts";
import type { StackResource } from "../read-stacks.ts";
import type { NetworkType, WrittenParameter } from "./network-type.ts";

/** Writes values into the parameters of another Region (crossRegionReferences). */
export const crossRegionExportWriterType: NetworkType = {
  name: "Custom::CrossRegionExportWriter",
  systemsManager(resource): readonly WrittenParameter[] {
    // What is exported is read when it is asked for: it may come from any stack.
    const names = exportsOf(resource);
    return names.map(({ region, name }) => ({
      ...(region !== undefined && { region }),
      name,
      value: () => exportsOf(resource).find((each) => each.name === name)?.value ?? "",
    }));
  },
};

function exportsOf(resource: StackResource) {
  const writer = fieldsOf(resource.properties().raw("WriterProps") ?? null);
  const { region } = writer ?? {};
  return Object.entries(fieldsOf(writer?.exports ?? null) ?? {}).map(([name, value]) => ({
    region: typeof region === "string" ? region : undefined,
    name,
    value,
  }));
}

/** Its attributes are the values of the parameters that it imports. */
export const crossRegionExportReaderType: NetworkType = {
  name: "Custom::CrossRegionExportReader",
  attribute(resource, name): Evaluated | undefined {
    const reader = fieldsOf(resource.properties().raw("ReaderProps") ?? null);
    return fieldsOf(reader?.imports ?? null)?.[name];
  },
};

/** Takes all rules out of a VPC's default group. */
export const restrictDefaultGroupType: NetworkType = {
  name: "Custom::VpcRestrictDefaultSG",
  touches: groupOf,
  build(resource, draft) {
    for (const id of groupOf(resource)) change(draft.securityGroups, id, (group) => ({ ...group, rules: [] }));
  },
};

function groupOf(resource: StackResource): readonly string[] {
  const id = resource.properties().id("DefaultSecurityGroupId", "sg");
  return id === undefined ? [] : [id];
}

export const ssmParameterType: NetworkType = {
  name: "AWS::SSM::Parameter",
  ref: (resource) => resource.properties().raw("Name"),
  attribute: (resource, name) => (name === "Value" ? resource.properties().raw("Value") : undefined),
  systemsManager(resource): readonly WrittenParameter[] {
    const name = resource.properties().raw("Name");
    if (name === undefined || isUnknownValue(name) || typeof name !== "string") return [];
    return [{ name, value: () => resource.properties().raw("Value") ?? "" }];
  },
};
