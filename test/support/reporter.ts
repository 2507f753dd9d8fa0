import { reporters } from 'mocha';

/** Mocha's own report, closed by one plain line that any CI reads. */
class PlainReporter extends reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    // oxlint-disable-next-line no-console
    console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
  }
}

export = PlainReporter;
