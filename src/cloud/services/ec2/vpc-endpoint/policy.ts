/** Endpoint policies: kept and shown, not evaluated. [PL-33] */
import { AwsError } from "../../../../aws/index.ts";

/** What an endpoint has without a policy of its own: everything is allowed. */
export const fullAccess = JSON.stringify(
  { Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }] },
  undefined,
  2,
);

const maxLength = 20_480;

/** The policy as given. Throws when it is too long, or no JSON object. */
export function checkedPolicy(text: string): string {
  if (text.length > maxLength) throw invalid(`The policy document is longer than ${maxLength} characters.`);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalid("The policy document is not valid JSON.");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw invalid("The policy document is not a JSON object.");
  return text;
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidPolicyDocument", message);
}
