import { defineConfig } from "vitest/config";
import WaitingFilesFirst from "./test/support/waiting-files-first.ts";

const packets = "**/*.packets.test.ts";
const pure = ["src/{aws,cloud,collect,ingest,ip,model,reachability,testing}/**/*.test.ts"];
/** The pure ones, without those of packets. */
const pureOnly = ["src/{aws,cloud,collect,ingest,ip,model,reachability,testing}/**/!(*.packets).test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/support/warm-aws-cli.ts"],
    projects: [
      // Pure functions: they share a worker's modules, which are read once and not for every file.
      { extends: true, test: { name: "pure", include: pure, exclude: [packets], isolate: false } },
      { extends: true, test: { name: "whole", include: ["src/**/*.test.ts", "test/**/*.test.ts"], exclude: pureOnly } },
    ],
    sequence: { shuffle: true, sequencer: WaitingFilesFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./scripts/closing-line-reporter.mjs"],
    // Packet tests each hold a fabric of namespaces. CI has two cores; the third worker has them while a client of another one waits.
    maxWorkers: 3,
  },
});
