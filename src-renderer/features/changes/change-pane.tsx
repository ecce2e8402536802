import type { ReactNode } from 'react';
import type { ChangeRow } from '#shared/contract/history.ts';
import { DIGEST_KINDS } from '#shared/domain/hash.ts';
import { sourceLabel } from '#shared/domain/source.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { threatText } from '#shared/domain/threat-text.ts';
import { lookUp } from '../../app/look-up.ts';
import { openIntake } from '../../app/store.ts';
import { changeWords } from '../../components/history/history-words.ts';
import { Pane } from '../../components/pane.tsx';
import { StatusWord } from '../../components/status.tsx';
import { counted, time } from '../../components/words.ts';
import { DigestRow } from '../lookup/index.ts';
import { hashOf } from './columns.tsx';

interface Props {
  readonly change: ChangeRow;
  readonly zone: Preferences['times'];
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

/** One change: what became what, and every kept list it touches, one step away. */
export function ChangePane({ change, zone, takesFocus, onClose }: Props): ReactNode {
  const { after, source, at, from, digests, intakes, intakeCount } = change;
  const threat = threatText(source, after.threat);
  const unnamed = intakeCount - intakes.length;
  return (
    <Pane label="Detail of the change" takesFocus={takesFocus} onClose={onClose}>
      <div className="body" tabIndex={0} role="region" aria-label="Detail">
        <section>
          <StatusWord status={after.status} large />
          <p className="small why">
            {sourceLabel(source)}: {changeWords(change)}, heard {time(at, zone)}. What it said before had stood since{' '}
            {time(from, zone)}.
          </p>
          {threat === null ? null : <p className="small t2 why">Threat name: {threat}</p>}
        </section>
        <section>
          <div className="sectionhead">
            <h2>Lists</h2>
            <span className="tiny t2">{intakeCount === 0 ? '' : counted(intakeCount, 'kept list')}</span>
          </div>
          {intakeCount === 0 ? <p className="small t2">In no list that is kept.</p> : null}
          <ul className="places small">
            {intakes.map(({ intakeId, title }) => (
              <li key={intakeId}>
                <button type="button" className="linkbutton cut" onClick={() => openIntake(intakeId)}>
                  {title}
                </button>
              </li>
            ))}
            {unnamed > 0 ? <li className="t2">and {counted(unnamed, 'older one')}</li> : null}
          </ul>
        </section>
        <section>
          <div className="sectionhead">
            <h2>Digests</h2>
          </div>
          <dl className="kv">
            {DIGEST_KINDS.toReversed().map((kind) => {
              const hash = digests[kind];
              return hash === undefined ? null : (
                <DigestRow key={kind} kind={kind} hash={hash} words="" className="row tiny t2" />
              );
            })}
          </dl>
        </section>
      </div>
      <div className="foot">
        <button type="button" className="button" data-first onClick={() => lookUp(hashOf(change))}>
          Look up
        </button>
        <span className="grow" />
        <button type="button" className="button plain" onClick={onClose}>
          Close
        </button>
      </div>
    </Pane>
  );
}
