import { basename, resolve } from 'node:path';
import type { Verification } from '#shared/contract/report.ts';
import { isAppError } from '#shared/errors/app-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { counted, utc, utcMinute } from '../../output/numbers.ts';
import { visible } from '../../output/plain-text.ts';
import type { Session } from '../../session.ts';

interface Verified {
  readonly file: string;
  readonly verification: Verification;
}

/**
 * Says of each file whether it is a report that is still as it was made. Every file is looked at; one that cannot be read
 * is named on standard error.
 */
export async function verifyReports(
  session: Session,
  files: readonly string[],
  options: { readonly json?: boolean },
): Promise<number> {
  return session.withEngine(async (engine) => {
    const found: Verified[] = [];
    for (const file of files) {
      try {
        const path = resolve(session.host.folder, file);
        const onRead = (done: number, total: number): void =>
          session.progress.show({ phase: 'reading', done, total, unit: 'bytes', note: visible(basename(file)) });
        found.push({ file, verification: await engine.reports.verify(path, onRead, session.signal) });
      } catch (error) {
        if (!isAppError(error) || error.code !== 'UNREADABLE') {
          throw error;
        }
        session.warn(`assay: ${error.message}`);
      }
    }
    session.progress.clear();
    await session.out.write(
      options.json === true
        ? `${JSON.stringify(found.map(verificationData), null, 2)}\n`
        : found.map(verificationText).join('\n'),
    );
    if (found.length < files.length) {
      return EXIT.nothing;
    }
    return found.every(({ verification }) => verification.outcome === 'matches') ? EXIT.done : EXIT.changed;
  });
}

function verificationData({ file, verification }: Verified) {
  const { madeHereAt, manifest, ...facts } = verification;
  return {
    file,
    ...facts,
    madeHereAt: madeHereAt === null ? null : utc(madeHereAt),
    manifest: manifest === null ? null : { ...manifest, madeAt: utc(manifest.madeAt) },
  };
}

function verificationText({ file, verification }: Verified): string {
  const { outcome, sentence, manifest, carried, computed } = verification;
  const lines = [
    `${file}: ${outcome}. ${sentence}`,
    ...(manifest === null ? [] : [`  It says: ${manifestWords(manifest)}`]),
    ...(carried !== null && computed !== null && carried !== computed
      ? [`  carried  ${carried}`, `  computed ${computed}`]
      : []),
    ...(carried === null ? [] : [`  ${hereWords(verification)}`]),
  ];
  return `${lines.map(visible).join('\n')}\n`;
}

function manifestWords(manifest: NonNullable<Verification['manifest']>): string {
  const { madeAt, madeBy, examiner, caseName, rows, simulated } = manifest;
  const parts = [
    `made ${utcMinute(madeAt)} UTC by ${madeBy}`,
    ...(examiner === '' ? [] : [`examiner ${examiner}`]),
    ...(caseName === '' ? [] : [`case ${caseName}`]),
    counted(rows, 'row'),
  ];
  return `${parts.join(', ')}${simulated ? '; its answers are simulated' : ''}.`;
}

function hereWords({ madeHereAt }: Verification): string {
  return madeHereAt === null
    ? 'This data directory has made no report with that seal.'
    : `This data directory made a report with that seal at ${utcMinute(madeHereAt)} UTC.`;
}
