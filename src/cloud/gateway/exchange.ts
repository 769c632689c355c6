/** One request on its way through the gateway: what is known of it so far, and what a step of the way may answer. */
import type { IncomingHttpHeaders } from "node:http";
import type { CredentialScope, Dialect, Message, Operation, WireAnswer } from "../../aws/index.ts";
import type { Cloud } from "../cloud.ts";

export interface GatewayRequest {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Made from the bytes when it is asked for: they may be many, and no text. */
  readonly body: string;
  readonly bytes: Uint8Array;
}

/** Filled step by step; a step may rely on what the steps before it have put there. */
export interface Exchange {
  readonly cloud: Cloud;
  readonly request: GatewayRequest;
  readonly requestId: string;
  message?: Message;
  scope?: CredentialScope;
  /** The protocol in which a refusal is worded; EC2's until the service is known. */
  dialect: Dialect;
  operation?: Operation;
  input?: object;
}

/** Answers, or leaves it to the next step. Refuses by throwing an `AwsError`. */
export type Step = (exchange: Exchange) => WireAnswer | undefined | Promise<WireAnswer | undefined>;
