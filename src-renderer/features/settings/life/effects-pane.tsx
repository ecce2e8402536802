import type { ReactNode } from 'react';
import type { SourceEffect } from '#shared/contract/life.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { Icon } from '../../../components/icon.tsx';
import { bytes, counted, number } from '../../../components/words.ts';
import { callsWords, cycleWords, fullWords, overdueWords, purgeWords } from './effect-words.ts';
import type { EffectsState } from './use-effects.ts';

interface Props extends EffectsState {
  readonly isFaulty: boolean;
  readonly isChanged: boolean;
}

/** What the values in the fields come to, whether they are saved or not. */
export function EffectsPane({ effects, isOld, error, again, isFaulty, isChanged }: Props): ReactNode {
  return (
    <aside className="lifeeffects" aria-label="Effect of these values" aria-busy={isOld && !isFaulty}>
      <h2>Effect of these values</h2>
      <p className="small t2" role="status">
        {stateWords(isFaulty, isOld, isChanged, error)}
      </p>
      {error === null ? null : (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      )}
      {effects === null ? (
        error === null ? (
          <span className="bone" />
        ) : null
      ) : (
        <dl className="effects">
          {effects.sources.map((source) => (
            <Source key={source.source} effect={source} />
          ))}
          <div>
            <dt>A purge would remove</dt>
            <dd>{purgeWords(effects.purge)}</dd>
          </div>
          <div>
            <dt>Size</dt>
            <dd>
              {bytes(effects.size.bytes)} of {bytes(effects.size.cap)}
              {fullWords(effects.size)}
            </dd>
          </div>
        </dl>
      )}
    </aside>
  );
}

function stateWords(isFaulty: boolean, isOld: boolean, isChanged: boolean, error: string | null): string {
  if (isFaulty) {
    return 'Of the last values that fit. Correct the marked fields.';
  }
  if (isOld) {
    return 'Counting…';
  }
  return (
    error ?? (isChanged ? 'Counted for the fields as they stand, not saved yet.' : 'Counted for the saved values.')
  );
}

function Source({ effect }: { readonly effect: SourceEffect }): ReactNode {
  return (
    <div>
      <dt>
        <b>{sourceLabel(effect.source)}</b> {counted(effect.items, 'item')}
      </dt>
      {effect.rescans && effect.items === 0 ? null : effect.rescans ? (
        <>
          <dd>{overdueWords(effect)}</dd>
          <dd>{number(effect.dueNextDay)} due in the next 24 h</dd>
          <dd>
            {callsWords(effect)}; {cycleWords(effect)}
          </dd>
          {effect.warning === '' ? null : (
            <dd className="fieldnote">
              <Icon name="note" small />
              {effect.warning}
            </dd>
          )}
        </>
      ) : (
        <dd className="t2">Not asked again. {effect.why}</dd>
      )}
    </div>
  );
}
