/** Ends a run with the plain line that CI reads: `N passed, N failed, N skipped`. */
export default class ClosingLineReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        own += 1;
        const { state } = test.result();
        count[state === "pending" ? "skipped" : state] += 1;
      }
      // A file that could not be loaded has no tests of its own, yet it failed.
      if (own === 0 && module.state() === "failed") count.failed += 1;
    }
    console.log(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
