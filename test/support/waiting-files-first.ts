/**
 * The order of test files: first those that drive other programs (these wait for minutes, and one that came last would be alone at the end), then the
 * rest; each half in random order, which the run's seed repeats.
 */
import { createHash } from "node:crypto";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** With them those that have the kernel refuse packets by the thousand: it limits what it says of that for the whole machine. */
const drivesOtherPrograms = /\/test\/(clients|cdk|differential|durability|faults|fix)\/|\/test\/(docs|demo)\.test\.ts$/;

export default class WaitingFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { seed } = this.ctx.config.sequence;
    const place = ({ moduleId }: TestSpecification) =>
      (drivesOtherPrograms.test(moduleId) ? "0" : "1") +
      createHash("sha256").update(`${seed} ${moduleId}`).digest("hex");
    return files
      .map((file) => ({ file, place: place(file) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .map(({ file }) => file);
  }
}
