/** Pages of RAM's kind: up to 500 at a time, and the token is the position reached. */
import { AwsError } from "../../../aws/index.ts";

export interface RamPageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

const most = 500;

export function ramPage<T>(
  rows: readonly T[],
  { maxResults = most, nextToken }: RamPageRequest,
): { readonly items: T[]; readonly page: { readonly nextToken?: string } } {
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > most)
    throw new AwsError("InvalidMaxResultsException", `maxResults must be 1 to ${most}; got ${maxResults}.`);
  const start = nextToken === undefined ? 0 : Number(/^offset-(\d{1,9})$/.exec(nextToken)?.[1] ?? Number.NaN);
  if (Number.isNaN(start))
    throw new AwsError(
      "InvalidNextTokenException",
      `The nextToken '${nextToken}' is not valid. Start again without it.`,
    );
  const end = start + maxResults;
  return { items: rows.slice(start, end), page: end < rows.length ? { nextToken: `offset-${end}` } : {} };
}
