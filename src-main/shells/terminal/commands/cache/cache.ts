import { resolve } from 'node:path';
import { SOURCES } from '#shared/domain/source.ts';
import { STATUSES } from '#shared/domain/status.ts';
import { EXIT } from '../../exit-codes.ts';
import { fileBytes, readableFile, standardInput } from '../../inputs.ts';
import { bytes, count, counted, duration } from '../../output/numbers.ts';
import { STATUS_SHAPE } from '../../output/style.ts';
import { tableLines } from '../../output/table.ts';
import { writeTo } from '../../output/write-to.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { AT_MAXIMUM } from '../../../../services/life/room/full.ts';
import type { Session } from '../../session.ts';

/** Preparing is told of when it took longer than this. */
const WORTH_SAYING_MS = 1_000;

/** Reads reputation items from JSON Lines. Lines that do not fit are named; nothing usable at all is exit 1. */
export async function importItems(session: Session, file: string, strict: boolean): Promise<number> {
  const path = file === '-' ? null : await readableFile(session.host, file);
  return session.withEngine(async (engine) => {
    const result = await engine.cache.importItems(
      path === null ? standardInput(session.host, session.signal) : fileBytes(path, session.signal),
      (done) => session.progress.show({ phase: 'importing', done, total: null, unit: 'lines' }),
      session.signal,
    );
    session.progress.clear();
    for (const problem of result.firstProblems) {
      session.warn(`${file === '-' ? 'standard input' : file}:${problem.line}: rejected, ${problem.reason}`);
    }
    if (result.rejected > result.firstProblems.length) {
      session.warn(`${counted(result.rejected - result.firstProblems.length, 'more line')} rejected.`);
    }
    session.note(
      `${counted(result.lines, 'line')} in = ${count(result.imported)} imported + ${count(result.updated)} updated + ${count(result.unchanged)} unchanged + ${count(result.rejected)} rejected${result.notMade === 0 ? '' : ` + ${count(result.notMade)} left out`}.`,
    );
    if (result.notMade > 0) {
      session.warn(`${counted(result.notMade, 'new item was', 'new items were')} left out. ${AT_MAXIMUM}`);
    }
    const stopped = session.stoppedCode();
    if (stopped !== null) {
      session.warn('Cancelled. What was imported is kept.');
      return stopped;
    }
    if (result.lines > result.rejected) {
      await prepareLookUps(session, engine, result.lines);
    }
    if (result.lines > 0 && result.rejected === result.lines) {
      return EXIT.nothing;
    }
    return strict && result.rejected > 0 ? EXIT.strict : EXIT.done;
  });
}

/** Builds what speeds large lists up, once, so that no triage has to go without it. Ctrl-C leaves it for later. */
export async function prepareLookUps(session: Session, engine: Engine, lines?: number): Promise<void> {
  const start = performance.now();
  if (lines !== undefined) {
    session.progress.show({ phase: 'preparing quick look-ups', done: lines, total: null, unit: 'lines' });
  }
  const isBuilt = await engine.accelerator.refresh({ signal: session.signal });
  session.progress.clear();
  const elapsed = performance.now() - start;
  if (isBuilt && elapsed > WORTH_SAYING_MS) {
    session.note(`Prepared quick look-ups for large lists in ${duration(elapsed)}.`);
  }
}

/** All reputation items as JSON Lines that `import` reads back. */
export async function exportItems(session: Session, out: string | undefined): Promise<number> {
  return session.withEngine(async (engine) => {
    await writeTo(session, out, withLineEnds(engine.cache.exportItems()));
    return EXIT.done;
  });
}

/** What the cache holds and how large it is. */
export async function showStats(session: Session, format: 'table' | 'json'): Promise<number> {
  return session.withEngine(async (engine) => {
    const stats = await engine.cache.stats();
    if (format === 'json') {
      await session.out.write(`${JSON.stringify({ directory: engine.directory, ...stats }, null, 2)}\n`);
      return EXIT.done;
    }
    const rows: [string, string][] = [
      ['files', count(stats.files)],
      ['digests', count(stats.digests)],
      ['reputation items', count(stats.items)],
      ...STATUSES.map((status): [string, string] => [
        `  ${STATUS_SHAPE[status]} ${status}`,
        count(stats.itemsByStatus[status] ?? 0),
      ]),
      ['  unknown and not answered yet', count(stats.unasked)],
      ...SOURCES.map((source): [string, string] => [`  ${source.label}`, count(stats.itemsBySource[source.id] ?? 0)]),
      ['hash list entries', count(stats.listEntries)],
      ['known sets', `${count(stats.knownSets)}, ${bytes(stats.knownSetBytes)}`],
      ['intakes', `${count(stats.intakes)}, ${bytes(stats.intakeBytes)}`],
      ['sync jobs', `${count(stats.syncJobs)}, ${count(stats.syncIndicators)} indicators`],
      ['database', bytes(stats.databaseBytes)],
      ['size, as its maximum counts it', bytes(stats.size.bytes)],
      ['maximum size', bytes(stats.size.cap)],
    ];
    const lines = tableLines(
      [
        { header: engine.directory, cell: (row: [string, string]) => row[0] },
        { header: '', align: 'right', cell: (row: [string, string]) => row[1] },
      ],
      rows,
      session.out.width,
    );
    await session.out.write(`${lines.join('\n')}\n`);
    if (stats.size.isFull) {
      session.warn(AT_MAXIMUM);
    }
    return EXIT.done;
  });
}

/** The full check. Exit 1 when anything is damaged, each problem on a line of its own. */
export async function verifyCache(session: Session): Promise<number> {
  return session.withEngine(async (engine) => {
    const result = await engine.cache.verify((step) =>
      session.progress.show({ phase: 'checking', done: 0, total: null, unit: 'files', note: step }),
    );
    session.progress.clear();
    if (result.ok) {
      await session.out.write('Sound: every page, row and packed file was checked.\n');
      return EXIT.done;
    }
    await session.out.write(result.problems.map((problem) => `${problem}\n`).join(''));
    session.warn(`${counted(result.problems.length, 'problem')} found.`);
    return EXIT.nothing;
  });
}

/** Database, intakes and known sets as of one moment, into a new folder. */
export async function backupCache(session: Session, folder: string): Promise<number> {
  return session.withEngine(async (engine) => {
    const target = resolve(session.host.folder, folder);
    const result = await engine.cache.backup(
      target,
      (done, total) => session.progress.show({ phase: 'copying', done, total, unit: 'bytes' }),
      session.signal,
    );
    session.progress.clear();
    session.note(`${counted(result.files, 'file')}, ${bytes(result.bytes)}, written to ${target}.`);
    return EXIT.done;
  });
}

/** Puts a backup in place of the data directory's content; what was there is kept beside it. */
export async function restoreCache(session: Session, folder: string): Promise<number> {
  await session.withEngine(async (engine) => {
    const source = resolve(session.host.folder, folder);
    const { keptAt } = await engine.cache.restore(source);
    session.note(`Restored from ${source}.${keptAt === null ? '' : ` What was there is kept at ${keptAt}.`}`);
  });
  // A backup holds nothing that can be made again.
  await session.withEngine((engine) => prepareLookUps(session, engine));
  return EXIT.done;
}

async function* withLineEnds(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) {
    yield line.endsWith('\n') ? line : `${line}\n`;
  }
}
