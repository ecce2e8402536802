import type { ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { openIntake } from '../../../app/store.ts';
import { counted, number, time } from '../../../components/words.ts';

/** Where the hash stands in this list and in others, and what the list carried with it. */
export function WhereSeen({
  detail,
  zone,
}: {
  readonly detail: EntryDetail;
  readonly zone: Preferences['times'];
}): ReactNode {
  const first = detail.occurrences[0];
  return (
    <section>
      <div className="sectionhead">
        <h2>Where seen</h2>
        <span className="tiny t2">{counted(detail.occurrenceCount, 'place')}</span>
      </div>
      <ul className="places small">
        {detail.occurrences.slice(0, 8).map((place, index) => (
          <li key={index} className="cut">
            {place.file}
            {place.line === 0 ? '' : `, line ${number(place.line)}`}
            {place.column === null ? '' : `, column ${number(place.column)}`}
          </li>
        ))}
        {detail.occurrenceCount > 8 ? (
          <li className="t2">and {counted(detail.occurrenceCount - 8, 'more place')}</li>
        ) : null}
      </ul>
      {detail.elsewhere.length === 0 ? null : (
        <ul className="places small">
          {detail.elsewhere.map((other) => (
            <li key={other.intakeId} title={time(other.createdAt, zone)}>
              <button type="button" className="linkbutton" onClick={() => openIntake(other.intakeId)}>
                {other.title}
              </button>
              , line {number(other.line)}
            </li>
          ))}
        </ul>
      )}
      {first === undefined || detail.columns.length === 0 ? null : (
        <dl className="kv carried">
          {detail.columns.map((name, place) => (
            <CarriedField key={`${name}:${place}`} name={name} value={first.carried[place] ?? ''} />
          ))}
        </dl>
      )}
    </section>
  );
}

function CarriedField({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return value === '' ? null : (
    <>
      <dt className="cut" title={name}>
        {name}
      </dt>
      <dd className="wrap span2">{value}</dd>
    </>
  );
}
