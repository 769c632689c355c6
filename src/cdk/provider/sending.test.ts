/** Answers arrive, once. */
import { expect, test } from "vitest";
import type { CustomResourceAnswer } from "./custom-resource.ts";
import { type Fetch, send } from "./sending.ts";

const answer: CustomResourceAnswer = {
  Status: "SUCCESS",
  PhysicalResourceId: "pcx-1",
  StackId: "s",
  RequestId: "r",
  LogicalResourceId: "l",
};
const clock = { now: () => 0, sleep: () => Promise.resolve(), deadline: 0 };

/** Answers with these, in order; text is an error of the network. */
function fetchWith(...results: (number | string)[]): { readonly fetch: Fetch; readonly bodies: string[] } {
  const bodies: string[] = [];
  return {
    bodies,
    fetch: async (_url, { body }) => {
      bodies.push(body);
      const result = results.shift() ?? 200;
      if (typeof result === "string") throw new Error(result);
      return { status: result };
    },
  };
}

test.each<[string, (number | string)[], number]>([
  ["sent once when it arrives", [200], 1],
  ["sent again when the server or the network fails", [500, "ECONNRESET", 503, 200], 4],
  ["not sent again when it is refused: it was answered before", [403], 1],
])("an answer is %s", async (_what, results, times) => {
  const { fetch, bodies } = fetchWith(...results);
  await send("http://answers", answer, { fetch, clock });
  expect(bodies).toEqual(Array(times).fill(JSON.stringify(answer)));
});

test("an answer that never arrives ends the run with an error, so that Lambda runs it again", async () => {
  const { fetch, bodies } = fetchWith(500, 500, 500, 500, 500, 500);
  await expect(send("http://answers", answer, { fetch, clock })).rejects.toThrow(
    "CloudFormation was not told: status 500",
  );
  expect(bodies).toHaveLength(5);
});
