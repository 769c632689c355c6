import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/support/warm-aws-cli.ts"],
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    sequence: { shuffle: true },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./scripts/closing-line-reporter.mjs"],
    // Packet tests each hold a fabric of namespaces; two workers match the two cores CI has.
    maxWorkers: 2,
  },
});
