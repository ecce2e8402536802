import type { ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import type { DigestKind } from '#shared/domain/hash.ts';
import { DigestRow } from '../../lookup/index.ts';

/** The digests of the row and those learned elsewhere, each with what ties it to the row. */
export function Digests({ detail }: { readonly detail: EntryDetail }): ReactNode {
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
          <DigestRow key={`${kind}:${hash}`} kind={kind} hash={hash} words={link} className="row tiny t2" />
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
