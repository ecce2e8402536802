import type { ReactNode } from 'react';
import { REPORT_FORMAT } from '#shared/domain/report.ts';
import { usePreferences } from '../../app/store.ts';
import { useCall } from '../../bridge/use-call.ts';
import { bytes, counted, time } from '../../components/words.ts';

/** Reports that were made of this intake; nothing where there are none. */
export function MadeReports({ intakeId }: { readonly intakeId: number }): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const { value } = useCall('report.list', { intakeId });
  if (value === null || value.reports.length === 0) {
    return null;
  }
  return (
    <details className="madereports small">
      <summary>{counted(value.reports.length, 'report')} made of this intake</summary>
      <ul>
        {value.reports.map((report) => (
          <li key={report.id}>
            <span className="t2">{time(report.madeAt, zone)}</span> {REPORT_FORMAT[report.format].label},{' '}
            {counted(report.rows, 'row')}, {bytes(report.bytes)}
            <span className="cut t2" title={report.path}>
              {report.path}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
