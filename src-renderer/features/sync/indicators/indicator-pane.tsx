import type { ReactNode } from 'react';
import type { SyncIndicatorView } from '#shared/contract/sync.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { REASON_WORDS } from '#shared/domain/sync-reasons.ts';
import { lookUp } from '../../../app/look-up.ts';
import { say, sayFault } from '../../../app/store.ts';
import { Pane } from '../../../components/pane.tsx';
import { number, time } from '../../../components/words.ts';

interface Props {
  readonly indicator: SyncIndicatorView;
  readonly zone: Preferences['times'];
  readonly onClose: () => void;
}

const STRENGTH = ['sha256', 'sha1', 'md5'] as const;

/** One indicator: what is searched for, what ThreatConnect says of it, where it is and why it is held back. */
export function IndicatorPane({ indicator, zone, onClose }: Props): ReactNode {
  const { terms, link } = indicator;
  const digest = STRENGTH.map((kind) => terms.find((term) => term.kind === kind)).find((term) => term !== undefined);
  return (
    <Pane label="Detail of the indicator" takesFocus={false} onClose={onClose}>
      <div className="body" tabIndex={0} role="region" aria-label="Detail">
        <section>
          <p className="mono wrap">{indicator.summary}</p>
          <p className="small t2 why">{whereWords(indicator)}</p>
        </section>
        <section>
          <div className="sectionhead">
            <h2>Searched for</h2>
          </div>
          <dl className="kv synckv">
            {terms.map(({ kind, value }) => (
              <div key={`${kind}:${value}`} className="kvrow">
                <dt>{kind}</dt>
                <dd className="mono wrap">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section>
          <div className="sectionhead">
            <h2>In ThreatConnect</h2>
          </div>
          <dl className="kv synckv">
            {factsOf(indicator, zone).map(([name, value]) => (
              <div key={name} className="kvrow">
                <dt>{name}</dt>
                <dd className="wrap">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <div className="foot">
        {digest === undefined ? null : (
          <button type="button" className="button" onClick={() => lookUp(digest.value)}>
            Look up
          </button>
        )}
        {link === '' ? null : (
          <button
            type="button"
            className="button"
            title={link}
            onClick={() => void navigator.clipboard.writeText(link).then(() => say('Link copied.'), sayFault)}
          >
            Copy link
          </button>
        )}
        <span className="grow" />
        <button type="button" className="button plain" onClick={onClose}>
          Close
        </button>
      </div>
    </Pane>
  );
}

function whereWords({ sent, held, heldBy, released, ...indicator }: SyncIndicatorView): string {
  const where = sent ? `In Threat Response, package ${indicator.package}.` : 'Not in Threat Response.';
  if (held === null) {
    return where;
  }
  const why = `${REASON_WORDS[held]}${heldBy === '' ? '' : `: ${heldBy}`}`;
  return `${where} ${released ? 'Released all the same' : 'Held back'}: ${why}${why.endsWith('.') ? '' : '.'}`;
}

function factsOf(
  { id, owner, rating, confidence, threatAssess, falsePositives, tags, modifiedAt }: SyncIndicatorView,
  zone: Preferences['times'],
): readonly (readonly [string, string])[] {
  const word = (value: number | null): string => (value === null ? 'none' : number(value));
  return [
    ['Owner', owner],
    ['Threat Rating', word(rating)],
    ['Confidence', word(confidence)],
    ['ThreatAssess', word(threatAssess)],
    ['False Positives', number(falsePositives)],
    ['Tags', tags.length === 0 ? 'none' : tags.join(', ')],
    ['Last Modified', time(modifiedAt / 1000, zone)],
    ['Id', String(id)],
  ];
}
