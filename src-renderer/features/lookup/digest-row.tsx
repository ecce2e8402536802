import type { ReactNode } from 'react';
import { DIGEST_LABEL, type DigestKind } from '#shared/domain/hash.ts';
import { say, sayFault } from '../../app/store.ts';
import { HashText } from '../../components/hash-text.tsx';
import { Icon } from '../../components/icon.tsx';

/** One digest of a list of them: its kind, the whole of it where there is room, what ties it to the file, and a copy. */
export function DigestRow({
  kind,
  hash,
  words,
  className,
}: {
  readonly kind: DigestKind;
  readonly hash: string;
  readonly words: string;
  readonly className: string;
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
      <dd className={className}>
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
