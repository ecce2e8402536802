import { useEffect, useState, type ReactNode } from 'react';
import type { GridQuery, Selection } from '#shared/contract/intake.ts';
import type { ReportStatement } from '#shared/contract/report.ts';
import { REPORT_FORMAT, REPORT_FORMATS, tooManyRows, type ReportFormat } from '#shared/domain/report.ts';
import { DEFAULT_PREFERENCES } from '#shared/settings/plain.ts';
import { say, sayFault, setOverlay, setPreferences, useAnalyst, usePreferences } from '../../app/store.ts';
import { call, sentenceOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/use-call.ts';
import { Choice } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useIsOpen } from '../../components/use-is-open.ts';
import { useOneRun } from '../../components/use-one-run.ts';
import { number } from '../../components/words.ts';
import { EVERYTHING, isFiltered } from '../triage/query.ts';
import { MadeReports } from './made-reports.tsx';
import { PreviewPane } from './preview-pane.tsx';
import { StatementFields } from './statement-fields.tsx';

interface Props {
  readonly intakeId: number;
  readonly query: GridQuery;
  readonly total: number;
  readonly everything: number;
  readonly selected: number;
  readonly resolve: () => Promise<Selection | null>;
  readonly onClose: () => void;
}

type Which = 'selected' | 'shown' | 'all';

const ALL: Selection = { kind: 'query', query: { ...EVERYTHING, sort: 'position', descending: false } };

/** Which rows, in which form, said by whom, and how it will look. The file is written in the background. */
export function ReportDialog(props: Props): ReactNode {
  const { intakeId, query, selected, total, everything, onClose } = props;
  const remembered = usePreferences()?.report ?? DEFAULT_PREFERENCES.report;
  const analyst = useAnalyst();
  const [which, setWhich] = useState<Which>(selected > 0 ? 'selected' : isFiltered(query) ? 'shown' : 'all');
  const [format, setFormat] = useState<ReportFormat>(remembered.format);
  const [statement, setStatement] = useState<ReportStatement>({
    title: '',
    examiner: remembered.examiner === '' ? analyst : remembered.examiner,
    caseName: remembered.caseName,
    note: '',
  });
  const [fault, setFault] = useState<string | null>(null);
  const { isRunning, run } = useOneRun();
  const isOpen = useIsOpen();
  const picked = usePicked(props);
  const { value: offered } = useCall('report.formats', {});
  const missing = (offered?.formats ?? []).filter(({ unavailable }) => unavailable !== null);
  const usable = REPORT_FORMATS.filter((one) => !missing.some((other) => other.format === one));
  const form = usable.includes(format) ? format : 'html';
  const selection = which === 'selected' ? picked : which === 'shown' ? ({ kind: 'query', query } as const) : ALL;
  const rows = which === 'selected' ? selected : which === 'shown' ? total : everything;
  const tooMany = tooManyRows(form, rows);
  const wanted = selection === null ? null : { intakeId, selection, format: form, statement };

  const start = async (): Promise<void> => {
    if (wanted === null || tooMany !== null) {
      return;
    }
    setFault(null);
    setPreferences({ report: { format: form, examiner: statement.examiner, caseName: statement.caseName } });
    try {
      const { jobId } = await call('report.start', wanted);
      if (jobId !== null && isOpen()) {
        onClose();
      }
    } catch (error) {
      if (isOpen()) {
        setFault(sentenceOf(error));
      } else {
        sayFault(error);
      }
    }
  };
  return (
    <Dialog
      title="Export a report"
      action="Export"
      broad
      disabled={wanted === null || offered === null || tooMany !== null || isRunning}
      onClose={onClose}
      onAction={() => run(start)}
      aside={
        <>
          <VerifyLink onClose={onClose} />
          {/* Beside the button it is the reason of, where nothing is moved by it. */}
          {tooMany === null ? null : (
            <p role="alert" className="small">
              {tooMany}
            </p>
          )}
        </>
      }
    >
      <div className="reportpanes">
        <div className="reportchoices">
          <Choice
            legend="Rows"
            value={which}
            onValue={setWhich}
            options={[
              ...(selected > 0 ? [{ value: 'selected' as const, label: `Selected, ${number(selected)}` }] : []),
              ...(isFiltered(query)
                ? [{ value: 'shown' as const, label: `Shown by the filter, ${number(total)}` }]
                : []),
              { value: 'all' as const, label: `All, ${number(everything)}` },
            ]}
          />
          <Choice
            legend="Form"
            value={form}
            onValue={setFormat}
            options={usable.map((one) => ({
              value: one,
              label: REPORT_FORMAT[one].label,
              hint: tooManyRows(one, rows) === null ? REPORT_FORMAT[one].use : mostWords(one),
            }))}
          />
          {missing.map((one) => (
            <p key={one.format} className="small t2">
              {REPORT_FORMAT[one.format].label} cannot be made here. {one.unavailable}
            </p>
          ))}
          <StatementFields statement={statement} onStatement={setStatement} />
          <MadeReports intakeId={intakeId} />
          {fault === null ? null : <p role="alert">{fault}</p>}
        </div>
        <PreviewPane wanted={wanted} />
      </div>
    </Dialog>
  );
}

/** "at most 20,000 rows", of a form that holds fewer than are chosen. */
function mostWords(format: ReportFormat): string {
  return `at most ${number(REPORT_FORMAT[format].mostRows ?? 0)} rows`;
}

/** The rows picked by hand, by what they are: looked up once, when the dialog opens. */
function usePicked({ selected, resolve, onClose }: Props): Selection | null {
  const [picked, setPicked] = useState<Selection | null>(null);
  useEffect(() => {
    let isOpen = true;
    if (selected > 0) {
      resolve().then(
        (found) => isOpen && setPicked(found),
        (error: unknown) => {
          if (!isOpen) {
            return;
          }
          onClose();
          if (error instanceof RangeError) {
            say(error.message, { isError: true });
          } else {
            sayFault(error);
          }
        },
      );
    }
    return () => {
      isOpen = false;
    };
    // The dialog is modal: what was selected when it opened stays selected.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  return picked;
}

function VerifyLink({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <button
      type="button"
      className="linkbutton"
      onClick={() => {
        onClose();
        setOverlay('verify-report');
      }}
    >
      Verify a report…
    </button>
  );
}
