/**
 * What a person would have typed at the AWS CLI for a call: the same input, in the CLI's option names and shorthand syntax.
 * Source: the CLI's parameter names are the API's in kebab case, but for the few that it renames (`--protocol`, `--cidr`).
 */
import { type ApiInput, type ApiValue, isInput, isList, splitOperation } from "./api-client.ts";

/**
 * The command's words, each quoted for a shell: `aws ec2 create-vpc`, then one per option with its value. The Region is said
 * where one is given, and the service has Regions.
 */
export function awsCommandLine(name: string, input: ApiInput, region?: string): readonly string[] {
  const { service, operation } = splitOperation(name);
  const options = Object.entries(input).flatMap(([member, value]) => option(member, value));
  const place = region === undefined || service === "iam" ? [] : [`--region ${region}`];
  return [`aws ${service} ${kebab(operation)}`, ...place, ...options];
}

/** Options that the CLI spells differently from the API; undefined where the CLI fills it in by itself. */
const renamed: ReadonlyMap<string, string | undefined> = new Map([
  ["IpProtocol", "protocol"],
  ["FromPort", "port"],
  ["ToPort", undefined],
  ["CidrIp", "cidr"],
  ["MinCount", undefined],
  ["MaxCount", undefined],
]);

function option(member: string, value: ApiValue): readonly string[] {
  const name = renamed.has(member) ? renamed.get(member) : kebab(member);
  if (name === undefined) return [];
  // A structure with one value, such as MapPublicIpOnLaunch, is a flag to the CLI.
  if (isInput(value) && typeof value.Value === "boolean") return [`--${value.Value ? "" : "no-"}${name}`];
  // An entry of a network ACL says its direction.
  if (member === "Egress" && typeof value === "boolean") return [value ? "--egress" : "--ingress"];
  if (typeof value === "boolean") return [`--${value ? "" : "no-"}${name}`];
  const values = isList(value) ? value : [value];
  return [
    `--${name} ${values.map((each) => quoted(typeof each === "object" ? members(each) : String(each))).join(" ")}`,
  ];
}

/** `Key=Name,Value=Marketing`, the CLI's shorthand for a structure at the top. */
function members(value: ApiValue): string {
  if (!isInput(value)) return shorthand(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}=${shorthand(part)}`)
    .join(",");
}

function shorthand(value: ApiValue): string {
  if (isList(value)) return `[${value.map(shorthand).join(",")}]`;
  if (isInput(value)) return `{${members(value)}}`;
  return String(value);
}

function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function kebab(name: string): string {
  return name.replace(/([a-z\d])([A-Z])/g, "$1-$2").toLowerCase();
}
