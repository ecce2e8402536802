import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { SyncJobView } from '#shared/contract/sync.ts';
import { Fault } from '../fake-bridge.ts';
import { bootstrap } from '../world.ts';
import { button, openSync, told } from './open-sync.ts';
import { counts, dryRun, newJob, NOW_MS, run, syncJob } from './sync-world.ts';

describe('threat sync without a job', () => {
  it('teaches what a job does and makes one, inactive, that opens at its settings', async () => {
    const made = newJob();
    const jobs: SyncJobView[] = [];
    const bridge = await openSync([], {
      'sync.jobs': () => ({ jobs }),
      'sync.create': () => {
        jobs.push(made);
        return made;
      },
    });
    expect(await screen.findByRole('heading', { name: 'No sync job yet' })).toBeDefined();
    fireEvent.click(await button('New job…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'New sync job' }));
    const action = dialog.getByRole<HTMLButtonElement>('button', { name: 'Make the job' });
    expect(action.disabled).toBe(true);
    fireEvent.change(dialog.getByLabelText('Name'), { target: { value: '  Fresh ' } });
    fireEvent.click(action);
    expect(await screen.findByRole('form', { name: 'Settings of Fresh' })).toBeDefined();
    expect(bridge.inputsOf('sync.create')).toEqual([{ name: 'Fresh', change: {} }]);
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Parameters'));
    expect(screen.getByRole<HTMLInputElement>('switch', { name: /^Fresh/ }).checked).toBe(false);
  });

  it('offers the demonstration where one can be started', async () => {
    const bridge = await openSync([], {
      'app.bootstrap': () => bootstrap({ canStartDemo: true }),
      'app.startDemo': () => ({}),
    });
    fireEvent.click(await button('Try it with simulators'));
    await waitFor(() => expect(bridge.inputsOf('app.startDemo')).toHaveLength(1));
  });

  it('says that jobs could not be read, and reads them again', async () => {
    let isBroken = true;
    await openSync([], {
      'sync.jobs': () => (isBroken ? new Fault('The database is locked by a backup.') : { jobs: [syncJob()] }),
    });
    expect(await screen.findByText(/locked by a backup/)).toBeDefined();
    expect(screen.queryByText('No sync job yet')).toBeNull();
    isBroken = false;
    fireEvent.click(await button('Try again'));
    expect(await button(/^Emotet and QakBot/)).toBeDefined();
  });
});

describe('the list of jobs', () => {
  it('shows state, counts and next run of each, and what the chosen one pulls', async () => {
    await openSync([syncJob(), newJob()]);
    const list = within(await screen.findByRole('region', { name: 'Jobs' }));
    expect(list.getByText('12,418 sent, 2 held back')).toBeDefined();
    expect(list.getByText('never ran')).toBeDefined();
    const facts = within(screen.getByRole('region', { name: 'What it pulls' }));
    expect(facts.getByText('acme.threatconnect.example')).toBeDefined();
    expect(facts.getByText('500 or more')).toBeDefined();
    fireEvent.click(list.getByRole('button', { name: /^Fresh/ }));
    expect(facts.getByText('all that can be read')).toBeDefined();
  });

  it('switches a job off, and says why one cannot be switched on', async () => {
    const bridge = await openSync([syncJob(), newJob()], {
      'sync.activate': ({ jobId, active }) =>
        jobId === 4 ? new Fault('ThreatConnect Address is not set.', 'CONFLICT') : syncJob({ active }),
    });
    fireEvent.click(await screen.findByRole('switch', { name: /^Emotet/ }));
    await told('is inactive. What it sent stays');
    fireEvent.click(screen.getByRole('switch', { name: /^Fresh/ }));
    expect((await screen.findByRole('alert')).textContent).toContain('ThreatConnect Address is not set.');
    expect(screen.getByRole('region', { name: 'Overview of Fresh' })).toBeDefined();
    expect(bridge.inputsOf('sync.activate')).toEqual([
      { jobId: 3, active: false },
      { jobId: 4, active: true },
    ]);
  });
});

describe('the way to activation', () => {
  const activation = async () => within(await screen.findByRole('region', { name: 'Activation' }));

  it('leads from missing parameters to the settings', async () => {
    await openSync([newJob()]);
    const part = await activation();
    expect(part.getByText('Tanium Address is not set.')).toBeDefined();
    fireEvent.click(part.getByRole('button', { name: 'Set the parameters' }));
    expect(await screen.findByRole('form', { name: 'Settings of Fresh' })).toBeDefined();
  });

  it('from there to a dry run, and to the look at it', async () => {
    const jobs = [newJob({ missing: [], whyInactive: 'It needs a dry run.' })];
    const bridge = await openSync(jobs, {
      'sync.jobs': () => ({ jobs }),
      'sync.request': () =>
        run({ id: 60, jobId: 4, kind: 'dry-run', state: 'requested', startedAt: null, endedAt: null }),
    });
    fireEvent.click((await activation()).getByRole('button', { name: 'Dry run' }));
    await waitFor(() => expect(bridge.inputsOf('sync.request')).toEqual([{ jobId: 4, kind: 'dry-run' }]));
    jobs[0] = newJob({
      missing: [],
      whyInactive: 'Nobody looked at it.',
      lastDryRun: dryRun({ jobId: 4, seen: false }),
    });
    act(() => bridge.push('changed', { kinds: ['sync'], intakeIds: [] }));
    fireEvent.click(await button('Overview'));
    fireEvent.click(await button('Look at the dry run'));
    expect(await screen.findByRole('grid', { name: 'What a run would do' })).toBeDefined();
  });

  it('and activates once nothing is missing', async () => {
    const bridge = await openSync([newJob({ missing: [], whyInactive: null })], {
      'sync.activate': () => newJob({ missing: [], whyInactive: null, active: true }),
    });
    fireEvent.click((await activation()).getByRole('button', { name: 'Activate' }));
    await waitFor(() => expect(bridge.inputsOf('sync.activate')).toEqual([{ jobId: 4, active: true }]));
  });
});

describe('runs', () => {
  it('ask what is compared before they begin', async () => {
    const bridge = await openSync([syncJob()], {
      'sync.request': () => run({ id: 61, kind: 'reconcile', state: 'requested' }),
    });
    fireEvent.click(await button('Run…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Run Emotet and QakBot now' }));
    expect(dialog.getByText(/\+214 ~37 −19, 2 indicators held back, 4 packages to write/)).toBeDefined();
    fireEvent.click(dialog.getByRole('radio', { name: /^Everything that matches now/ }));
    fireEvent.click(dialog.getByRole('button', { name: 'Reconcile' }));
    await waitFor(() => expect(bridge.inputsOf('sync.request')).toEqual([{ jobId: 3, kind: 'reconcile' }]));
  });

  it('show how far they are and can be cancelled', async () => {
    const present = run({
      id: 62,
      state: 'running',
      startedAt: NOW_MS,
      endedAt: null,
      phase: 'writing packages',
      done: 4,
      total: 31,
    });
    const bridge = await openSync([syncJob({ presentRun: present })], { 'sync.cancel': () => present });
    const bar = await screen.findByRole('progressbar', { name: 'Run' });
    expect(bar.getAttribute('aria-valuenow')).toBe('13');
    expect(screen.getAllByText('writing packages').length).toBeGreaterThan(0);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run…' }).disabled).toBe(true);
    fireEvent.click(await button('Cancel the run'));
    await told('ends after its present request');
    expect(bridge.inputsOf('sync.cancel')).toEqual([{ runId: 62 }]);
  });

  it('say what they try again, and when', async () => {
    const retry = { at: NOW_MS + 20_000, why: 'tanium.example answered 503. That may pass.' };
    const present = run({
      id: 62,
      state: 'running',
      startedAt: NOW_MS,
      endedAt: null,
      phase: 'writing packages',
      retry,
    });
    await openSync([syncJob({ presentRun: present })]);
    expect(await screen.findByText(/^tries again .*: tanium\.example answered 503\. That may pass\.$/)).toBeDefined();
    expect(screen.getByText('waits to try again')).toBeDefined();
    expect(screen.queryByText('writing packages')).toBeNull();
  });

  it('that failed say why, in the words of the engine', async () => {
    const failed = run({ state: 'failed', message: 'ThreatConnect refused the login (401): "Access is denied".' });
    await openSync([syncJob({ lastRun: failed })]);
    expect((await screen.findByRole('alert')).textContent).toContain('refused the login (401)');
    fireEvent.click(await button('What it did, its log and ledger'));
    expect(await screen.findByText(/asked to wait 2 s/)).toBeDefined();
  });

  it('that stopped to ask list what they would withdraw, and go on with exactly that', async () => {
    const stopped = run({
      id: 63,
      kind: 'reconcile',
      state: 'needs-approval',
      counts: counts({ withdrawn: 1800 }),
      message: '1,800 of 12,418 would be withdrawn; the guards are 10 % and 500.',
    });
    const bridge = await openSync([syncJob({ presentRun: stopped })], {
      'sync.approve': () => ({ ...stopped, state: 'requested' }),
    });
    fireEvent.click(await button('Look at the withdrawals…'));
    const dialog = within(await screen.findByRole('dialog', { name: 'Withdraw 1,800 indicators' }));
    expect(await dialog.findByText('and 1,300 more indicators')).toBeDefined();
    expect(bridge.inputsOf('sync.plan')).toMatchObject([{ runId: 63, actions: ['withdrawn'] }]);
    fireEvent.click(dialog.getByRole('button', { name: 'Allow these 1,800 withdrawals' }));
    await waitFor(() => expect(bridge.inputsOf('sync.approve')).toEqual([{ runId: 63 }]));
  });

  it('show ledger and requests of the one that is chosen', async () => {
    const bridge = await openSync([syncJob()], {
      'sync.ledger': () => ({
        total: 1,
        rows: [
          {
            id: 1,
            runId: 31,
            at: NOW_MS,
            settledAt: null,
            action: 'replace package',
            host: 'tanium.acme.example',
            package: 'Emotet and QakBot - File 01',
            intelId: 77,
            intelPage: 'https://tanium.acme.example/#/threatresponse/intel/77',
            indicators: 480,
            added: 3,
            removed: 1,
            outcome: 'unknown',
            httpStatus: null,
            message: '',
          },
        ],
      }),
    });
    fireEvent.click(await button('Runs'));
    fireEvent.click(await button('Ledger'));
    const ledger = within(await screen.findByRole('region', { name: 'Ledger of run 31' }));
    expect(await ledger.findByText('no answer, looked up before it is repeated')).toBeDefined();
    fireEvent.click(await button('Requests'));
    expect(await screen.findByText('This run sent no request.')).toBeDefined();
    expect(bridge.inputsOf('sync.requests')).toMatchObject([{ jobId: 3, runId: 31, offset: 0 }]);
  });
});
