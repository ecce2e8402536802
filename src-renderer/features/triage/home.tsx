import { useEffect, type ReactNode } from 'react';
import type { IntakeSummary } from '#shared/contract/intake.ts';
import { chooseFiles } from '../../app/choose-files.ts';
import { KeyCap } from '../../app/keys/key-cap.tsx';
import { chooseOpenAs } from '../../app/open-as.ts';
import { startDemo } from '../../app/start-demo.ts';
import { openIntake, readFiles, readSample, setOverlay, show, useApp, usePreferences } from '../../app/store.ts';
import { useCall } from '../../bridge/use-call.ts';
import { StatusMark } from '../../components/status.tsx';
import { useNow } from '../../components/use-now.ts';
import { age, counted, number, time } from '../../components/words.ts';
import { UsageStrip } from '../usage/index.ts';

const RECENT = 50;

/** Where a session starts: the drop area, and the intakes that are kept. */
export function Home(): ReactNode {
  const { value, error, again } = useCall('intake.list', { offset: 0, limit: RECENT }, ['intakes', 'verdicts']);
  const total = value?.total ?? 0;
  return (
    <section className="view">
      <div className="viewhead">
        <h1>Triage</h1>
        <div className="facts">
          <span>{value === null ? '' : total === 0 ? 'No intakes yet' : counted(total, 'intake')}</span>
        </div>
      </div>
      {error === null ? null : (
        <div className="notice" role="alert">
          <span>{error}</span>
          <button type="button" className="button compact" onClick={again}>
            Try again
          </button>
        </div>
      )}
      <div className={total === 0 ? 'first' : 'first kept'}>
        <div className="box">
          <DropArea />
          <UsageStrip />
          {value === null ? null : total === 0 ? <FirstSteps /> : <Recent rows={value.rows} total={total} />}
        </div>
      </div>
    </section>
  );
}

function DropArea(): ReactNode {
  return (
    <div className="droparea">
      <p className="big">Drop a hash list, an archive or a folder anywhere in this window</p>
      <p className="t2">
        Every MD5, SHA-1 and SHA-256 in it is answered from this machine first. Nothing is sent until you have seen what
        it costs.
      </p>
      <div className="row centre">
        <button
          type="button"
          className="button primary"
          onClick={() => void chooseFiles().then((files) => readFiles(files))}
        >
          Choose files…
        </button>
        <button type="button" className="button" onClick={() => void chooseOpenAs()}>
          Open as…
        </button>
        <button type="button" className="button" onClick={() => setOverlay('paste')}>
          Paste <KeyCap keys="Ctrl V" />
        </button>
      </div>
      <p className="tiny t3">
        CSV, TSV, md5sum, hashdeep, JSON, STIX, MISP, OpenIOC, event logs, package lists, Excel workbooks, PDF, web
        pages, plain text, gzip of lists, and all of these in zip and 7z. Other files are hashed, never run or sent.
      </p>
    </div>
  );
}

function FirstSteps(): ReactNode {
  const stats = useApp((state) => state.boot?.stats);
  const canStartDemo = useApp((state) => state.boot?.canStartDemo === true);
  return (
    <>
      <div className="steps">
        <div>
          <h2>Try a sample list</h2>
          <p className="small t2">
            An autoruns export of one host, with duplicates, rows without a hash and trap columns.
          </p>
          <button type="button" className="button" onClick={() => void readSample()}>
            Open sample
          </button>
        </div>
        {canStartDemo ? (
          <div>
            <h2>Try simulated sources</h2>
            <p className="small t2">
              Sources simulated on this machine, in a data directory of their own. Every answer is marked as simulated.
            </p>
            <button type="button" className="button" onClick={() => void startDemo()}>
              Start the demonstration
            </button>
          </div>
        ) : (
          <div>
            <h2>Add a known set</h2>
            <p className="small t2">
              An offline list of known files, good files or bad files, with its edition and date.
            </p>
            <button type="button" className="button" onClick={() => show('known-sets')}>
              Import a set
            </button>
          </div>
        )}
        <div>
          <h2>Connect a source</h2>
          <p className="small t2">
            WildFire, Recorded Future, ReversingLabs or VirusTotal. A key stays in the system’s keychain; quotas are
            kept.
          </p>
          <button type="button" className="button" onClick={() => show('sources')}>
            Add a key
          </button>
        </div>
      </div>
      <p className="firstfoot small t2">
        <span>
          Cache: {stats === undefined || stats.items === 0 ? 'empty' : counted(stats.items, 'item')} · Hash list:{' '}
          {number(stats?.listEntries ?? 0)} · Known sets: {number(stats?.knownSets ?? 0)}
        </span>
        <span>
          <KeyCap keys="Ctrl K" /> everything, <kbd>?</kbd> keys
        </span>
      </p>
    </>
  );
}

function Recent({ rows, total }: { readonly rows: readonly IntakeSummary[]; readonly total: number }): ReactNode {
  const zone = usePreferences()?.times ?? 'local';
  const now = useNow();
  useReturnTo(rows);
  return (
    <div className="recent">
      <h2>Recent intakes</h2>
      <table className="sheet">
        <thead>
          <tr>
            <th scope="col">Intake</th>
            <th scope="col" className="num">
              Malicious
            </th>
            <th scope="col" className="num">
              Suspicious
            </th>
            <th scope="col" className="num">
              Hashes
            </th>
            <th scope="col">State</th>
            <th scope="col" className="num">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((intake) => (
            <tr key={intake.id}>
              <td>
                <button
                  type="button"
                  className="linkbutton"
                  data-row-link={intake.id}
                  onClick={() => openIntake(intake.id)}
                >
                  {intake.title}
                </button>
                {intake.embargo ? <span className="tag">never ask</span> : null}
                {intake.note === '' ? null : (
                  <span className="notecell t2" title={intake.note}>
                    {intake.note.split('\n', 1)[0]}
                  </span>
                )}
              </td>
              <td className="num">
                <Count status="malicious" value={intake.counts.malicious} />
              </td>
              <td className="num">
                <Count status="suspicious" value={intake.counts.suspicious} />
              </td>
              <td className="num">{number(intake.accounting.hashes)}</td>
              <td className="t2">
                {intake.state === 'ready' ? (intake.fault === null ? '' : 'with a fault') : intake.state}
              </td>
              <td className="num t2" title={time(intake.createdAt, zone)}>
                {age(intake.createdAt, now)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > rows.length ? (
        <p className="small t2">
          The newest {rows.length} of {counted(total, 'intake')}. <KeyCap keys="Ctrl K" /> finds them by title.
        </p>
      ) : null}
    </div>
  );
}

function Count({ status, value }: { readonly status: 'malicious' | 'suspicious'; readonly value: number }): ReactNode {
  return value === 0 ? (
    <span className="t3">0</span>
  ) : (
    <span className="row end">
      <StatusMark status={status} />
      {number(value)}
    </span>
  );
}

/** Coming back from an intake, the keyboard stands on its name again. */
function useReturnTo(rows: readonly IntakeSummary[]): void {
  const cameFrom = useApp((state) => state.cameFrom);
  const isListed = rows.some((intake) => intake.id === cameFrom);
  useEffect(() => {
    if (isListed && document.activeElement === document.body) {
      document.querySelector<HTMLElement>(`[data-row-link="${cameFrom}"]`)?.focus();
    }
  }, [isListed, cameFrom]);
}
