import type { ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { DIGEST_LABEL, type DigestKind } from '#shared/domain/hash.ts';
import { say, sayFault } from '../../../app/store.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { Icon } from '../../../components/icon.tsx';

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
