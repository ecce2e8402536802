import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { useCall } from '../bridge/use-call.ts';
import { Icon } from '../components/icon.tsx';
import { askSync, requestRun, showJob } from '../features/sync/index.ts';
import { USAGE_ACTIONS } from '../features/usage/index.ts';
import { useModal } from '../components/use-modal.ts';
import { counted, number } from '../components/words.ts';
import { holdQueue, showBelow } from './asking.ts';
import { chooseFiles } from './choose-files.ts';
import { answerText, hashesIn, isLookUp, lookUp } from './look-up.ts';
import { KEYS, keyName, presentRows, pressOnRows } from './keys/keys.ts';
import { toggleOffline } from './offline.ts';
import { startDemo } from './start-demo.ts';
import { chooseOpenAs } from './open-as.ts';
import { openIntake, readFiles, readSample, readText, setOverlay, show, useApp } from './store.ts';
import { toggleTheme } from './theme.ts';
import { VIEW_LABELS, viewKey, VIEWS, type View } from './views.ts';

interface Action {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly run: () => void;
}

const ACTIONS: readonly Action[] = [
  {
    id: 'files',
    label: 'Choose files to read…',
    hint: '',
    run: () => void chooseFiles().then((files) => readFiles(files)),
  },
  {
    id: 'folder',
    label: 'Choose a folder to hash…',
    hint: '',
    run: () => void chooseFiles('folder').then((files) => readFiles(files, 'sample')),
  },
  { id: 'open-as', label: 'Open files as…', hint: '', run: () => void chooseOpenAs() },
  { id: 'paste', label: 'Read pasted text…', hint: 'Ctrl V', run: () => setOverlay('paste') },
  { id: 'sample', label: 'Open the sample list', hint: '', run: () => void readSample() },
  ...VIEWS.map((view) => ({
    id: `view-${view}`,
    label: `Go to ${VIEW_LABELS[view]}`,
    hint: viewKey(view),
    run: () => (view === 'triage' ? openIntake(null) : show(view)),
  })),
  { id: 'queue', label: 'Show the queue', hint: '', run: () => showBelow('queue') },
  { id: 'record', label: 'Show the record of requests: what left this machine', hint: '', run: () => showBelow('log') },
  ...USAGE_ACTIONS.map((action) => ({ ...action, hint: '' })),
  { id: 'offline', label: 'Go offline or online', hint: '', run: toggleOffline },
  {
    id: 'pause',
    label: 'Pause asking all sources',
    hint: '',
    run: () => void holdQueue({}, true),
  },
  {
    id: 'resume',
    label: 'Resume asking all sources',
    hint: '',
    run: () => void holdQueue({}, false),
  },
  { id: 'demo', label: 'Start the demonstration with simulated sources', hint: '', run: () => void startDemo() },
  { id: 'verify-report', label: 'Verify a report…', hint: '', run: () => setOverlay('verify-report') },
  { id: 'theme', label: 'Switch between light and dark', hint: '', run: toggleTheme },
  { id: 'keys', label: 'Show the keyboard map', hint: '?', run: () => setOverlay('keys') },
];

/** Runs of every sync job, and a new job. Where something is missing, the job says what. */
function syncActions(jobs: readonly SyncJobView[]): readonly Action[] {
  return [
    {
      id: 'sync-new',
      label: 'New sync job…',
      hint: '',
      run: () => {
        show('sync');
        askSync('new');
      },
    },
    ...jobs.flatMap((job) => [
      {
        id: `sync-run-${job.id}`,
        label: `Run sync job ${job.name} now…`,
        hint: '',
        run: () => {
          showJob(job.id);
          askSync('run');
        },
      },
      {
        id: `sync-dry-${job.id}`,
        label: `Dry run of ${job.name}`,
        hint: '',
        run: () => void requestRun(job, 'dry-run'),
      },
    ]),
  ];
}

/** What the rows of the present view can do; none where there are no rows. */
function rowActions(view: View): readonly Action[] {
  const place = VIEW_LABELS[view];
  return presentRows() === null
    ? []
    : KEYS.flatMap(({ keys, does, where, press }) =>
        press !== undefined && (where === 'Rows' || where.includes(place))
          ? [{ id: `key-${keys.replace(' ', '-')}`, label: does, hint: keys, run: () => pressOnRows(press) }]
          : [],
      );
}

/** What a text that holds hashes can be: looked up at once, or read as a list of its own. */
function textActions(text: string): readonly Action[] {
  const hashes = hashesIn(text);
  if (hashes === 0) {
    return [];
  }
  const list: Action = { id: 'read', label: 'Read this text as a list', hint: '', run: () => void readText(text) };
  const label = hashes === 1 ? 'Look up this hash' : `Look up these ${number(hashes)} hashes`;
  return isLookUp(text) ? [{ id: 'lookup', label, hint: 'Enter', run: () => lookUp(text) }, list] : [list];
}

/** One field for everything: actions, intakes by title, and pasted hashes. */
export function Palette(): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const view = useApp((state) => state.view);
  const platform = useApp((state) => state.boot?.platform);
  const canStartDemo = useApp((state) => state.boot?.canStartDemo === true);
  const { value: intakes } = useCall('intake.list', { offset: 0, limit: 500 });
  const { value: sync } = useCall('sync.jobs', {});
  useModal(dialog);

  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const intakeActions = (intakes?.rows ?? []).map((intake): Action => ({
      id: `intake-${intake.id}`,
      label: intake.title,
      hint: counted(intake.accounting.hashes, 'hash', 'hashes'),
      run: () => openIntake(intake.id),
    }));
    const matching = [...rowActions(view), ...ACTIONS, ...syncActions(sync?.jobs ?? []), ...intakeActions].filter(
      (action) => action.label.toLowerCase().includes(wanted) && (action.id !== 'demo' || canStartDemo),
    );
    return [...textActions(text), ...matching];
  }, [text, intakes, sync, view, canStartDemo]);
  const current = Math.min(place, Math.max(0, found.length - 1));

  const run = (action: Action | undefined): void => {
    if (action !== undefined) {
      setOverlay('none');
      action.run();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setPlace((current + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[current]);
    } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      setOverlay('none');
    }
  };
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label="Find an action, an intake or a view"
      onCancel={(event) => {
        event.preventDefault();
        setOverlay('none');
      }}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && setOverlay('none')}
    >
      <div className="palettefield">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length === 0 ? undefined : `palette-${found[current]?.id ?? ''}`}
          aria-label="Action, intake or pasted hashes"
          placeholder="Type an action, an intake, or paste hashes"
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setPlace(0);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain');
            if (pasted.includes('\n') && hashesIn(pasted) > 0) {
              // The field has one line: a text of several is answered as it is, before it is run together.
              event.preventDefault();
              setOverlay('none');
              answerText(pasted);
            }
          }}
        />
      </div>
      <ul id="palette-list" role="listbox" aria-label="Results">
        {found.map((action, index) => (
          <li
            key={action.id}
            id={`palette-${action.id}`}
            role="option"
            aria-selected={index === current}
            onClick={() => run(action)}
            onPointerMove={() => setPlace(index)}
          >
            <span className="cut">{action.label}</span>
            <span className="t2 tiny">{keyName(action.hint, platform)}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="palettenone t2">Nothing matches.</p> : null}
    </dialog>
  );
}
