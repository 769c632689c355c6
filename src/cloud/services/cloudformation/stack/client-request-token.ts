/** The token by which a client knows its own call again. */
import { constraintFailed } from "../errors.ts";

const maxLength = 128;

export function checkedToken(token: string | undefined): string | undefined {
  if (token !== undefined && !/^[a-zA-Z0-9][-a-zA-Z0-9]*$/.test(token))
    throw constraintFailed(
      token,
      "clientRequestToken",
      "Member must satisfy regular expression pattern: [a-zA-Z0-9][-a-zA-Z0-9]*",
    );
  if (token !== undefined && token.length > maxLength)
    throw constraintFailed(token, "clientRequestToken", `Member must have length less than or equal to ${maxLength}`);
  return token;
}
