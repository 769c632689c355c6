/** How the services that are not EC2 say that required members are missing: all at once, each by its path in lower camel case. */
import { AwsError } from "./errors.ts";

/** `2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; …` */
export function missingMembers(code: string, paths: readonly string[]): AwsError {
  const count = `${paths.length} validation error${paths.length === 1 ? "" : "s"} detected: `;
  return new AwsError(
    code,
    count +
      paths
        .map((path) => `Value null at '${lowerCamel(path)}' failed to satisfy constraint: Member must not be null`)
        .join("; "),
  );
}

function lowerCamel(path: string): string {
  return path
    .split(".")
    .map((part) => part.charAt(0).toLowerCase() + part.slice(1))
    .join(".");
}
