import { defineConfig } from "vitest/config";
import WaitingFilesFirst from "./test/support/waiting-files-first.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/support/warm-aws-cli.ts"],
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    sequence: { shuffle: true, sequencer: WaitingFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./scripts/closing-line-reporter.mjs"],
    // Packet tests each hold a fabric of namespaces. CI has two cores; the third worker has them while a client of another one waits.
    maxWorkers: 3,
  },
});
