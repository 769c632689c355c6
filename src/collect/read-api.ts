/** What collecting needs of an AWS client. A refusal is thrown as the SDK throws it. */
import type { Answer, ReadAction } from "./reads.ts";

/** EC2 as one account sees it in one Region. */
export interface ReadApi {
  call(action: ReadAction, input: Answer): Promise<Answer>;
}

/** Somebody whose account is read. */
export interface Reader {
  /** Asks AWS who it is. */
  accountId(): Promise<string>;
  api(region: string): ReadApi;
}

/** AWS's error code, or the name of what went wrong before AWS was reached. */
export function errorCode(error: unknown): string {
  return error instanceof Error ? error.name : "Error";
}

/** Code and text, for people. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
