import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useApp } from '../../app/store.ts';
import { ListAndSets } from '../../components/list-and-sets.tsx';
import { ConflictMark, StatusWord } from '../../components/status.tsx';
import { useKeptFocus } from '../../components/use-kept-focus.ts';
import { useNow } from '../../components/use-now.ts';
import { counted } from '../../components/words.ts';
import { AnnotateDialog, WrittenOn } from '../annotations/index.ts';
import { addToList, askSources, callsOf, dueSources } from './actions.ts';
import { HistorySection } from './history-section.tsx';
import { Matrix } from './matrix.tsx';
import { RawAnswers } from './raw-answers.tsx';
import { SameFile, WhereKept } from './same-file.tsx';

/** How often ages and due times are drawn anew while a source is being asked, in milliseconds. */
const BUSY_STEP = 1_000;
const CALM_STEP = 20_000;
const DAY = 86_400;
/** Until the settings are there. */
const STALE_DAYS = 30;

interface Props {
  readonly result: LookupResult;
  readonly zone: Preferences['times'];
  /** Takes the keyboard when it appears, so that its keys work at once. */
  readonly isKeyed: boolean;
  /** False when a known set could not be read: then nothing is said about what no set holds. */
  readonly isWhole: boolean;
}

/** One hash: the verdict and why, what can be done, every source side by side, the file's digests, where it was seen. */
export function ResultPage({ result, zone, isKeyed, isWhole }: Props): ReactNode {
  const region = useRef<HTMLDivElement>(null);
  useKeptFocus(region);
  const isBusy = result.sources.some(({ queued }) => queued !== null);
  const now = useNow(isBusy ? BUSY_STEP : CALM_STEP);
  useEffect(() => {
    if (isKeyed) {
      region.current?.focus();
    }
  }, [isKeyed]);
  const staleDays = useApp((state) => state.boot?.settings.staleAfterDays ?? STALE_DAYS);
  const [isAnnotating, setAnnotating] = useState(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const side = event.key === 'm' ? 'malicious' : event.key === 'g' ? 'non-malicious' : null;
    if (isPlain && event.key === 't') {
      event.preventDefault();
      setAnnotating(true);
    } else if (side !== null && isPlain) {
      event.preventDefault();
      void addToList(result, side);
    }
  };
  return (
    <div
      className="lookupresult"
      ref={region}
      tabIndex={0}
      role="region"
      aria-label={`What is known about ${result.hash}`}
      onKeyDown={onKeyDown}
    >
      <Answer result={result} isWhole={isWhole} />
      <Matrix result={result} zone={zone} now={now} staleAfter={staleDays * DAY} />
      <HistorySection result={result} zone={zone} now={now} />
      <div className="below">
        <SameFile result={result} />
        <WhereKept result={result} zone={zone} now={now} />
      </div>
      <div className="listfacts">
        <WrittenOn annotations={result.annotations} zone={zone} onChange={() => setAnnotating(true)} />
        <ListAndSets detail={result} zone={zone} />
      </div>
      <RawAnswers result={result} />
      {isAnnotating ? (
        <AnnotateDialog target={{ kind: 'hashes', hashes: [result.hash] }} onClose={() => setAnnotating(false)} />
      ) : null}
    </div>
  );
}

/** The one answer of the view, large, with its reason and what can be done about it. */
function Answer({ result, isWhole }: Pick<Props, 'result' | 'isWhole'>): ReactNode {
  const { verdict, hash, sources } = result;
  const due = dueSources(sources);
  const calls = callsOf(due);
  const conflict = conflictWords(result);
  return (
    <div className="lookuphead">
      <div className="grow">
        <div className="row">
          <StatusWord status={verdict.status} large />
          {conflict === '' ? null : (
            <span className="row medium">
              <ConflictMark words={conflict} />
              {conflict}
            </span>
          )}
        </div>
        <p className="why" aria-live="polite">
          {result.why} <span className="t2">{absenceWords(result, isWhole)}</span>
        </p>
      </div>
      <div className="row wrapping">
        <button type="button" className="button" onClick={() => void addToList(result, 'malicious')}>
          Add as malicious <kbd>m</kbd>
        </button>
        <button type="button" className="button" onClick={() => void addToList(result, 'non-malicious')}>
          Add as known good <kbd>g</kbd>
        </button>
        {due.length === 0 ? null : (
          <button
            type="button"
            className="button primary"
            onClick={() =>
              void askSources(
                hash,
                due.map(({ source }) => source),
                false,
              )
            }
          >
            Ask due sources, {counted(calls, 'call')}
          </button>
        )}
      </div>
    </div>
  );
}

/** "1 of 2 sources disagrees", counted over the sources that judged. */
function conflictWords({ verdict, sources, otherItems }: LookupResult): string {
  if (!verdict.flags.includes('conflict')) {
    return '';
  }
  const isBad = (status: string): boolean => status === 'malicious' || status === 'suspicious';
  const judged = [...sources.flatMap(({ item }) => (item === null ? [] : [item])), ...otherItems].filter(
    ({ status }) => isBad(status) || status === 'non-malicious',
  );
  const against = judged.filter(({ status }) => isBad(status) !== isBad(verdict.status)).length;
  return against === 0 || judged.length < 2
    ? 'answers disagree'
    : `${against} of ${judged.length} sources ${against === 1 ? 'disagrees' : 'disagree'}`;
}

/** What does not speak: said once, so that nobody looks for it below. */
function absenceWords({ listEntries, sets }: LookupResult, isWhole: boolean): string {
  const parts = [
    ...(listEntries.length === 0 ? ['not on the hash list'] : []),
    ...(sets.length === 0 && isWhole ? ['in no known set'] : []),
  ];
  const text = parts.join(', ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
