import type { ReactNode } from 'react';
import type { LookupResult } from '#shared/contract/lookup.ts';
import { DIGEST_LABEL } from '#shared/domain/hash.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { openIntake, say, sayFault } from '../../app/store.ts';
import { HashText } from '../../components/hash-text.tsx';
import { Icon } from '../../components/icon.tsx';
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
          <Digest key={`${digest.kind}:${digest.hash}`} {...digest} />
        ))}
      </dl>
      {aliases.length === 0 ? <p className="small t2">No other digest of this file is known.</p> : null}
    </section>
  );
}

function Digest({
  kind,
  hash,
  words,
}: {
  readonly kind: LookupResult['kind'];
  readonly hash: string;
  readonly words: string;
}): ReactNode {
  const copy = (): void => {
    navigator.clipboard.writeText(hash).then(() => say(`${DIGEST_LABEL[kind]} copied.`), sayFault);
  };
  return (
    <>
      <dt>{DIGEST_LABEL[kind]}</dt>
      <dd>
        <HashText hash={hash} />
      </dd>
      <dd className="row small t2 nowrap">
        {words}
        <button
          type="button"
          className="button plain compact square"
          aria-label={`Copy ${DIGEST_LABEL[kind]}`}
          onClick={copy}
        >
          <Icon name="copy" small />
        </button>
      </dd>
    </>
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
