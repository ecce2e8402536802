import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import { lookUp, typeText, useLookUp } from '../../app/look-up.ts';
import { readText, usePreferences } from '../../app/store.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Icon } from '../../components/icon.tsx';
import { Notice } from '../../components/notice.tsx';
import { counted, number } from '../../components/words.ts';
import { Picks } from './picks.tsx';
import { ResultPage } from './result-page.tsx';
import { NoHash, NothingAsked } from './states.tsx';

type Found = CallOutput<'lookup.find'>;

/** Any text in one field; what this machine knows about each hash in it, renewed whenever that changes. */
export function LookupView(): ReactNode {
  const { text, chosen } = useLookUp();
  const zone = usePreferences()?.times ?? 'local';
  const { value, error, loading } = useCall('lookup.find', text === '' ? null : { text }, [
    'items',
    'hash-list',
    'known-sets',
    'intakes',
    'settings',
    'queue',
    'sources',
    'annotations',
  ]);
  const found = text === '' || loading ? null : value;
  const shown = found?.results.find(({ hash }) => hash === chosen) ?? found?.results[0];
  return (
    <div className="view lookup">
      <LookupHead
        text={text}
        found={found}
        kind={found?.results.length === 1 ? DIGEST_LABEL[found.results[0]?.kind ?? 'md5'] : ''}
      />
      {error === null ? null : (
        <div className="middle" role="alert">
          <h2>The look-up failed</h2>
          <p>{error}</p>
        </div>
      )}
      {text === '' ? <NothingAsked /> : null}
      {found !== null && found.results.length === 0 && error === null ? <NoHash found={found} /> : null}
      {found === null || found.results.length === 0 || found.rejected.length === 0 ? null : (
        <Notice>{rejectedWords(found.rejected)}</Notice>
      )}
      {found === null || found.problems.length === 0 ? null : <Notice>{found.problems.join(' ')}</Notice>}
      {found === null || shown === undefined ? null : (
        <div className="lookupbody">
          {found.results.length > 1 ? (
            <Picks results={found.results} shown={shown.hash} more={found.hashes - found.results.length} />
          ) : null}
          <ResultPage
            key={shown.hash}
            result={shown}
            zone={zone}
            isKeyed={chosen === null}
            isWhole={found.problems.length === 0}
          />
        </div>
      )}
    </div>
  );
}

function LookupHead({
  text,
  found,
  kind,
}: {
  readonly text: string;
  readonly found: Found | null;
  readonly kind: string;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const typed = useLookUp((state) => state.typed);
  useEffect(() => {
    if (text === '') {
      field.current?.focus();
    }
  }, [text]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      lookUp(typed);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.currentTarget.closest('.view')?.querySelector<HTMLElement>('.lookupresult')?.focus();
    }
  };
  return (
    <div className="viewhead ruled">
      <h1>Look-up</h1>
      <label className="field lookupfield">
        <Icon name="search" />
        <span className="visually-hidden">Hashes, or any text that holds some</span>
        <input
          ref={field}
          type="text"
          className="mono"
          placeholder="An MD5, SHA-1 or SHA-256, or any text that holds some"
          value={typed}
          spellCheck={false}
          autoComplete="off"
          data-filter="true"
          onChange={(event) => typeText(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain');
            if (pasted.includes('\n')) {
              // A field of one line would run its lines together.
              event.preventDefault();
              lookUp(pasted);
            }
          }}
          onKeyDown={onKeyDown}
        />
        <span className="unit tiny">{kind}</span>
      </label>
      <div className="facts">{found === null ? null : <span>{factsOf(found)}</span>}</div>
      {found !== null && found.results.length > 1 ? (
        <button type="button" className="button" onClick={() => void readText(text)}>
          Keep as a list
        </button>
      ) : null}
    </div>
  );
}

/** What was left out beside the hashes that were found: the first by name, the others counted. */
function rejectedWords(rejected: Found['rejected']): string {
  const [first] = rejected;
  const more = rejected.length - 1;
  const others =
    more === 0 ? '' : ` So ${more === 1 ? 'is 1 more word' : `are ${number(more)} more words`} of the text.`;
  return first === undefined ? '' : `Left out: ${first.text} is no hash (${first.reason}).${others}`;
}

function factsOf({ results, hashes, elapsedMs }: Found): string {
  const what = results.length > 1 ? `${counted(hashes, 'hash', 'hashes')}, ` : '';
  const took = elapsedMs < 1 ? 'under 1 ms' : `${number(Math.round(elapsedMs))} ms`;
  return `${what}from this machine, ${took}`;
}
