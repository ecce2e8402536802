import type { ReactNode } from 'react';
import type { LookupSource } from '#shared/contract/lookup.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { counted, number } from '../../components/words.ts';
import { askSources, openPage } from './actions.ts';

interface Props {
  readonly hash: string;
  readonly source: LookupSource;
  /** True where no heading says what a press does. */
  readonly isAlone?: boolean;
}

/** Asks one source about one hash, with what it costs; or what it waits for; or why it cannot be asked. */
export function SourceAsk({ hash, source, isAlone = false }: Props): ReactNode {
  const { price, queued, cannotAsk } = source;
  if (queued !== null) {
    return (
      <span className="t2" title={queued}>
        {queued}
      </span>
    );
  }
  if (price === null) {
    return (
      <span className="t3" title={cannotAsk ?? ''}>
        {cannotAsk}
      </span>
    );
  }
  const again = !source.due;
  const isAnother = again || source.item !== null;
  const label = `Ask ${sourceLabel(source.source)}${isAnother ? ' again' : ''}: ${priceWords(source)}`;
  return (
    <button
      type="button"
      className="linkbutton"
      aria-label={label}
      title={label}
      onClick={() => void askSources(hash, [source.source], again)}
    >
      {isAlone ? `Ask${isAnother ? ' again' : ''}, ${priceWords(source)}` : priceWords(source)}
    </button>
  );
}

/** "1 request", "1 of 207 requests left". */
function priceWords({ price }: Pick<LookupSource, 'price'>): string {
  if (price === null) {
    return '';
  }
  const unit = price.unit === 'request' ? 'request' : 'hash';
  const many = price.unit === 'request' ? 'requests' : 'hashes';
  return price.left === null
    ? counted(price.billed, unit, many)
    : `${number(price.billed)} of ${counted(price.left, unit, many)} left`;
}

/** Opens the source's own page about the hash, where it has one. */
export function SourcePage({ hash, source, isAlone = false }: Props): ReactNode {
  return source.hasPage ? (
    <button
      type="button"
      className="linkbutton"
      aria-label={
        isAlone
          ? `Open its page: ${sourceLabel(source.source)}, in the browser`
          : `Open ${sourceLabel(source.source)}'s page in the browser`
      }
      onClick={() => openPage(hash, source.source)}
    >
      {isAlone ? 'Open its page' : 'Open'}
    </button>
  ) : isAlone ? null : (
    <span className="t3">–</span>
  );
}
