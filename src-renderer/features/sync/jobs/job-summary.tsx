import type { ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { INDICATOR_TYPES } from '#shared/domain/indicator.ts';
import type { SyncJobConfig } from '#shared/settings/sync-job.ts';
import type { Preferences } from '#shared/settings/schema.ts';
import { time } from '../../../components/words.ts';
import { hostOf, reconcileWords, scheduleWords } from '../words.ts';
import { CopyTql } from './copy-tql.tsx';

interface Props {
  readonly job: SyncJobView;
  readonly zone: Preferences['times'];
}

/** What the chosen job pulls, from where to where, and the query of its next run. */
export function JobSummary({ job, zone }: Props): ReactNode {
  return (
    <>
      <section className="syncfacts" aria-label="What it pulls">
        <dl className="kv">
          {factsOf(job, zone).map(([name, value]) => (
            <div key={name} className="kvrow">
              <dt>{name}</dt>
              <dd className="cut" title={value}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="synctql" aria-label="TQL of the next run">
        <div className="row spread">
          <h2>TQL of the next run</h2>
          <CopyTql tql={job.tql} />
        </div>
        <p className="mono-11 t2 wrap">{job.tql === '' ? 'None: settings are missing.' : job.tql}</p>
      </section>
    </>
  );
}

function factsOf(
  { config, lastModified }: SyncJobView,
  zone: Preferences['times'],
): readonly (readonly [string, string])[] {
  const since =
    config.tql.trim() !== '' && !config.lastModifiedWithTql ? 'not applied' : time(lastModified / 1000, zone);
  return [
    ['From', config.threatConnectUrl === '' ? 'not set' : hostOf(config.threatConnectUrl)],
    ...(config.tql.trim() === '' ? criteriaOf(config) : ([['Criteria', 'own TQL']] as const)),
    ['Last Modified', since],
    ['To', config.taniumUrl === '' ? 'not set' : hostOf(config.taniumUrl)],
    ['Source', config.sourceName],
    ['Runs', scheduleWords(config)],
    ['Reconcile', reconcileWords(config)],
  ];
}

function criteriaOf(config: SyncJobConfig): readonly (readonly [string, string])[] {
  const least = (value: number | null): string => (value === null ? 'any' : `${value} or more`);
  const { owners, types, includeTags, excludeTags } = config;
  return [
    ['Owners', owners.length === 0 ? 'all that can be read' : owners.join(', ')],
    ['Types', (types.length === 0 ? INDICATOR_TYPES : types).join(', ')],
    ['Include Tags', includeTags.length === 0 ? 'any' : includeTags.join(', ')],
    ['Exclude Tags', excludeTags.length === 0 ? 'none' : excludeTags.join(', ')],
    ['ThreatAssess', least(config.minThreatAssess)],
    ['Confidence', least(config.minConfidence)],
    ['Threat Rating', least(config.minRating)],
    ['False Positives', config.maxFalsePositives === null ? 'any' : `${config.maxFalsePositives} at most`],
  ];
}
