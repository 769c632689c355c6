/** Pages over a list that is computed for the call: the token is the position reached. */
import { invalidParameterValue } from "../../aws/index.ts";

export interface OffsetRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** The asked page of `rows`. Throws for a size outside `size` and for a token that is not ours. */
export function offsetPage<T>(
  rows: readonly T[],
  { MaxResults, NextToken }: OffsetRequest,
  size: { readonly min: number; readonly max: number },
): { readonly items: T[]; readonly NextToken?: string } {
  if (MaxResults !== undefined && (MaxResults < size.min || MaxResults > size.max)) {
    throw invalidParameterValue(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${size.min} and ${size.max}.`,
    );
  }
  const start = NextToken === undefined ? 0 : Number(/^offset-(\d{1,9})$/.exec(NextToken)?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) {
    throw invalidParameterValue(
      `The token '${NextToken}' is invalid or has expired. Start again without NextToken.`,
      "InvalidNextToken",
    );
  }
  const end = MaxResults === undefined ? rows.length : start + MaxResults;
  return { items: rows.slice(start, end), ...(end < rows.length ? { NextToken: `offset-${end}` } : {}) };
}
