/**
 * A function behind a custom resource: it is asked with a URL, and answers by putting there what it has to say, whenever it likes.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import type { Background } from "../action.ts";
import { uuid } from "../uuid.ts";
import { functionNamed } from "./look-up.ts";
import { runFunction } from "./run-function.ts";

export type CustomResourceAnswer =
  /** The body that was put, as it was. */
  | { readonly kind: "answered"; readonly body: string }
  /** The function has ended in an error without having answered; AWS would wait until the time is up. */
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "timed-out" };

export interface CustomResourceRequest {
  /** The function's ARN. */
  readonly serviceToken: string;
  /** Who asks: the stack's account and Region. */
  readonly caller: { readonly accountId: string; readonly region: string };
  /** Everything but `ResponseURL`. */
  readonly request: object;
  readonly timeoutMs: number;
}

/** Throws ResourceNotFoundException when there is no such function. */
export async function askCustomResource(
  background: Background,
  { serviceToken, caller, request, timeoutMs }: CustomResourceRequest,
): Promise<CustomResourceAnswer> {
  const { record, requestId } = background.transact((transaction) => ({
    record: functionNamed({ get: transaction.get, caller }, { FunctionName: serviceToken }),
    requestId: uuid(transaction.randomBytes(16)),
  }));
  const place = background.responses.open(timeoutMs);
  const payload = JSON.stringify({ ...request, ResponseURL: place.url });
  const ran = runFunction(background, { record, requestId, payload }).then((result) => {
    if (result.kind === "result") return;
    place.giveUp(
      result.kind === "unavailable"
        ? result.reason
        : result.kind === "throttled"
          ? "Too many functions run at once."
          : result.payload,
    );
  });
  const answer = await place.answer;
  // What the function still does after it has answered is written in its log; a bug in here is not to be lost.
  ran.catch(background.onFault);
  return answer;
}
