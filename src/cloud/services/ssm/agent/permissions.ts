/**
 * Whether a role's policies let the agent work: Allow and Deny by their actions. What this does not look at: resources, conditions
 * (a statement that denies under one is left out), and who may take the role. https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 */

/** What the agent calls, whatever it is used for. */
const neededActions: readonly string[] = [
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
];

/** The actions that the policies together do not allow. The boundary, where there is one, has to allow them too. */
export function actionsNotAllowed(policies: readonly string[], boundary: string | undefined): readonly string[] {
  const granted = policies.flatMap(statementsOf);
  const bounds = boundary === undefined ? undefined : statementsOf(boundary);
  return neededActions.filter(
    (action) => !allows(granted, action) || (bounds !== undefined && !allows(bounds, action)),
  );
}

interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Condition?: unknown;
}

function allows(statements: readonly Statement[], action: string): boolean {
  const about = statements.filter((statement) => concerns(statement, action));
  const denied = about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined);
  return !denied && about.some(({ Effect }) => Effect === "Allow");
}

function concerns({ Action, NotAction }: Statement, action: string): boolean {
  if (Action !== undefined) return textsOf(Action).some((pattern) => matches(pattern, action));
  return NotAction !== undefined && !textsOf(NotAction).some((pattern) => matches(pattern, action));
}

/** Case does not matter; `*` is any run of characters, `?` exactly one. */
function matches(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** The documents were checked to be policies when they were stored. */
function statementsOf(document: string): readonly Statement[] {
  const { Statement: statements }: { readonly Statement?: Statement | readonly Statement[] } = JSON.parse(document);
  return statements === undefined ? [] : [statements].flat();
}

function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((each) => typeof each === "string");
}
