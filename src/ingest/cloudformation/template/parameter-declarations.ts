/**
 * What a template says about its parameters.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
import { formatError, TemplateError } from "./template-error.ts";
import { isList, isObject, type TemplateObject, type TemplateValue } from "./value.ts";

export interface TemplateParameter {
  readonly type: ParameterType;
  /** As written: `List<AWS::EC2::Subnet::Id>`. */
  readonly typeName: string;
  readonly default: string | undefined;
  readonly description: string | undefined;
  readonly noEcho: boolean;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: RegExp | undefined;
  readonly constraintDescription: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
}

export interface ParameterType {
  /** What one item is: `String`, `Number`, or the name of a thing that AWS has: `AWS::EC2::VPC::Id`. */
  readonly item: string;
  readonly isList: boolean;
  /** The parameter names a parameter of Systems Manager, whose value has this type. */
  readonly fromSsm: boolean;
}

const knownMembers = [
  "AllowedPattern",
  "AllowedValues",
  "ConstraintDescription",
  "Default",
  "Description",
  "MaxLength",
  "MaxValue",
  "MinLength",
  "MinValue",
  "NoEcho",
  "Type",
];

/** The items that `List<…>` and `AWS::SSM::Parameter::Value<…>` may hold too. */
const thingTypes = [
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Image::Id",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::KeyPair::KeyName",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::SecurityGroup::Id",
  "AWS::EC2::Subnet::Id",
  "AWS::EC2::VPC::Id",
  "AWS::EC2::Volume::Id",
  "AWS::Route53::HostedZone::Id",
];

export function readParameters(section: TemplateObject): ReadonlyMap<string, TemplateParameter> {
  return new Map(Object.entries(section).map(([name, value]) => [name, readParameter(name, value)]));
}

function readParameter(name: string, value: TemplateValue): TemplateParameter {
  if (!isObject(value)) throw formatError("Every Parameters member must be an object.");
  const unknown = Object.keys(value).find((member) => !knownMembers.includes(member));
  if (unknown !== undefined) throw new TemplateError(`Invalid template parameter property '${unknown}'`);
  if (typeof value.Type !== "string") throw formatError("Every Parameters object must contain a Type member.");
  const type = typeOf(value.Type);
  if (type === undefined) throw formatError(`Unrecognized parameter type: ${value.Type}`);
  if (value.AllowedValues !== undefined && !isList(value.AllowedValues))
    throw formatError("Every AllowedValues member must be a list.");
  return {
    type,
    typeName: value.Type,
    default: textOf(name, "Default", value.Default),
    description: textOf(name, "Description", value.Description),
    noEcho: value.NoEcho === true || value.NoEcho === "true",
    allowedValues: isList(value.AllowedValues)
      ? value.AllowedValues.map((each) => textOf(name, "AllowedValues", each) ?? "")
      : undefined,
    allowedPattern: patternOf(name, value.AllowedPattern),
    constraintDescription: textOf(name, "ConstraintDescription", value.ConstraintDescription),
    minLength: numberOf(name, "MinLength", value.MinLength),
    maxLength: numberOf(name, "MaxLength", value.MaxLength),
    minValue: numberOf(name, "MinValue", value.MinValue),
    maxValue: numberOf(name, "MaxValue", value.MaxValue),
  };
}

function typeOf(name: string): ParameterType | undefined {
  const ssm = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(name)?.[1];
  if (ssm !== undefined) {
    const inner = typeOf(ssm);
    return inner === undefined || inner.fromSsm ? undefined : { ...inner, fromSsm: true };
  }
  if (name === "CommaDelimitedList") return { item: "String", isList: true, fromSsm: false };
  if (["String", "Number", "AWS::SSM::Parameter::Name", ...thingTypes].includes(name))
    return { item: name, isList: false, fromSsm: false };
  const item = /^List<(.+)>$/.exec(name)?.[1];
  if (item === undefined || !["String", "Number", ...thingTypes].includes(item)) return undefined;
  return { item, isList: true, fromSsm: false };
}

/** Numbers and booleans are taken as their text: templates in YAML often leave out the quotes. */
function textOf(name: string, member: string, value: TemplateValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw formatError(`Every ${member} member must be a string. (parameter ${name})`);
  return String(value);
}

function numberOf(name: string, member: string, value: TemplateValue | undefined): number | undefined {
  const text = textOf(name, member, value);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (text.trim() === "" || Number.isNaN(number)) throw formatError(`${member} of parameter ${name} must be a number.`);
  return number;
}

function patternOf(name: string, value: TemplateValue | undefined): RegExp | undefined {
  const text = textOf(name, "AllowedPattern", value);
  if (text === undefined) return undefined;
  try {
    // The pattern is matched against the whole value.
    return new RegExp(`^(?:${text})$`, "su");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw formatError(`AllowedPattern of parameter ${name} is not a regular expression: ${text}`);
  }
}
