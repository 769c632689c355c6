/** Puts the answer where CloudFormation waits for it. An answer that does not arrive keeps a stack waiting for an hour. */
import type { CustomResourceAnswer, WaitingClock } from "./custom-resource.ts";

const attempts = 5;

export type Fetch = (
  url: string,
  request: { readonly method: "PUT"; readonly headers: Readonly<Record<string, string>>; readonly body: string },
) => Promise<{ readonly status: number }>;

export async function send(
  url: string,
  answer: CustomResourceAnswer,
  { fetch, clock }: { readonly fetch: Fetch; readonly clock: WaitingClock },
): Promise<void> {
  const body = JSON.stringify(answer);
  for (let attempt = 1; ; attempt++) {
    const failure = await put(url, body, fetch);
    if (failure === undefined) return;
    if (attempt === attempts) throw new Error(`CloudFormation was not told: ${failure}`);
    await clock.sleep(500 * 2 ** attempt);
  }
}

/** What went wrong that may go right next time. A refusal is final: this request was answered before, and its address has run out. */
async function put(url: string, body: string, fetch: Fetch): Promise<string | undefined> {
  try {
    // The address is signed for an empty content type.
    const { status } = await fetch(url, { method: "PUT", headers: { "content-type": "" }, body });
    return status >= 500 ? `status ${status}` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
