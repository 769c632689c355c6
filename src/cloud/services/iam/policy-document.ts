/** Policy documents: their grammar as far as IAM refuses by it, and their form on the wire. Nothing here is evaluated. */
import { malformedPolicyDocument, validationError } from "./errors.ts";

/** The document as given. Throws `MalformedPolicyDocument` when it is no policy. */
export function checkedDocument(text: string | undefined, kind: "trust" | "permissions"): string {
  if (!text) throw validationError("The policy document must not be empty.");
  const document = parsed(text);
  if (!isObject(document)) throw malformedPolicyDocument("Syntax errors in policy.");
  const { Statement, Version } = document;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw malformedPolicyDocument("The policy must contain a valid version string");
  }
  const statements: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  for (const statement of statements) checkStatement(statement, kind);
  return text;
}

function checkStatement(statement: unknown, kind: "trust" | "permissions"): void {
  if (!isObject(statement)) throw malformedPolicyDocument("Syntax errors in policy.");
  const { Effect } = statement;
  if (Effect !== "Allow" && Effect !== "Deny") throw malformedPolicyDocument("Syntax errors in policy.");
  if (statement.Action === undefined && statement.NotAction === undefined) {
    throw malformedPolicyDocument("Policy statement must contain actions.");
  }
  const principal = statement.Principal ?? statement.NotPrincipal;
  const resource = statement.Resource ?? statement.NotResource;
  if (kind === "trust" && resource !== undefined) throw malformedPolicyDocument("Has prohibited field Resource");
  if (kind === "trust" && principal === undefined)
    throw malformedPolicyDocument("AssumeRolepolicy must contain Principal");
  if (kind === "permissions" && principal !== undefined) {
    throw malformedPolicyDocument("Policy document should not specify a principal.");
  }
  if (kind === "permissions" && resource === undefined)
    throw malformedPolicyDocument("Policy statement must contain resources.");
}

/** IAM gives documents percent-encoded, as RFC 3986 has it. */
export function onTheWire(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformedPolicyDocument("This policy contains invalid Json");
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
