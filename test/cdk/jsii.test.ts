/** The constructs' public API keeps jsii's rules, so that other languages can have it. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run } from "../support/run.ts";

test("jsii compiles the constructs", { timeout: 300_000 }, async () => {
  const script = fileURLToPath(new URL("../../scripts/check-jsii.mjs", import.meta.url));
  const { status, stdout, stderr } = await run(process.execPath, [script], { timeoutMs: 280_000 });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
