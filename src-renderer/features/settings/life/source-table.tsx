import type { ReactNode } from 'react';
import type { LifeEffects } from '#shared/contract/life.ts';
import type { SourceView } from '#shared/contract/sources.ts';
import { FieldNotes, UnitField } from '../../../components/unit-field.tsx';
import type { LifeDraft, LifeFaults, SourceDraft } from './draft.ts';
import { changeSource } from './drafts.ts';

interface Props {
  readonly sources: readonly SourceView[];
  readonly draft: LifeDraft;
  readonly faults: LifeFaults;
  readonly effects: LifeEffects | null;
}

/** What each source has of its own. Sources without new items follow the global interval alone. */
export function SourceTable({ sources, draft, faults, effects }: Props): ReactNode {
  return (
    <div className="lifescroll">
      <table className="sheet lifesources">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Rescans</th>
            <th scope="col">Maximum Age of New Items</th>
            <th scope="col">Rescan New Item Interval</th>
            <th scope="col">Pending recheck</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((view) => {
            const own = draft.sources[view.source];
            const warning = effects?.sources.find(({ source }) => source === view.source)?.warning ?? '';
            return own === undefined ? null : (
              <Row key={view.source} view={view} own={own} faults={faults} warning={warning} />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Row(props: {
  readonly view: SourceView;
  readonly own: SourceDraft;
  readonly faults: LifeFaults;
  readonly warning: string;
}): ReactNode {
  const { view, own, faults, warning } = props;
  const { source, label, facts, config } = view;
  const isPublic = config.plan === 'public';
  const idOf = (field: string): string => `life-${source}-${field}`;
  const field = (name: Exclude<keyof SourceDraft, 'rescans'>, title: string, unit: string): ReactNode => (
    <UnitField
      id={idOf(name)}
      label={`${title} of ${label}`}
      value={own[name]}
      onValue={(value) => changeSource(source, { [name]: value })}
      unit={unit}
      numeric
      placeholder="none"
      fault={faults[`${source} ${name}`]}
    />
  );
  const notes = ['newItemDays', 'newItemHours', 'recheckMinutes'].map(
    (name) => [idOf(name), faults[`${source} ${name}`]] as const,
  );
  const hasNotes = warning !== '' || notes.some(([, fault]) => fault !== undefined);
  return (
    <>
      <tr className={hasNotes ? 'noted' : undefined}>
        <th scope="row">{label}</th>
        <td>
          <input
            type="checkbox"
            role="switch"
            className="switch"
            aria-label={`Rescans of ${label}`}
            disabled={isPublic}
            checked={own.rescans && !isPublic}
            onChange={() => changeSource(source, { rescans: !own.rescans })}
          />
        </td>
        {isPublic ? (
          <td colSpan={2} className="t2">
            A public key asks for nothing by itself
          </td>
        ) : facts.hasNewItems ? (
          <>
            <td>{field('newItemDays', 'Maximum Age of New Items', 'days')}</td>
            <td>{field('newItemHours', 'Rescan New Item Interval', 'hours')}</td>
          </>
        ) : (
          <td colSpan={2} className="t2">
            The interval of all sources alone
          </td>
        )}
        <td>{field('recheckMinutes', 'Pending recheck', 'min')}</td>
      </tr>
      {hasNotes ? (
        <tr className="lifenotes">
          <td colSpan={5}>
            <FieldNotes faults={notes} hints={warning === '' ? [] : [warning]} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
