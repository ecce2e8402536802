import type { ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { openIntake } from '../../app/store.ts';
import { DigestRow } from './digest-row.tsx';
import { age, number, time } from '../../components/words.ts';

const LINK_WORDS: Readonly<Record<LookupResult['aliases'][number]['link'], string>> = {
  computed: 'computed by Assay',
  source: 'said by a source',
  team: 'a hash-list entry',
};

/** The digests of the file, each with what ties it to the asked one. */
export function SameFile({ result }: { readonly result: LookupResult }): ReactNode {
  const { hash, kind, aliases } = result;
  const all = [
    { kind, hash, words: 'looked up' },
    ...aliases.map((alias) => ({ ...alias, words: LINK_WORDS[alias.link] })),
  ];
  return (
    <section aria-label="Same file">
      <h2 className="small t2 medium">Same file</h2>
      <dl className="kv samefile">
        {all.map((digest) => (
          <DigestRow
            key={`${digest.kind}:${digest.hash}`}
            kind={digest.kind}
            hash={digest.hash}
            words={digest.words}
            className="row small t2 nowrap"
          />
        ))}
      </dl>
      {aliases.length === 0 ? <p className="small t2">No other digest of this file is known.</p> : null}
    </section>
  );
}

/** Kept intakes that hold the hash. */
export function WhereKept({
  result,
  zone,
  now,
}: {
  readonly result: LookupResult;
  readonly zone: Preferences['times'];
  readonly now: number;
}): ReactNode {
  return (
    <section aria-label="Where seen">
      <h2 className="small t2 medium">Where seen</h2>
      {result.seenIn.length === 0 ? <p className="small t2">In no list that is kept.</p> : null}
      <ul className="kept small">
        {result.seenIn.map((place) => (
          <li key={place.intakeId}>
            <span className="row cut">
              <button type="button" className="linkbutton cut" onClick={() => openIntake(place.intakeId)}>
                {place.title}
              </button>
              {place.embargo ? <span className="tag">embargo</span> : null}
            </span>
            <span className="t2 cut">{place.line === 0 ? place.file : `line ${number(place.line)}`}</span>
            <span className="num t2" title={time(place.createdAt, zone)}>
              {age(place.createdAt, now)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
