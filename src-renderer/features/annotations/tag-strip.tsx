import type { ReactNode } from 'react';
import { tagKey, type TagCount } from '#shared/domain/annotation.ts';
import { number } from '../../components/words.ts';

/** Tags shown; the filter field finds the others. */
const SHOWN = 24;

interface Props {
  readonly tags: readonly TagCount[];
  readonly chosen: readonly string[];
  readonly onChosen: (tags: string[]) => void;
  readonly disabled: boolean;
}

/** Tags on the rows of a list; pressing one shows only rows that carry it, pressing several those that carry any. */
export function TagStrip({ tags, chosen, onChosen, disabled }: Props): ReactNode {
  const isChosen = (tag: string): boolean => chosen.some((one) => tagKey(one) === tagKey(tag));
  // What is chosen can always be let go, also when no row carries it any more.
  const gone = chosen.filter((tag) => !tags.some((one) => tagKey(one.tag) === tagKey(tag)));
  const shown = [
    ...tags.filter(({ tag }, rank) => rank < SHOWN || isChosen(tag)),
    ...gone.map((tag) => ({ tag, count: 0 })),
  ];
  if (shown.length === 0) {
    return null;
  }
  return (
    <div className="tagstrip" role="group" aria-label="Tags; press to filter">
      {shown.map(({ tag, count }) => (
        <button
          key={tagKey(tag)}
          type="button"
          className="chip"
          disabled={disabled}
          aria-pressed={isChosen(tag)}
          onClick={() =>
            onChosen(isChosen(tag) ? chosen.filter((one) => tagKey(one) !== tagKey(tag)) : [...chosen, tag])
          }
        >
          <span className="cut">{tag}</span>
          <span className="t2">{number(count)}</span>
        </button>
      ))}
      {tags.length > SHOWN ? (
        <span className="tiny t2">{number(tags.length - SHOWN)} more; Filter finds them by name.</span>
      ) : null}
    </div>
  );
}
