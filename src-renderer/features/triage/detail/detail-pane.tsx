import { useState, type ReactNode } from 'react';
import type { EntryDetail } from '#shared/contract/intake.ts';
import { verdictBasisLabel } from '#shared/domain/why.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { ListAndSets } from '../../../components/list-and-sets.tsx';
import { ConflictMark, StatusWord } from '../../../components/status.tsx';
import { useNow } from '../../../components/use-now.ts';
import { age, time } from '../../../components/words.ts';
import { AnnotateDialog, WrittenOn } from '../../annotations/index.ts';
import { Digests } from './digests.tsx';
import { HistoryOfRow } from './history.tsx';
import { SourceAnswers } from './source-answers.tsx';
import { WhereSeen } from './where-seen.tsx';

interface Props {
  readonly intakeId: number;
  readonly entry: number | null;
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
    'annotations',
  ]);
  return (
    <aside className="detail" aria-label="Detail of the row">
      <div className="body" tabIndex={0} role="region" aria-label="Detail">
        {error === null ? null : (
          <p className="middle" role="alert">
            {error}
          </p>
        )}
        {value === null || value.entry !== entry ? null : (
          <Detail key={value.entry} intakeId={intakeId} detail={value} zone={zone} />
        )}
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

function Detail({
  intakeId,
  detail,
  zone,
}: Pick<Props, 'intakeId' | 'zone'> & { readonly detail: EntryDetail }): ReactNode {
  const { verdict, triaged } = detail;
  const [isAnnotating, setAnnotating] = useState(false);
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
      <WrittenOn annotations={detail.annotations} zone={zone} onChange={() => setAnnotating(true)} />
      {isAnnotating ? (
        <AnnotateDialog
          target={{ kind: 'rows', intakeId, selection: { kind: 'entries', entries: [detail.entry] } }}
          onClose={() => setAnnotating(false)}
        />
      ) : null}
      <SourceAnswers detail={detail} zone={zone} />
      <HistoryOfRow hash={detail.hash} zone={zone} now={now} />
      <ListAndSets detail={detail} zone={zone} />
      <Digests detail={detail} />
      <WhereSeen detail={detail} zone={zone} />
    </>
  );
}
