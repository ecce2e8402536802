import { Fragment, type ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { DIGEST_LABEL, type DigestKind } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { openIntake, say, sayFault } from '../../../app/store.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { Icon } from '../../../components/icon.tsx';
import { ConflictMark, StatusWord } from '../../../components/status.tsx';
import { useNow } from '../../../components/use-now.ts';
import { age, counted, number, time } from '../../../components/words.ts';

interface Props {
  readonly intakeId: number;
  readonly entry: number | null;
  readonly version: number;
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}

/** One row: the verdict, the rule behind it, every answer, and where the hash was seen. */
export function DetailPane({ intakeId, entry, zone, onClose }: Props): ReactNode {
  const { value, error } = useCall('intake.detail', entry === null ? null : { intakeId, entry }, [
    'verdicts',
    'items',
    'hash-list',
    'known-sets',
    'settings',
  ]);
  return (
    <aside className="detail" aria-label="Detail of the row">
      <div className="body" tabIndex={0} role="region" aria-label="Detail">
        {error === null ? null : (
          <p className="middle" role="alert">
            {error}
          </p>
        )}
        {value === null || value.entry !== entry ? null : <Detail detail={value} zone={zone} />}
      </div>
      <div className="foot">
        <span className="grow" />
        <button type="button" className="button plain" onClick={onClose}>
          Close
        </button>
      </div>
    </aside>
  );
}

function Detail({ detail, zone }: { readonly detail: EntryDetail; readonly zone: Preferences['times'] }): ReactNode {
  const { verdict, triaged } = detail;
  const now = useNow();
  const moved = triaged.status !== verdict.status || triaged.rule !== verdict.rule;
  return (
    <>
      <section>
        <div className="row spread">
          <StatusWord status={verdict.status} large />
          {verdict.flags.includes('conflict') ? (
            <span className="row tiny t2">
              <ConflictMark words="answers disagree" />
              answers disagree
            </span>
          ) : null}
        </div>
        <p className="small why">{detail.why}</p>
        <dl className="kv as-triaged">
          <dt>As triaged</dt>
          <dd>
            <span className="row">
              <StatusWord status={triaged.status} />
              <span className="t2 cut">{verdictBasisLabel(triaged)}</span>
            </span>
          </dd>
          <dd className="t2" title={time(detail.triagedAt, zone)}>
            {age(detail.triagedAt, now)}
          </dd>
          <dt>Now</dt>
          <dd>
            <span className="row">
              <StatusWord status={verdict.status} />
              <span className="t2 cut">{moved ? verdictBasisLabel(verdict) : 'unchanged'}</span>
            </span>
          </dd>
          <dd />
        </dl>
      </section>
      <Items detail={detail} zone={zone} />
      <ListAndSets detail={detail} zone={zone} />
      <Digests detail={detail} />
      <Where detail={detail} zone={zone} />
    </>
  );
}

function Items({ detail, zone }: { readonly detail: EntryDetail; readonly zone: Preferences['times'] }): ReactNode {
  const now = useNow();
  if (detail.items.length === 0) {
    return (
      <section>
        <div className="sectionhead">
          <h2>Sources</h2>
        </div>
        <p className="small t2">No source has answered for this hash.</p>
      </section>
    );
  }
  return (
    <section>
      <div className="sectionhead">
        <h2>Sources</h2>
        <span className="tiny t2">{counted(detail.items.length, 'answer')}</span>
      </div>
      <table className="answers">
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Answer</th>
            <th scope="col" className="num">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {detail.items.map((item, index) => (
            <Fragment key={`${item.source}:${index}`}>
              <tr>
                <td>{sourceLabel(item.source)}</td>
                <td>
                  <StatusWord status={item.status} />
                  {item.noAnswer === null ? null : (
                    <span className="sub">
                      {item.noAnswer === 'not-known' ? 'asked, does not know it' : 'could not be asked'}
                    </span>
                  )}
                </td>
                <td className="num" title={time(item.scannedAt, zone)}>
                  {age(item.scannedAt, now)}
                  {item.stale ? <span className="sub">stale</span> : null}
                </td>
              </tr>
              <tr className="more">
                <td colSpan={3}>{itemWords(item)}</td>
              </tr>
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const LINK_WORDS: Readonly<Record<EntryDetail['items'][number]['link'], string>> = {
  direct: '',
  computed: 'linked by bytes Assay read',
  source: 'linked by a source',
  team: 'linked by a hash-list entry',
  asserted: 'linked only by this list',
};

function itemWords(item: EntryDetail['items'][number]): string {
  const parts = [
    item.threat,
    item.score === null ? null : `score ${number(item.score)}`,
    item.rawCode === null ? null : `code ${item.rawCode}`,
    item.firstSeen === null ? null : `first seen ${time(item.firstSeen, 'utc').slice(0, 10)}`,
    item.matchedBy === 'sha256' ? null : `matched by ${DIGEST_LABEL[item.matchedBy]} alone`,
    LINK_WORDS[item.link],
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

function ListAndSets({
  detail,
  zone,
}: {
  readonly detail: EntryDetail;
  readonly zone: Preferences['times'];
}): ReactNode {
  const now = useNow();
  if (detail.listEntries.length === 0 && detail.sets.length === 0) {
    return null;
  }
  return (
    <section>
      {detail.listEntries.map((entry) => (
        <div key={entry.id} className="fact">
          <div className="sectionhead">
            <h2>Hash list</h2>
            <StatusWord status={entry.side} />
          </div>
          <p className="small">{[entry.note, entry.reason].filter((text) => text !== '').join(' · ') || 'No note.'}</p>
          <p className="tiny t2" title={time(entry.addedAt, zone)}>
            {entry.addedBy}, {age(entry.addedAt, now)}
            {entry.expiresAt === null ? '' : `, expires ${time(entry.expiresAt, zone)}`}
          </p>
        </div>
      ))}
      {detail.sets.map((set) => (
        <div key={set.id} className="fact">
          <div className="sectionhead">
            <h2>{set.name}</h2>
            <span className="tag">{set.mark}</span>
          </div>
          <p className="tiny t2">
            Edition {set.edition || 'not named'}
            {set.datedAt === null ? ', undated' : `, ${time(set.datedAt, 'utc').slice(0, 10)}`}
          </p>
        </div>
      ))}
    </section>
  );
}

function Digests({ detail }: { readonly detail: EntryDetail }): ReactNode {
  const own = (['sha256', 'sha1', 'md5'] as const).flatMap((kind) => {
    const hash = detail.digests[kind];
    return hash === undefined ? [] : [{ kind, hash, link: ownLink(detail, kind) }];
  });
  const learned = detail.aliases.map((alias) => ({ ...alias, link: `from ${alias.link}` }));
  return (
    <section>
      <div className="sectionhead">
        <h2>Digests</h2>
      </div>
      <dl className="kv">
        {[...own, ...learned].map(({ kind, hash, link }) => (
          <Digest key={`${kind}:${hash}`} kind={kind} hash={hash} link={link} />
        ))}
      </dl>
    </section>
  );
}

function ownLink(detail: EntryDetail, kind: DigestKind): string {
  if (detail.digestLink === 'single' || kind === detail.kind) {
    return '';
  }
  return detail.digestLink === 'computed' ? 'computed' : 'said by the list';
}

function Digest({
  kind,
  hash,
  link,
}: {
  readonly kind: DigestKind;
  readonly hash: string;
  readonly link: string;
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
      <dd className="row tiny t2">
        {link}
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

function Where({ detail, zone }: { readonly detail: EntryDetail; readonly zone: Preferences['times'] }): ReactNode {
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
