import type { CallOutput } from '#shared/contract/index.ts';
import type { LookupResult } from '#shared/contract/lookup.ts';
import type { SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Engine } from '../../../../services/engine-port.ts';
import { EXIT } from '../../exit-codes.ts';
import { standardInputText } from '../../inputs.ts';
import { count } from '../../output/numbers.ts';
import { visibleLines } from '../../output/plain-text.ts';
import type { Session } from '../../session.ts';
import { askAndWait } from './lookup-ask.ts';
import { lookupLines } from './lookup-lines.ts';
import { CHANGES_SHOWN, historyData, lookupData, resultText, type History } from './lookup-output.ts';

export interface LookupOptions {
  readonly json?: boolean;
  readonly jsonl?: '-';
  readonly ask?: boolean;
  readonly again?: boolean;
  readonly sources?: readonly SourceId[];
  readonly yes?: boolean;
  readonly maxCalls?: number;
  /** Seconds. */
  readonly wait: number;
}

type Found = CallOutput<'lookup.find'>;

/** Text of the size a look-up takes; longer ones are lists. */
const MOST_TEXT = 100_000;
/** Changes in the data of one hash, newest first. */
const MOST_CHANGES = 1000;

/** Shows what is known about hashes, after asking sources about them when told to. Returns the exit code. */
export async function lookup(session: Session, hashes: readonly string[], options: LookupOptions): Promise<number> {
  refuseMisfits(hashes, options);
  if (options.jsonl !== undefined) {
    return session.withEngine((engine) => lookupLines(session, engine));
  }
  const text = hashes.includes('-')
    ? await standardInputText(session.host, MOST_TEXT, session.signal)
    : hashes.join('\n');
  return session.withEngine(async (engine) => {
    const found = await findAll(engine, text);
    for (const { text: word, reason } of found.rejected) {
      session.warn(`${word} is no hash: ${reason}.`);
    }
    for (const problem of found.problems) {
      session.warn(`assay: ${problem}`);
    }
    if (found.results.length === 0) {
      session.warn('assay: There is no MD5, SHA-1 or SHA-256 in that.');
      return EXIT.nothing;
    }
    const code = options.ask === true ? await askAndWait(session, engine, found.results, text, options) : EXIT.done;
    await show(session, engine, options.ask === true ? await findAll(engine, text) : found, options);
    return code;
  });
}

async function findAll(engine: Engine, text: string): Promise<Found> {
  const found = await engine.lookup.find(text);
  if (found.hashes > found.results.length) {
    throw new AppError(
      'INVALID_ARGUMENT',
      `There are ${count(found.hashes)} hashes in that; a look-up takes ${found.results.length}. "assay triage" reads longer lists.`,
    );
  }
  return found;
}

async function show(session: Session, engine: Engine, { results }: Found, options: LookupOptions): Promise<void> {
  const { out } = session;
  const isData = options.json === true;
  const shown: { readonly result: LookupResult; readonly history: History }[] = [];
  for (const result of results) {
    const history = await engine.history.ofHash(result.hash, isData ? MOST_CHANGES : CHANGES_SHOWN);
    shown.push({ result, history });
  }
  if (isData) {
    const text = `${JSON.stringify(
      shown.map(({ result, history }) => ({
        ...lookupData(result, engine.simulated),
        changes: historyData(history),
      })),
      null,
      2,
    )}\n`;
    await out.write(out.isTerminal ? visibleLines(text) : text);
    return;
  }
  const now = Math.floor(session.host.now() / 1000);
  await out.write(shown.map(({ result, history }) => resultText(session, result, history, now)).join('\n'));
}

function refuseMisfits(hashes: readonly string[], options: LookupOptions): void {
  const refuse = (sentence: string): never => {
    throw new AppError('INVALID_ARGUMENT', sentence);
  };
  if (options.jsonl !== undefined) {
    if (hashes.length > 0) {
      refuse('--jsonl takes its hashes from standard input. Name none.');
    }
    if (options.ask === true || options.json === true) {
      refuse('--jsonl answers from this machine alone. Leave out --ask and --json.');
    }
    return;
  }
  if (hashes.length === 0) {
    refuse('Name a hash, or - for text from standard input.');
  }
  if (hashes.includes('-') && hashes.length > 1) {
    refuse('Name hashes or -, not both.');
  }
  const asked = options.again === true || options.yes === true || options.maxCalls !== undefined;
  if (options.ask !== true && (asked || options.sources !== undefined)) {
    refuse('--again, --sources, --yes and --max-calls go with --ask.');
  }
}
