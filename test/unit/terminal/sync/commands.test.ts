import { describe, expect, it } from 'vitest';
import { NOW, run } from '../stage.ts';
import { jobView, NO_COUNTS, planRow, runView, syncDouble } from './double.ts';

const plan = {
  total: 2,
  rows: [
    planRow(),
    planRow({
      position: 1,
      action: 'held',
      id: 4712,
      type: 'File',
      summary: 'A'.repeat(64),
      reason: 'hash-list',
      why: 'On the hash list: own build',
      here: 'non-malicious',
    }),
  ],
};

describe('sync list and show', () => {
  it('lists jobs by number and name, and says how to make one', async () => {
    const { engine } = syncDouble();
    const { out } = await run(['sync'], { engine });
    expect(out).toMatch(/1\s+High rated\s+inactive.*12,418\s+2\s+31/);
    const none = await run(['sync', 'list'], { engine: syncDouble({ jobs: { jobs: [] } }).engine });
    expect([none.out, none.err]).toEqual(['', 'There is no sync job. Make one: assay sync create NAME.\n']);
  });

  it('shows settings, query, missing things and no secret', async () => {
    const secrets = { ...jobView().secrets, tanium: { place: 'keychain', setAt: 1, fault: null } };
    const job = jobView({
      secrets: secrets as never,
      missing: [{ field: 'taniumUrl', message: 'Tanium Address is not set.' }],
    });
    const { out, err } = await run(['sync', 'show', 'high RATED'], {
      engine: syncDouble({ jobs: { jobs: [job] } }).engine,
    });
    expect(out).toContain('sourceName=ThreatConnect\n');
    for (const words of [
      'Query: typeName in',
      'Api User Secret Key: not set.',
      'Tanium Password: set, in the system’s keychain.',
      'Tanium Address is not set.',
      'Inactive. Look at a dry run first.',
    ]) {
      expect(err).toContain(words);
    }
  });

  it('names the jobs there are when one is not', async () => {
    const { code, err } = await run(['sync', 'show', 'low'], { engine: syncDouble().engine });
    expect([code, err]).toEqual([1, 'assay: There is no sync job "low". There are 1 (High rated).\n']);
  });
});

describe('sync set', () => {
  it('changes settings together and keeps a piped secret', async () => {
    const { engine, called } = syncDouble({ set: jobView(), setSecret: { place: 'keychain', setAt: 1, fault: null } });
    const { code, err } = await run(
      ['sync', 'set', '1', 'minRating=4', 'types=File,Host', '--name', 'Higher', '--secret', 'tanium', '--stdin'],
      { engine, stdin: 'hunter2\n' },
    );
    expect(code).toBe(0);
    expect(called.filter(([name]) => name.startsWith('set'))).toEqual([
      ['set', { jobId: 1, name: 'Higher', change: { minRating: 4, types: ['File', 'Host'] } }],
      ['setSecret', 1],
    ]);
    expect(err).toContain('Tanium Password is kept in the system’s keychain');
    expect(err).not.toContain('hunter2');
  });

  it('does nothing when a word is wrong', async () => {
    const { engine, called } = syncDouble({});
    const { code, err } = await run(['sync', 'set', '1', 'minRating=9'], { engine });
    expect([code, called]).toEqual([2, []]);
    expect(err).toContain('minRating: it must be at most 5');
  });
});

describe('sync dry-run and run', () => {
  it('writes the plan, follows the run, and says how it ended', async () => {
    const states = [runView({ state: 'running', phase: 'reading' }), runView()];
    const { engine, called } = syncDouble({
      request: runView({ state: 'requested' }),
      run: () => states.shift() ?? runView(),
      plan,
    });
    const { code, out, err } = await run(['sync', 'dry-run', '1'], { engine });
    expect(code).toBe(0);
    expect(out).toMatch(/new\s+Host\s+evil\.example\.com/);
    expect(out).toMatch(/held back\s+File.*On the hash list: own build/);
    expect(err).toContain(
      'Dry run 7: done. 214 new, 0 changed, 19 withdrawn, 0 unchanged, 2 held back; 4 packages, 3 requests.',
    );
    expect(called).toContainEqual(['request', { jobId: 1, kind: 'dry-run' }]);
    expect(called).toContainEqual([
      'plan',
      { runId: 7, actions: ['new', 'changed', 'withdrawn', 'held', 'invalid'], offset: 0, limit: 50 },
    ]);
  });

  it('says what it tries again and when: in its line, and once where it has none', async () => {
    const retry = { at: NOW * 1000 + 20_000, why: 'tanium.example answered 503.' };
    const engine = (): ReturnType<typeof syncDouble>['engine'] => {
      const states = [runView({ state: 'running', retry }), runView({ state: 'running', retry }), runView()];
      return syncDouble({ request: runView({ state: 'requested' }), run: () => states.shift() ?? runView(), plan })
        .engine;
    };
    const drawn = await run(['sync', 'dry-run', '1'], { engine: engine(), errTerminal: true });
    expect(drawn.err).toContain('trying again in 20 s: tanium.example answered 503.');
    const { err } = await run(['sync', 'dry-run', '1'], { engine: engine() });
    expect(err.match(/tanium\.example answered 503\. Trying again in 20 s\./g)).toHaveLength(1);
  });

  it('is told of a job, too', async () => {
    const retry = { at: NOW * 1000 + 20_000, why: 'tanium.example answered 503.' };
    const jobs = { jobs: [jobView({ presentRun: runView({ state: 'running', retry }) })] };
    expect((await run(['sync', 'list'], { engine: syncDouble({ jobs }).engine })).out).toContain('waits to try again');
    const { err } = await run(['sync', 'show', '1'], { engine: syncDouble({ jobs }).engine });
    expect(err).toContain('Tries again at 04:00:20 UTC: tanium.example answered 503.');
    const data = await run(['sync', 'list', '--format', 'json'], { engine: syncDouble({ jobs }).engine });
    expect(data.out).toContain('"retryAt": "2026-11-22T04:00:20.000Z"');
  });

  it('writes every indicator as data', async () => {
    const { engine, called } = syncDouble({ request: runView(), run: runView(), plan });
    const { out } = await run(['sync', 'run', '1', '--format', 'jsonl'], { engine });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: number }).id),
    ).toEqual([4711, 4712]);
    expect(called).toContainEqual(['plan', { runId: 7, offset: 0, limit: 500 }]);
    const csv = await run(['sync', 'run', '1', '--format', 'csv', '--only', 'invalid'], {
      engine: syncDouble({ request: runView(), plan: { total: 0, rows: [] } }).engine,
    });
    expect(csv.out).toBe(
      'action,id,type,summary,owner,rating,confidence,tags,oldRating,oldConfidence,package,reason,why,here\n',
    );
  });

  it('says of an old run that its plan is not kept, not that it did nothing', async () => {
    const { engine } = syncDouble({ run: runView({ kind: 'run' }), plan: { total: 0, rows: [] } });
    const { code, out, err } = await run(['sync', 'history', '1', '--run', '7'], { engine });
    expect([code, out]).toEqual([0, '']);
    expect(err).toBe(
      '2026-11-22 04:00 UTC, run. Run 7: done. 214 new, 0 changed, 19 withdrawn, 0 unchanged, 2 held back; 4 packages, 3 requests.\n' +
        'What it did by indicator is not kept: it is of the last five dry runs and five others of a job.\n',
    );
  });

  it('ends with 1 when the run failed, with 3 when it asks', async () => {
    const failed = await run(['sync', 'run', '1'], {
      engine: syncDouble({
        request: runView({ kind: 'run', state: 'failed', message: 'The server said: no.', counts: NO_COUNTS }),
      }).engine,
    });
    expect([failed.code, failed.out]).toEqual([1, '']);
    expect(failed.err).toContain('Run 7: failed.');
    expect(failed.err).toContain('The server said: no.');
    const asks = await run(['sync', 'reconcile', '1'], {
      engine: syncDouble({ request: runView({ kind: 'reconcile', state: 'needs-approval' }), plan }).engine,
    });
    expect(asks.code).toBe(3);
    expect(asks.err).toContain('To allow it: assay sync approve 7. To drop it: assay sync cancel 7.');
  });

  it('asks again for a run whose process ended, but not for ever', async () => {
    const interrupted = runView({ kind: 'reconcile', state: 'interrupted' });
    const once = [interrupted, runView({ id: 8, kind: 'reconcile' })];
    const again = await run(['sync', 'reconcile', '1'], {
      engine: syncDouble({ request: () => once.shift(), plan }).engine,
    });
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/^Run 7 was interrupted\. It is asked for again\.\nRun 8: done\. /);
    const { engine, called } = syncDouble({ request: interrupted });
    expect((await run(['sync', 'reconcile', '1'], { engine })).code).toBe(1);
    expect(called.filter(([name]) => name === 'request')).toHaveLength(3);
  });

  it('asks a run to stop on Ctrl-C and waits until it did', async () => {
    let stop: (signal: 'SIGINT') => void = () => undefined;
    const seen: string[] = [];
    const { engine, called } = syncDouble({
      request: runView({ kind: 'run', state: 'running' }),
      cancel: runView({ kind: 'run', state: 'running' }),
      run: () => {
        stop('SIGINT');
        seen.push('look');
        return runView({
          kind: 'run',
          state: seen.length > 2 ? 'cancelled' : 'running',
          message: 'Stopped after 2 packages.',
        });
      },
    });
    const { code, err } = await run(['sync', 'run', '1'], { engine, onHost: (end) => (stop = end) });
    expect(called.filter(([name]) => name === 'cancel')).toEqual([['cancel', 7]]);
    expect(err).toContain('cancelled');
    expect(code).toBe(130);
  });
});

describe('sync recall, approve, held', () => {
  const found = {
    total: 1,
    rows: [
      {
        ...planRow(),
        id: 4711,
        terms: [{ kind: 'host', value: 'evil.example.com' }],
        released: false,
        held: null,
        heldBy: '',
        sent: true,
        modifiedAt: 0,
      },
    ],
  };

  it('shows first what goes, asks, and calls back', async () => {
    const calls = {
      recall: ({ dryRun }: { dryRun: boolean }) => runView({ kind: dryRun ? 'recall-dry-run' : 'recall' }),
      plan,
      indicators: found,
    };
    const { engine, called } = syncDouble(calls);
    const { code } = await run(['sync', 'recall', '1', 'EVIL.example.com', '--yes'], { engine });
    expect(code).toBe(0);
    const scope = { kind: 'indicators', ids: [4711] };
    expect(called.filter(([name]) => name === 'recall')).toEqual([
      ['recall', { jobId: 1, scope, dryRun: true }],
      ['recall', { jobId: 1, scope, dryRun: false }],
    ]);
    const unasked = syncDouble(calls);
    const refused = await run(['sync', 'recall', '1', '--all'], { engine: unasked.engine, stdin: '' });
    expect(refused.code).toBe(2);
    expect(unasked.called.filter(([name]) => name === 'recall').length).toBe(1);
  });

  it.each([[[]], [['x', '--all']], [['--run', '3', '--all']]])('wants exactly one scope: %j', async (words) => {
    const { code, err } = await run(['sync', 'recall', '1', ...words], {
      engine: syncDouble({ indicators: found }).engine,
    });
    expect([code, err]).toEqual([2, 'assay: Name what to call back: indicators, or --run NUMBER, or --all.\n']);
  });

  it('does nothing when one of the named indicators is not there', async () => {
    const { engine, called } = syncDouble({ indicators: { total: 0, rows: [] } });
    const { code, err } = await run(['sync', 'recall', '1', 'other.example.com', '--yes'], { engine });
    expect(code).toBe(1);
    expect(err).toContain('No indicator "other.example.com" is sent by High rated.');
    expect(called.some(([name]) => name === 'recall')).toBe(false);
  });

  it('approves what was shown', async () => {
    const { engine, called } = syncDouble({
      run: runView({ kind: 'reconcile', state: 'needs-approval' }),
      plan,
      approve: runView({ id: 8, kind: 'reconcile' }),
    });
    const { code } = await run(['sync', 'approve', '7', '--yes'], { engine });
    expect([code, called.find(([name]) => name === 'approve')]).toEqual([0, ['approve', 7]]);
  });

  it.each([
    ['approved', runView({ kind: 'reconcile', state: 'needs-approval', approved: true })],
    ['done', runView({ kind: 'reconcile' })],
  ])('shows and approves nothing of a run that is %s, and cancels nothing', async (state, stopped) => {
    const { engine, called } = syncDouble({ run: stopped, plan });
    const approved = await run(['sync', 'approve', '7', '--yes'], { engine });
    expect(approved).toMatchObject({ code: 1, out: '', err: `assay: Run 7 does not wait for approval: ${state}.\n` });
    const cancelled = await run(['sync', 'cancel', '7'], { engine });
    expect([cancelled.code, cancelled.err]).toEqual([1, `assay: Run 7 has ended: ${state}. Nothing was changed.\n`]);
    expect(called.map(([name]) => name)).not.toContain('approve');
    expect(called.map(([name]) => name)).not.toContain('cancel');
  });

  it.each([
    ['cancelled', 'Run 7 is cancelled.\n'],
    ['running', 'Run 7 ends after its present request. What it wrote until then stays and is known.\n'],
  ] as const)('says what a cancelled run does next: %s', async (state, words) => {
    const { engine, called } = syncDouble({
      run: runView({ kind: 'reconcile', state: state === 'running' ? 'running' : 'needs-approval' }),
      cancel: runView({ kind: 'reconcile', state }),
    });
    const { code, err } = await run(['sync', 'cancel', '7'], { engine });
    expect([code, err, called.at(-1)]).toEqual([0, words, ['cancel', 7]]);
  });

  it('removes no job while something of it is still there', async () => {
    const { engine, called } = syncDouble();
    const { code, err } = await run(['sync', 'remove', '1', '--yes'], { engine });
    expect([code, called.some(([name]) => name === 'remove')]).toEqual([1, false]);
    expect(err).toContain('still holds 12,418 indicators of High rated');
    expect(err).toContain('assay sync recall 1 --all');
  });

  it('releases by value and holds again', async () => {
    const { engine, called } = syncDouble({ indicators: found, release: { changed: 1 } });
    const { err } = await run(['sync', 'held', '1', '--release', '4711'], { engine });
    expect(called.at(-1)).toEqual(['release', { jobId: 1, ids: [4711], release: true }]);
    expect(err).toBe('1 indicator released: the next run sends it.\n');
    const kept = syncDouble({ indicators: found, release: { changed: 0 } });
    expect((await run(['sync', 'held', '1', '--release', '4711'], { engine: kept.engine })).err).toBe(
      '1 indicator left as before: own addresses and names cannot be released, and the others are not held back.\n',
    );
  });
});
