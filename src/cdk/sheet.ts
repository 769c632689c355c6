/** The parts of a hand-over sheet: values that the deployment makes become shell variables, and parameters of the template. */
import { Token } from "aws-cdk-lib";

/** A value of the sheet. */
export interface Value {
  /** undefined when nobody told us. */
  readonly value: string | undefined;
  /** Its name while it is not known. */
  readonly name: string;
  /** Where the other side learns it. */
  readonly from: string;
}

function known({ value }: Value): string | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}

/** In a command. */
export const word = (each: Value): string => known(each) ?? `"$${each.name}"`;

/** In a template. */
export function templateWord(each: Value): string {
  const value = known(each);
  return value === undefined ? `!Ref ${each.name}` : `"${value}"`;
}

/** In a sentence. */
export const inText = (value: string, otherwise: string): string => (Token.isUnresolved(value) ? otherwise : value);

export interface Sheet {
  readonly title: string;
  readonly introduction: string;
  readonly values: readonly Value[];
  readonly commands: readonly string[];
  /** Logical ids with the lines of each resource. */
  readonly resources: Readonly<Record<string, readonly string[]>>;
  readonly undo: readonly string[];
}

export function sheetText({ title, introduction, values, commands, resources, undo }: Sheet): string {
  const unknown = values.filter((each) => known(each) === undefined);
  return [
    `# ${title}`,
    "",
    introduction,
    "",
    "## With the AWS CLI",
    "",
    "```sh",
    ...unknown.map(({ name, from }) => `${name}=... # ${from}`),
    ...commands,
    "```",
    "",
    ...templatePart(unknown, resources),
    "## To undo it",
    "",
    "```sh",
    ...unknown.map(({ name, from }) => `${name}=... # ${from}`),
    ...undo,
    "```",
    "",
  ].join("\n");
}

function templatePart(unknown: readonly Value[], resources: Sheet["resources"]): readonly string[] {
  if (Object.keys(resources).length === 0) return [];
  return [
    "## Or with CloudFormation, after the acceptance",
    "",
    "```yaml",
    ...(unknown.length === 0 ? [] : ["Parameters:"]),
    ...unknown.flatMap(({ name, from }) => [`  ${name}:`, "    Type: String", `    Description: ${from}`]),
    "Resources:",
    ...Object.entries(resources).flatMap(([id, lines]) => [`  ${id}:`, ...lines.map((line) => `    ${line}`)]),
    "```",
    "",
  ];
}
