/** Pages over rows: tokens name the last row given and the next one, so that rows made or removed meanwhile neither repeat nor hide another. */
import { invalidParameterValue } from "../../../aws/index.ts";

export interface PageRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface PageSize {
  readonly min: number;
  readonly max: number;
}

export interface Page<R> {
  readonly records: readonly R[];
  readonly NextToken?: string;
}

/** 5 to 1000, which is what `MaxResults` may be for most. */
export const usualPageSize: PageSize = { min: 5, max: 1000 };

export function checkPageSize(MaxResults: number | undefined, { min, max }: PageSize): void {
  if (MaxResults !== undefined && (MaxResults < min || MaxResults > max)) {
    throw invalidParameterValue(
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. Expecting a value between ${min} and ${max}.`,
    );
  }
}

/** The asked page of `rows`. Throws for a token that is not ours. */
export function page<R>(rows: readonly R[], idOf: (row: R) => string, { MaxResults, NextToken }: PageRequest): Page<R> {
  const start = NextToken === undefined ? 0 : startAt(readToken(NextToken), rows.map(idOf));
  const end = MaxResults === undefined ? rows.length : Math.min(start + MaxResults, rows.length);
  const last = rows[end - 1];
  const next = rows[end];
  if (last === undefined || next === undefined) return { records: rows.slice(start, end) };
  return { records: rows.slice(start, end), NextToken: btoa(JSON.stringify([end, idOf(last), idOf(next)])) };
}

interface Position {
  readonly index: number;
  readonly last: string;
  readonly next: string;
}

function startAt({ index, last, next }: Position, ids: readonly string[]): number {
  const given = ids.indexOf(last);
  if (given >= 0) return given + 1;
  const following = ids.indexOf(next);
  return following >= 0 ? following : Math.min(index, ids.length);
}

function readToken(token: string): Position {
  try {
    const value: unknown = JSON.parse(atob(token));
    if (Array.isArray(value)) {
      const [index, last, next]: unknown[] = value;
      if (typeof index === "number" && index >= 0 && typeof last === "string" && typeof next === "string") {
        return { index: Math.floor(index), last, next };
      }
    }
  } catch (error) {
    // Not base64, or not JSON inside: answered below like any other token that is not ours.
    if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error;
  }
  throw invalidParameterValue(
    `The token '${token}' is invalid or has expired. Start again without NextToken.`,
    "InvalidNextToken",
  );
}
