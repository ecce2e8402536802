import { parseDigest, type HexDigest } from '#shared/domain/hash.ts';
import { sourceCode, sourceLabel, type SourceId } from '#shared/domain/source.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { checkedPage } from '../../platform/open-page.ts';
import { digestSetOf } from '../intake/host/digest-set.ts';
import type { HashKnowledge, SingleHash } from '../intake/port.ts';
import { AT_MAXIMUM, countNotMade } from '../life/room/full.ts';
import { findInText } from './find-in-text.ts';
import { look, type Looked, type LookupParts } from './look.ts';
import { cannotAsk, digestFor, mayLeave } from './may-ask.ts';
import type { LookupService } from './port.ts';
import { isDue, resultOf, worstItem } from './result-of.ts';
import type { SourceNow } from './source-now.ts';

/** More than this is a list, and lists are intakes. */
const MOST_HASHES = 100;

/** Single hashes. What is found comes from this machine alone; `ask` queues, and only what may leave. */
export function createLookup(parts: LookupParts): LookupService {
  return {
    async find(text) {
      const started = performance.now();
      const { hashes, rejected } = findInText(text);
      const looked = await look(parts, hashes.slice(0, MOST_HASHES));
      return {
        results: looked.map((one) => resultOf(one.knowledge, one.beside)),
        hashes: hashes.length,
        rejected: [...rejected],
        problems: [...new Set(looked.flatMap(({ knowledge }) => knowledge.problems))],
        elapsedMs: performance.now() - started,
      };
    },

    async ask(text, sources, again) {
      const looked = await lookAtOne(parts, text);
      const refused: { source: SourceId; sentence: string }[] = [];
      let queued = 0;
      for (const id of new Set(sources)) {
        const source = looked.beside.sources.find(({ provider }) => provider.facts.source === id);
        const sentence = refusalOf(source, id, looked, again);
        if (sentence !== null) {
          refused.push({ source: id, sentence });
        } else if (source !== undefined) {
          const done = await enqueue(parts, source, looked, again);
          queued += done.queued;
          if (done.notMade > 0) {
            refused.push({ source: id, sentence: AT_MAXIMUM });
          }
        }
      }
      return { queued, refused };
    },

    async page(text, id) {
      const looked = await lookAtOne(parts, text);
      const source = looked.beside.sources.find(({ provider }) => provider.facts.source === id);
      const { offline } = await parts.settings.get();
      return pageOf(source, id, looked, offline);
    },
  };
}

async function lookAtOne(parts: LookupParts, text: string): Promise<Looked> {
  const digest = parseDigest(text);
  if (digest === null) {
    throw new AppError(
      'INVALID_ARGUMENT',
      'That is no hash: an MD5 has 32 hex digits, a SHA-1 has 40, a SHA-256 has 64.',
    );
  }
  const hash: SingleHash = { kind: digest.kind, hash: digest.hex };
  const [looked] = await look(parts, [hash]);
  if (looked === undefined) {
    throw new TypeError('a hash was looked at and nothing came back');
  }
  return looked;
}

/** Why a source is not asked about a hash; null when it is. */
function refusalOf(source: SourceNow | undefined, id: SourceId, looked: Looked, again: boolean): string | null {
  const { knowledge, beside } = looked;
  if (source === undefined) {
    return `This version cannot ask ${sourceLabel(id)}.`;
  }
  const cannot = cannotAsk(source, knowledge, beside);
  if (cannot !== null || again) {
    return cannot;
  }
  return isDue(answerOf(source, looked), source.config.recheckMinutes, beside)
    ? null
    : `${sourceLabel(id)} has answered, and the answer is not due yet. Ask again to spend a call on it.`;
}

/** What the source answered before; null when it was never asked. */
function answerOf({ provider }: SourceNow, { knowledge, beside }: Looked): HashKnowledge['items'][number] | null {
  return worstItem(knowledge.items, provider.facts.source, beside.policy)?.item ?? null;
}

/** Puts a hash into the queue with a person waiting; one that waits there already goes to the front. */
async function enqueue(
  parts: LookupParts,
  source: SourceNow,
  looked: Looked,
  again: boolean,
): Promise<{ readonly queued: number; readonly notMade: number }> {
  const digest = digestFor(source, looked.knowledge);
  if (digest === null) {
    return { queued: 0, notMade: 0 };
  }
  const code = sourceCode(source.provider.facts.source);
  const { queued, alreadyQueued, notMade } = await parts.database.write(
    'enqueue',
    {
      source: code,
      kind: digest.kind,
      digests: bytesOf(digest.hash),
      purpose: 'person',
      intakeId: null,
      stage: 0,
      stopOnMalicious: false,
      // What a person was shown as due is asked about, also a pending answer that is younger than the stale age.
      force: again || answerOf(source, looked) !== null,
      // Where batches tell less, one call tells a person everything. Where it only looks further, it follows at need.
      single: source.provider.facts.singleCalls?.(source.config) === 'details',
      mostNew: await parts.room(1, new AbortController().signal),
      at: parts.clock.now(),
    },
    'person',
  );
  await countNotMade(parts.database, { at: parts.clock.now(), source: code, amount: notMade });
  return { queued: queued + alreadyQueued, notMade };
}

function pageOf(source: SourceNow | undefined, id: SourceId, looked: Looked, offline: boolean): string {
  const { knowledge, beside } = looked;
  const kept = mayLeave(knowledge, beside);
  if (kept !== null) {
    // The address holds the hash: opening it would tell the source.
    throw new AppError('FORBIDDEN', `The page was not opened. ${kept}`);
  }
  if (offline) {
    throw new AppError('FORBIDDEN', 'The page was not opened: Assay is offline. Go online first.');
  }
  const page = beside.hasPages ? (source?.provider.page(digestSetOf(knowledge), source.config) ?? null) : null;
  if (source === undefined || page === null) {
    throw new AppError('NOT_FOUND', `${sourceLabel(id)} has no page about this hash.`);
  }
  return checkedPage(page, source.provider.facts.pageHosts?.(source.config) ?? [new URL(source.config.url).host]);
}

function bytesOf(hash: HexDigest): Uint8Array {
  return Buffer.from(hash, 'hex');
}
