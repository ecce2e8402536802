import { useCallback, useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Job } from '#shared/contract/app.ts';
import type { GridQuery, GridRow, InputFileView, Selection } from '#shared/contract/intake.ts';
import { JobProgress } from '../../../app/frame/job-progress.tsx';
import { openIntake, setPreferences, useApp, usePreferences } from '../../../app/store.ts';
import { useRowHeight } from '../../../app/theme.ts';
import { call } from '../../../bridge/client.ts';
import { useCall } from '../../../bridge/use-call.ts';
import { useIsNarrow } from '../../../components/use-is-narrow.ts';
import { useNow } from '../../../components/use-now.ts';
import { counted, number } from '../../../components/words.ts';
import { Grid } from '../../../grid/grid.tsx';
import { countSelected, NOTHING_SELECTED } from '../../../grid/selection.ts';
import { isShown } from '../../../grid/shown-columns.ts';
import { AnnotateDialog, TagStrip, useWritten } from '../../annotations/index.ts';
import { addToList, copyHashes, fault, selectionOf } from '../actions.ts';
import { triageColumns } from '../columns.tsx';
import { CountsStrip } from './counts-strip.tsx';
import { DetailPane } from '../detail/detail-pane.tsx';
import { ReportDialog } from '../../report/index.ts';
import { IntakeHead } from './intake-head.tsx';
import { IntakeNotices } from './intake-notices.tsx';
import { IntakeTools } from './intake-tools.tsx';
import { NothingMatches } from './nothing-matches.tsx';
import { EVERYTHING, isFiltered, restsOnWritten, withSort } from '../query.ts';
import { ScanDialog } from '../scan/scan-dialog.tsx';
import { ScanProgress } from '../scan/scan-progress.tsx';
import { useScan } from '../scan/use-scan.ts';
import { useAnnouncedRows } from './use-announced-rows.ts';
import { useKeptOrder } from './use-kept-order.ts';

const GRID = 'triage';
const NO_INPUTS: readonly InputFileView[] = [];
const NONE_EMPTY: readonly number[] = [];
const NO_COUNTS = { malicious: 0, suspicious: 0, 'non-malicious': 0, pending: 0, unknown: 0, conflict: 0, stale: 0 };

/** One intake: its accounting, counts, rows, and the detail of one row. */
export function IntakePage({ intakeId }: { readonly intakeId: number }): ReactNode {
  const preferences = usePreferences();
  const zone = preferences?.times ?? 'local';
  const rowHeight = useRowHeight();
  const now = useNow();
  const isNarrow = useIsNarrow();
  const [narrowDetail, setNarrowDetail] = useState(false);
  const job = useApp((state) => state.jobs.find((one) => one.intakeId === intakeId && one.kind === 'intake') ?? null);
  const reading = job?.state === 'running';
  const got = useCall('intake.get', { intakeId }, [
    'intakes',
    'verdicts',
    'items',
    'hash-list',
    'known-sets',
    'settings',
  ]);
  const intake = got.value?.intake ?? null;
  const inputs = got.value?.inputs ?? NO_INPUTS;
  const emptyColumns = got.value?.emptyColumns ?? NONE_EMPTY;
  // An archive that holds nothing but lists is no place a row came from.
  const places = inputs.filter(({ records }) => records > 0).length;
  const outer = outerOf(inputs);
  const isWaiting = intake === null || reading || intake.state === 'ready' || intake.state === 'cancelled';
  const hasRows = intake !== null && !reading && (intake.state === 'ready' || intake.state === 'cancelled');

  const [query, setQuery] = useState<GridQuery>(EVERYTHING);
  const [selection, setSelection] = useState(NOTHING_SELECTED);
  const [currentRow, setCurrentRow] = useState<GridRow | null>(null);
  const [exporting, setExporting] = useState(false);
  const [annotated, setAnnotated] = useState<Selection | null>(null);
  const written = useWritten(hasRows ? intakeId : null);
  const writing = useApp((state) => state.jobs.find((one) => isWriting(one, intakeId)) ?? null);
  const version = intake === null ? 0 : intake.judgedSeq;
  const rows = useKeptOrder(intakeId, hasRows ? query : null);
  const { kept } = rows;
  const total = kept?.total ?? 0;
  const orderKey = kept?.key ?? '';
  const [seenOrder, setSeenOrder] = useState(orderKey);
  const [seenTurn, setSeenTurn] = useState(written.turn);
  if (seenOrder !== orderKey) {
    // The same positions are other rows now. Everything of the query stays everything.
    setSeenOrder(orderKey);
    setSeenTurn(written.turn);
    if (selection.positions.size > 0) {
      setSelection(NOTHING_SELECTED);
    }
  }

  const onQuery = useCallback((next: GridQuery) => {
    setQuery(next);
    setSelection(NOTHING_SELECTED);
  }, []);
  const shown = kept?.query ?? null;
  const fetchRows = useCallback(
    async (offset: number, limit: number) =>
      shown === null ? [] : (await call('intake.rows', { intakeId, query: shown, offset, limit })).rows,
    [intakeId, shown],
  );
  const onCurrent = useCallback((row: GridRow | null) => setCurrentRow(row), []);

  const remembered = preferences?.columns[GRID] ?? { hidden: [], widths: {} };
  const tagsWidth = remembered.widths['tags'];
  const all = useMemo(
    () => triageColumns(intake?.columns ?? [], zone, now, written, places, tagsWidth, { empty: emptyColumns, outer }),
    [intake?.columns, zone, now, written, places, tagsWidth, emptyColumns, outer],
  );
  const columns = all.filter((column) => isShown(column, remembered));
  const remember = (change: Partial<typeof remembered>): void =>
    setPreferences({ columns: { ...preferences?.columns, [GRID]: { ...remembered, ...change } } });
  // In a narrow window the pane covers the rows: there it opens only when asked for, and nothing is remembered.
  const wantsDetail = isNarrow ? narrowDetail : preferences?.detailOpen === true;
  const toggleDetail = (): void =>
    isNarrow ? setNarrowDetail(!narrowDetail) : setPreferences({ detailOpen: !wantsDetail });

  const named = (current: GridRow | null = currentRow): ReturnType<typeof selectionOf> =>
    selectionOf({ intakeId, query: shown ?? query, selection, total, current });
  const selected = countSelected(selection, total);
  const scan = useScan({ intake: hasRows ? intake : null, selected, resolve: named });
  const annotate = (row: GridRow | null = currentRow): void => {
    named(row).then(setAnnotated, fault);
  };
  const onKey = (event: KeyboardEvent, row: GridRow | null): boolean => {
    if (event.key === 'c') {
      void copyHashes(intakeId, named(row), 'list');
    } else if (event.ctrlKey || event.metaKey) {
      return false;
    } else if (event.key === 'e') {
      setExporting(true);
    } else if (event.key === 't') {
      annotate(row);
    } else if (event.key === 's') {
      scan.open();
    } else if (event.key === 'm' || event.key === 'g') {
      void addToList(intakeId, named(row), event.key === 'm' ? 'malicious' : 'non-malicious');
    } else if (event.key === 'Escape') {
      if (isNarrow && wantsDetail) {
        toggleDetail();
      } else if (isFiltered(query)) {
        onQuery({ ...EVERYTHING, sort: query.sort, descending: query.descending });
      } else {
        openIntake(null);
      }
    } else {
      return false;
    }
    return true;
  };

  const title = intake?.title ?? job?.title ?? 'Intake';
  useEffect(() => {
    useApp.setState({ title });
    return () => useApp.setState({ title: '' });
  }, [title]);

  const detailOpen = wantsDetail && hasRows && total > 0;
  useAnnouncedRows(hasRows && kept !== null && !rows.loading ? { total, intake, queryKey: orderKey } : null);
  return (
    <section className="view">
      <IntakeHead intake={intake} inputs={inputs} title={title} />
      <IntakeNotices intake={intake} inputs={inputs} error={got.error} onAgain={got.again} reading={reading} />
      <CountsStrip
        counts={(reading ? job.counts : intake?.counts) ?? NO_COUNTS}
        query={query}
        onQuery={onQuery}
        disabled={!hasRows}
      />
      <TagStrip
        tags={written.tags}
        chosen={query.tags ?? []}
        onChosen={(tags) => onQuery({ ...query, tags })}
        disabled={!hasRows}
      />
      {reading ? <JobProgress job={job} /> : null}
      {writing === null ? null : <JobProgress job={writing} named />}
      <ScanProgress intakeId={intakeId} />
      <IntakeTools
        intake={intake}
        disabled={!hasRows}
        query={query}
        onQuery={onQuery}
        columns={all}
        choice={remembered}
        onChoice={remember}
        onExport={() => setExporting(true)}
        scanLabel={scan.label}
        isScanning={scan.isRunning}
        onScan={scan.open}
        onDetail={toggleDetail}
        detailOpen={detailOpen}
        selected={selected}
        onCopy={(as) => void copyHashes(intakeId, named(), as)}
        onList={(side) => void addToList(intakeId, named(), side)}
        onAnnotate={() => annotate()}
      />
      <div className="split">
        <div className="gridwrap">
          {rows.error !== null ? (
            // Rows of the query before would stand under a filter they do not answer.
            <div className="gridscroll" role="alert">
              <div className="middle">
                <h2>The rows could not be shown</h2>
                <p className="t2">{rows.error}</p>
                <button type="button" className="button" onClick={rows.retry}>
                  Try again
                </button>
              </div>
            </div>
          ) : hasRows && kept !== null ? (
            <Grid
              label={`Hashes of ${intake.title}`}
              columns={columns}
              widths={remembered.widths}
              onWidth={(id, width) => remember({ widths: { ...remembered.widths, [id]: width } })}
              rowHeight={rowHeight}
              total={total}
              queryKey={orderKey}
              // Both only grow: the sum is another one when either is.
              version={version + written.turn}
              fetchRows={fetchRows}
              sort={{ by: query.sort, descending: query.descending }}
              onSort={(by) => onQuery(withSort(query, by))}
              selection={selection}
              onSelection={setSelection}
              onCurrent={onCurrent}
              onOpen={toggleDetail}
              onKey={onKey}
              takesFocus
              empty={<NothingMatches query={query} intake={intake} onQuery={onQuery} />}
            />
          ) : isWaiting ? (
            <Bones />
          ) : (
            <div className="gridscroll" />
          )}
          <div className="gridfoot">
            <span>
              {hasRows && kept !== null && rows.error === null
                ? `${counted(total, 'row')}${total === intake.accounting.hashes ? '' : ` of ${number(intake.accounting.hashes)}`}`
                : ''}
            </span>
            {selected > 0 ? <span>{number(selected)} selected</span> : null}
            {hasRows &&
            kept !== null &&
            (kept.judgedSeq < version || (restsOnWritten(query) && seenTurn !== written.turn)) ? (
              <button
                type="button"
                className="linkbutton"
                title="Verdicts, notes or tags changed since these rows were chosen and ordered"
                onClick={rows.orderAgain}
              >
                Order again
              </button>
            ) : null}
            <span className="end keyhints">
              <span>
                <kbd>j</kbd> <kbd>k</kbd> row
              </span>
              <span>
                <kbd>x</kbd> select
              </span>
              <span>
                <kbd>c</kbd> copy
              </span>
              <span>
                <kbd>m</kbd> <kbd>g</kbd> list
              </span>
              <span>
                <kbd>t</kbd> tags
              </span>
              <span>
                <kbd>?</kbd> all keys
              </span>
            </span>
          </div>
        </div>
        {detailOpen ? (
          <DetailPane intakeId={intakeId} entry={currentRow?.entry ?? null} zone={zone} onClose={toggleDetail} />
        ) : null}
      </div>
      {annotated === null ? null : (
        <AnnotateDialog target={{ kind: 'rows', intakeId, selection: annotated }} onClose={() => setAnnotated(null)} />
      )}
      {scan.target === null ? null : <ScanDialog intakeId={intakeId} target={scan.target} onClose={scan.close} />}
      {exporting && intake !== null ? (
        <ReportDialog
          intakeId={intakeId}
          query={query}
          total={total}
          everything={intake.accounting.hashes}
          selected={selected}
          resolve={named}
          onClose={() => setExporting(false)}
        />
      ) : null}
    </section>
  );
}

/** The one thing that was dropped, by name; '' for several. */
function outerOf(inputs: readonly InputFileView[]): string {
  const [outer, ...others] = inputs.filter(({ inside }) => inside === undefined);
  return outer === undefined || others.length > 0 ? '' : outer.name;
}

/** A step that writes on rows of this intake and is under way. */
function isWriting(job: Job, intakeId: number): boolean {
  return job.kind === 'annotate' && job.intakeId === intakeId && job.state === 'running';
}

/** Rows in outline while nothing can be shown yet. */
function Bones(): ReactNode {
  return (
    <div className="bones" aria-hidden="true">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="gr">
          <span className="bone" />
        </div>
      ))}
    </div>
  );
}
