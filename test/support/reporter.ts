import { reporters, type Runner, type MochaOptions } from 'mocha';

/** Mocha's own report, closed by one plain line that any CI reads. */
class PlainReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
  }

  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    // oxlint-disable-next-line no-console
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

export = PlainReporter;
