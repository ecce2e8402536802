// Run before every file: properties are tried with the same values in every run, so that a run says something about the
// program and not about luck. `ASSAY_SEED=random` tries others, `ASSAY_SEED=12` those of that number.
import * as fc from 'fast-check';

const wanted = process.env['ASSAY_SEED'] ?? '1';

if (wanted !== 'random') {
  fc.configureGlobal({ seed: Number.parseInt(wanted, 10) });
}
