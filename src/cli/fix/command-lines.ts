/** A fix as commands of the AWS CLI, to be pasted into bash: each with its Region, those of one account together, with waiting where AWS takes time. */
import type { NetworkChange } from "../../reachability/index.ts";
import { awsCommandLine } from "../api/aws-command-line.ts";
import { type ChangeCall, callsOf, type Made, type Until, withRealNames } from "./change-calls.ts";

export function commandLines(changes: readonly NetworkChange[]): readonly string[] {
  const several = new Set(changes.map(({ ownerId }) => ownerId)).size > 1;
  const variables = variablesOf(changes);
  const lines: string[] = [];
  let account: string | undefined;
  for (const change of changes) {
    if (several && change.ownerId !== account) lines.push(`# in account ${change.ownerId}:`);
    account = change.ownerId;
    for (const call of callsOf(change)) lines.push(...linesOf(call, change.region, variables));
  }
  return lines;
}

type Variables = ReadonlyMap<string, string>;

/** By what a change calls provisionally: `PEERING`, and `PEERING2` for a second one. */
function variablesOf(changes: readonly NetworkChange[]): Variables {
  const variables = new Map<string, string>();
  const used = new Map<string, number>();
  for (const { provisional, variable } of changes.flatMap(callsOf).flatMap(({ makes = [] }) => makes)) {
    const number = (used.get(variable) ?? 0) + 1;
    used.set(variable, number);
    variables.set(provisional, number === 1 ? variable : `${variable}${number}`);
  }
  return variables;
}

function linesOf(
  { operation, input, makes = [], until }: ChangeCall,
  region: string,
  variables: Variables,
): readonly string[] {
  const line = withVariables(awsCommandLine(operation, input, region), variables);
  return [keeping(line, makes, variables), ...(until === undefined ? [] : [waiting(until, region, variables)])];
}

function keeping(line: string, makes: readonly Made[], variables: Variables): string {
  const [first, ...others] = makes;
  if (first === undefined) return line;
  const names = makes.map(({ provisional }) => variables.get(provisional));
  if (others.length === 0) return `${names[0]}=$(${line} --query ${first.query} --output text)`;
  const queries = makes.map(({ query }) => query).join(",");
  return `read -r ${names.join(" ")} < <(${line} --query '[${queries}]' --output text)`;
}

function waiting({ operation, input, query, state }: Until, region: string, variables: Variables): string {
  const line = withVariables(awsCommandLine(operation, input, region), variables);
  return `until [ "$(${line} --query '${query}' --output text)" = ${state} ]; do sleep 5; done`;
}

/** A provisional name becomes its variable, also within a word that stands in single quotes. */
function withVariables(words: readonly string[], variables: Variables): string {
  return words
    .map((word) => {
      const inWord = (name: string) => (word.includes("'") ? `'"$${name}"'` : `"$${name}"`);
      return withRealNames(
        word,
        [...variables].map(([provisional, name]) => [provisional, inWord(name)] as const),
      );
    })
    .join(" ");
}
