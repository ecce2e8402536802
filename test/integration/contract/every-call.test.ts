import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEngine } from '#main/engine.ts';
import { folderSaveTarget } from '#main/platform/save-target.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { WorkFolder } from '#main/services/known-sets/work-folder.ts';
import { PANEL_IDS } from '#shared/domain/usage/panels.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { calls, type CallInput, type CallName, type CallOutput } from '#shared/contract/index.ts';
import { digestOf } from '#test/bench/data.ts';
import { seed, writeCase, type Case } from '#test/e2e/case-data.ts';
import { memorySecrets } from '#test/integration/asking/memory-secrets.ts';
import { closedPort } from '#test/integration/net/servers.ts';
import { queueNew } from '#test/soak/simulated.ts';
import { makeSyncCalls } from './sync-calls.ts';
import { windowCalls, type WindowCalls } from './window-calls.ts';
import { SOON } from '#test/patience.ts';

/** A PNG of one pixel, as base64. */
const ONE_PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Every call of the contract against the real engine, as a window makes them; every answer must fit its schema. */
// One window from its first call to its last: each step goes on where the one before it ended.
describe('every call of a window', { shuffle: false }, () => {
  let folder: string;
  let engine: Engine;
  let window: WindowCalls;
  let known: Case;
  let intakeId = 0;
  let demosStarted = 0;
  let startsAtLogin = false;
  const pagesOpened: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-calls-'));
    mkdirSync(join(folder, 'downloads'));
    known = writeCase(folder);
    engine = await createEngine({
      directory: join(folder, 'data'),
      threads: 'workers',
      shell: 'chromium',
      saveTarget: folderSaveTarget(() => Promise.resolve(join(folder, 'downloads'))),
      showInFolder: () => undefined,
      openPage: (url) => void pagesOpened.push(url),
      startDemo: () => (demosStarted += 1),
      startAtLogin: { get: () => startsAtLogin, set: (on) => void (startsAtLogin = on) },
      secrets: memorySecrets(),
    });
    window = windowCalls(engine);
    await seed(engine, known.items);
  });
  afterAll(async () => {
    await engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const call = <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => window.call(name, input);
  const refused = (name: CallName, input: unknown): Promise<string> => window.refused(name, input);
  const handleOf = (path: string): string => engine.registerPaths([path]).handle;
  const ended = (jobId: string) =>
    vi.waitUntil(
      async () => (await call('jobs.list', {})).jobs.find((job) => job.jobId === jobId && job.state !== 'running'),
      { timeout: 60_000 },
    );

  it('reads a list and answers everything about it', async () => {
    const started = await call('intake.start', { handle: handleOf(known.list), reading: {} });
    ({ intakeId } = started);
    expect(await ended(started.jobId)).toMatchObject({ state: 'done' });
    const { intake } = await call('intake.get', { intakeId });
    expect(intake.counts).toMatchObject({ malicious: known.expected.malicious, conflict: known.expected.conflict });
    const sorts = ['position', 'verdict', 'hash', 'source', 'age', 'kind'] as const;
    for (const sort of sorts) {
      for (const descending of [false, true]) {
        const page = await call('intake.rows', { intakeId, query: { sort, descending }, offset: 880, limit: 100 });
        expect([sort, page.total, page.rows.length]).toEqual([sort, known.expected.hashes, 20]);
      }
    }
    const worst = await call('intake.rows', {
      intakeId,
      query: { statuses: ['malicious'], flags: ['conflict'] },
      offset: 0,
      limit: 500,
    });
    expect(worst.total).toBe(known.expected.conflict);
    const entry = worst.rows[0]?.entry ?? -1;
    const detail = await call('intake.detail', { intakeId, entry });
    expect([detail.verdict.rule, detail.items.length, detail.columns]).toEqual([
      'source',
      2,
      expect.arrayContaining(['Entry', 'Image Path']),
    ]);
    for (const as of ['list', 'tsv', 'defanged'] as const) {
      const { text, rows } = await call('intake.hashes', {
        intakeId,
        selection: { kind: 'entries', entries: [entry] },
        as,
      });
      expect([rows, text.replaceAll(' ', '')]).toEqual([1, expect.stringContaining(detail.hash)]);
    }
    const troubles = await call('intake.rejected', { intakeId, offset: 0, limit: 500 });
    expect(troubles.total).toBe(known.expected.rejected + known.expected.withoutHash);
    expect(troubles.rows.every(({ line, reason }) => line > 0 && reason !== '')).toBe(true);
  });

  it('shows how an input would be read, and by what formats', async () => {
    const from = { kind: 'intake' as const, intakeId, input: 0 };
    const { preview, reason } = await call('intake.preview', { from, reading: { as: 'list', format: 'text' } });
    expect([preview?.format, reason]).toEqual(['text', '']);
    const { formats } = await call('intake.formats', {});
    expect(formats.map(({ id }) => id)).toContain(preview?.format);
    expect(await call('intake.endPreview', {})).toEqual({});
  });

  it('writes notes and tags on rows, and takes them back', async () => {
    const target: CallInput<'annotation.of'>['target'] = {
      kind: 'rows',
      intakeId,
      selection: { kind: 'query', query: { statuses: ['malicious'] } },
    };
    const { changeId, changed } = await call('annotation.set', { target, note: 'from the loader', add: ['APT29'] });
    expect(changed).toBe(known.expected.malicious);
    const { rows } = await call('intake.rows', { intakeId, query: { tags: ['apt29'] }, offset: 0, limit: 500 });
    expect([rows.length, rows[0]?.tags, rows[0]?.note]).toEqual([changed, ['APT29'], 'from the loader']);
    expect(await call('annotation.of', { target })).toMatchObject({ files: changed, note: 'from the loader' });
    expect(await call('annotation.tags', { intakeId })).toMatchObject({ tags: [{ tag: 'APT29', count: changed }] });
    expect(await call('annotation.undo', { changeId: changeId ?? 0 })).toEqual({ restored: changed, kept: 0 });
  });

  it('previews, makes, lists and verifies reports', async () => {
    const { formats } = await call('report.formats', {});
    expect(formats.filter(({ unavailable }) => unavailable === null).map(({ format }) => format)).toEqual(
      expect.arrayContaining(['csv', 'jsonl']),
    );
    const selection = { kind: 'query' as const, query: { statuses: ['malicious' as const] } };
    const wanted = { intakeId, selection, format: 'csv' as const, statement: { caseName: 'Case 7' } };
    const preview = await call('report.preview', wanted);
    expect([preview.rows, preview.kind, preview.suggestedName]).toEqual([
      known.expected.malicious,
      'text',
      'autoruns-host12.csv.report.csv',
    ]);
    const { jobId, path } = await call('report.start', wanted);
    expect(await ended(jobId ?? '')).toMatchObject({ kind: 'export', state: 'done', path, done: preview.rows });
    // But for ages, which go on.
    const hashes = (text: string): string[] => text.split('\n').map((line) => line.split(',')[0] ?? '');
    expect(hashes(readFileSync(path ?? '', 'utf8'))).toEqual(hashes(preview.content));
    await call('app.showInFolder', { path: path ?? '' });
    expect(await refused('app.showInFolder', { path: '/etc/passwd' })).toBe('INVALID_ARGUMENT');
    const verified = await call('report.verify', { handle: handleOf(path ?? '') });
    expect(verified).toMatchObject({ outcome: 'matches', manifest: { caseName: 'Case 7' } });
    expect((await call('jobs.list', {})).jobs.at(-1)).toMatchObject({
      kind: 'verify',
      state: 'done',
      unit: 'bytes',
      message: expect.stringContaining('are as they were made'),
    });
    const { reports } = await call('report.list', { intakeId });
    expect(reports).toMatchObject([{ format: 'csv', path, rows: preview.rows, madeAt: verified.madeHereAt }]);
  });

  it('gives up verifying a large report', async () => {
    // Nothing but its end lies on the disk; reading the rest takes long enough to be cancelled.
    const path = join(folder, 'large.jsonl');
    const end = `{"seal":"assay-seal:${'0'.repeat(64)}"}\n`;
    writeFileSync(path, '');
    truncateSync(path, 4 * 1024 ** 3);
    appendFileSync(path, end);
    const verifying = refused('report.verify', { handle: handleOf(path) });
    const running = await vi.waitUntil(
      async () =>
        (await call('jobs.list', {})).jobs.find(
          (job) => job.kind === 'verify' && job.state === 'running' && job.done > 0,
        ),
      SOON,
    );
    expect(running).toMatchObject({ title: 'Verify large.jsonl', unit: 'bytes', total: 4 * 1024 ** 3 + end.length });
    await call('jobs.cancel', { jobId: running.jobId });
    expect(await verifying).toBe('CANCELLED');
    expect(await ended(running.jobId)).toMatchObject({ state: 'cancelled' });
  });

  it('keeps notes, embargo and readings', async () => {
    await call('intake.setNote', { intakeId, note: 'host 12' });
    await call('intake.setEmbargo', { intakeId, embargo: true });
    const { intake } = await call('intake.get', { intakeId });
    expect([intake.note, intake.embargo]).toEqual(['host 12', true]);
    const again = await call('intake.reread', { intakeId, reading: { as: 'list', format: 'text' } });
    expect(await ended(again.jobId)).toMatchObject({ state: 'done' });
    expect(await call('intake.unlock', { intakeId, password: 'opens nothing' })).toEqual({ intakeId: null, closed: 0 });
    const pasted = await call('intake.startText', {
      text: `seen ${known.hashOf.malicious} twice\n`,
      title: 'pasted',
      reading: {},
    });
    expect(await ended(pasted.jobId)).toMatchObject({ state: 'done' });
    const sample = await call('intake.startSample', {});
    expect(await ended(sample.jobId)).toMatchObject({ state: 'done' });
    expect((await call('intake.list', { offset: 0, limit: 10 })).total).toBe(4);
    await call('jobs.pause', { jobId: sample.jobId, paused: true });
    await call('jobs.cancel', { jobId: sample.jobId });
    await call('intake.forget', { intakeId: pasted.intakeId });
    expect((await call('intake.list', { offset: 0, limit: 10 })).total).toBe(3);
    expect(await refused('intake.get', { intakeId: pasted.intakeId })).toBe('NOT_FOUND');
  });

  it('changes the hash list, moves verdicts, and takes it back', async () => {
    const query = {};
    const { rows } = await call('intake.rows', { intakeId, query: { statuses: ['unknown'] }, offset: 0, limit: 2 });
    const entries = rows.map(({ entry }) => entry);
    const listed = await call('hashList.addRows', { intakeId, entries, side: 'malicious', note: 'n' });
    expect([listed.added, (await call('intake.get', { intakeId })).intake.counts.malicious]).toEqual([
      2,
      known.expected.malicious + 2,
    ]);
    const page = await call('hashList.page', { query, offset: 0, limit: 10 });
    const [first] = page.rows;
    await call('hashList.update', { id: first?.id ?? 0, note: 'changed' });
    const removed = await call('hashList.remove', { ids: [first?.id ?? 0] });
    expect((await call('hashList.undo', { changeId: removed.changeId ?? 0 })).added).toBe(1);
    await call('hashList.add', { groups: [{ sha256: digestOf('own', 1) }], side: 'non-malicious' });
    await call('hashList.addText', { text: digestOf('own', 2), side: 'non-malicious' });
    const { path, rows: written } = await call('hashList.export', {});
    expect(written).toBe(4);
    const preview = await call('hashList.preview', { handle: handleOf(path ?? ''), mode: 'append' });
    expect([preview.unchanged, preview.problemCount]).toEqual([4, 0]);
    expect((await call('hashList.import', { token: preview.token })).unchanged).toBe(4);
    expect((await call('hashList.audit', { offset: 0, limit: 50 })).total).toBeGreaterThanOrEqual(6);
  });

  it('imports a known set and removes it', async () => {
    const list = join(folder, 'set.txt');
    writeFileSync(list, `${digestOf('fresh', 5)}\n${digestOf('fresh', 6)}\n`);
    const { jobId } = await call('knownSets.import', {
      handle: handleOf(list),
      name: 'Golden image',
      edition: '2026-11',
      datedAt: 1_793_000_000,
      mark: 'known-good',
    });
    expect(await ended(jobId)).toMatchObject({ state: 'done' });
    const [set] = (await call('knownSets.list', {})).rows;
    expect([set?.name, set?.digests.sha256]).toEqual(['Golden image', 2]);
    await call('knownSets.remove', { id: set?.id ?? 0 });
    expect((await call('knownSets.list', {})).rows).toEqual([]);
  });

  it('shows what an unfinished import keeps and discards it', async () => {
    const sets = join(folder, 'data', 'known-sets');
    mkdirSync(sets, { recursive: true });
    const set = { name: 'NSRL', edition: '', datedAt: null, mark: 'known', form: null } as const;
    const asked = { path: join(folder, 'rds.db'), base: join(folder, 'gone.db'), ...set };
    WorkFolder.take(sets, 'one', { name: 'rds.db', bytes: 100, asked }).leave();
    const [work] = (await call('knownSets.leftWork', {})).rows;
    expect(work).toMatchObject({ file: 'rds.db', read: { bytes: 0, of: 100 }, state: 'kept', asked });
    writeFileSync(asked.path, '');
    const held = await call('knownSets.continueWork', { id: work?.id ?? '' });
    expect(held).toEqual({ handle: expect.stringMatching(/^[\da-f-]{36}$/), baseHandle: null });
    await call('knownSets.discardWork', { id: work?.id ?? '' });
    expect((await call('knownSets.leftWork', {})).rows).toEqual([]);
  });

  it('looks single hashes up, and asks about none while no source is switched on', async () => {
    const hash = known.hashOf.malicious;
    const { results, hashes } = await call('lookup.find', { text: `seen ${hash} and 20261122` });
    expect([hashes, results[0]?.verdict.status]).toEqual([1, 'malicious']);
    expect(results[0]?.seenIn.length).toBeGreaterThan(0);
    const asked = await call('lookup.ask', { hash, sources: ['virustotal', 'wildfire'], again: true });
    expect([asked.queued, asked.refused.map(({ source }) => source)]).toEqual([0, ['virustotal', 'wildfire']]);
    expect(await refused('lookup.ask', { hash: 'no hash', sources: ['wildfire'], again: false })).toBe(
      'INVALID_ARGUMENT',
    );
    const free = digestOf('nobody', 1);
    await call('lookup.openPage', { hash: free, source: 'virustotal' });
    expect(pagesOpened).toEqual([`https://www.virustotal.com/gui/file/${free}`]);
    expect(await refused('lookup.openPage', { hash: free, source: 'wildfire' })).toBe('NOT_FOUND');
    // Still under embargo from above: its page would tell the source.
    expect(await refused('lookup.openPage', { hash, source: 'virustotal' })).toBe('FORBIDDEN');
  });

  it('tells what sources say otherwise than before', async () => {
    const hash = digestOf('flip', 1);
    const say = async (status: string, day: string): Promise<void> => {
      const file = join(folder, `${status}.jsonl`);
      writeFileSync(file, JSON.stringify({ sha256: hash, source: 'wildfire', status, scannedAt: `${day}T00:00:00Z` }));
      await seed(engine, file);
    };
    await say('malicious', '2026-11-01');
    const before = await call('history.ofHash', { hash });
    expect([before.total, before.lanes.length]).toEqual([0, 1]);
    await say('non-malicious', '2026-11-02');
    const { lanes, changes } = await call('history.ofHash', { hash });
    expect([lanes[0]?.stretches.length, changes.map(({ flip }) => flip)]).toEqual([2, ['cleared']]);
    const page = await call('changes.page', { query: { since: 0, flipsOnly: true }, offset: 0, limit: 10 });
    expect(page).toMatchObject({ total: 1, counts: { all: 1, cleared: 1 }, rows: [{ digests: { sha256: hash } }] });
    const unseen = await call('changes.unseen', {});
    expect(unseen).toMatchObject({ raised: 0, cleared: 1, lookedAt: null });
    await call('changes.seen', { upTo: unseen.upTo });
    expect(await call('changes.unseen', {})).toMatchObject({ cleared: 0, lookedAt: expect.any(Number) });
    expect(await refused('history.ofHash', { hash: 'no hash' })).toBe('INVALID_ARGUMENT');
  });

  it('lists disagreements, shows what deciding them does, and decides', async () => {
    const { total, rows } = await call('review.page', { offset: 0, limit: 500 });
    expect([total, rows.length]).toEqual([known.expected.conflict, known.expected.conflict]);
    const fileIds = rows.map(({ fileId }) => fileId);
    const effect = await call('review.preview', { fileIds, side: 'non-malicious' });
    expect(effect).toMatchObject({ files: known.expected.conflict, problems: [] });
    expect(effect.intakes.find((one) => one.intakeId === intakeId)?.rows).toBe(known.expected.conflict);
    const decision = { fileIds, side: 'non-malicious' as const, reason: 'looked at them' };
    const decided = await call('review.decide', decision);
    expect([decided.added, (await call('review.page', { offset: 0, limit: 1 })).total]).toEqual([fileIds.length, 0]);
    await call('hashList.undo', { changeId: decided.changeId ?? 0 });
    expect((await call('review.page', { offset: 0, limit: 1 })).total).toBe(known.expected.conflict);
    expect(await refused('review.decide', { ...decision, reason: ' ' })).toBe('INVALID_ARGUMENT');
    expect(await refused('review.preview', { fileIds: [999_999], side: 'malicious' })).toBe('NOT_FOUND');
  });

  it('says what a purge would remove, and removes it as a job', async () => {
    const preview = await call('life.purgePreview', {});
    expect(preview).toMatchObject({ items: 0, files: 0, kept: { inIntake: 0 }, askedBefore: expect.any(Number) });
    const effects = await call('life.effects', { settings: { removeItemDays: 30 } });
    expect(effects.purge).toEqual({ items: 0, files: 0 });
    const { jobId } = await call('life.purge', {});
    expect(await ended(jobId)).toMatchObject({
      kind: 'purge',
      state: 'done',
      message: 'Removed: 0 items, and 0 files of which nothing was left.',
    });
  });

  it('answers for the frame of the window', async () => {
    expect(await call('app.bootstrap', {})).toMatchObject({ shell: 'chromium', dataDirectory: join(folder, 'data') });
    await call('app.stats', {});
    await call('app.registerText', { name: 'pasted', text: digestOf('own', 1) });
    expect((await call('settings.set', { staleAfterDays: 7 })).staleAfterDays).toBe(7);
    expect((await call('preferences.set', { theme: 'dark' })).theme).toBe('dark');
    expect(await call('cache.verify', {})).toEqual({ ok: true, problems: [] });
    expect((await call('app.bootstrap', {})).canStartDemo).toBe(true);
    await call('app.startDemo', {});
    expect((await call('app.bootstrap', {})).startAtLogin).toBe(false);
    expect(await call('app.setStartAtLogin', { on: true })).toEqual({ on: true });
    expect([startsAtLogin, (await call('app.bootstrap', {})).startAtLogin]).toEqual([true, true]);
    expect(demosStarted).toBe(1);
  });

  it('sets up a source, its key and where keys are kept', async () => {
    const source = 'wildfire';
    const url = `http://127.0.0.1:${await closedPort()}/publicapi`;
    const change = { enabled: true, url, callsPerDay: 9, proxy: { kind: 'none' as const } };
    expect(await call('sources.set', { source, change })).toMatchObject({ state: 'no-key', config: change });
    expect(await refused('sources.set', { source, change: { hashesPerRequest: 501 } })).toBe('INVALID_ARGUMENT');
    expect(await refused('sources.set', { source, change: { unheardOf: 1 } })).toBe('INVALID_ARGUMENT');
    expect(await call('sources.setKey', { source, of: 'source', value: 'k' })).toMatchObject({ place: 'keychain' });
    expect(await call('sources.test', { source })).toMatchObject({ ok: false, at: 'network', billed: 0 });
    expect(await call('sources.removeKey', { source, of: 'source' })).toMatchObject({ place: null });
    const passphrase = 'correct horse battery';
    expect(await call('sources.chooseSecretStore', { place: 'file', passphrase })).toMatchObject({ place: 'file' });
    expect(await call('sources.unlockSecrets', { passphrase })).toMatchObject({ locked: false });
    await call('sources.set', { source, change: { enabled: false } });
    const { sources } = await call('sources.list', {});
    expect(sources.map((view) => view.source)).toContain('wildfire');
    expect(new Set(sources.map(({ state }) => state))).toEqual(new Set(['disabled']));
  });

  it('tells what waits to be asked, and holds, lets go and cancels it', async () => {
    await queueNew(engine, 'wildfire', [digestOf('queued', 1), digestOf('queued', 2)] as HexDigest[]);
    const state = await call('outbound.state', {});
    expect(state).toMatchObject({
      owner: { pid: process.pid, shell: 'chromium', isThis: true },
      depth: 2,
      inFlight: 0,
    });
    expect(state.groups).toMatchObject([{ source: 'wildfire', purpose: 'new', waiting: 2, paused: false }]);
    const part = { source: 'wildfire', purpose: 'new' } as const;
    expect((await call('outbound.pause', part)).groups).toMatchObject([{ paused: true, waitingFor: 'resume' }]);
    expect((await call('outbound.resume', part)).groups).toMatchObject([{ paused: false, endsAt: null }]);
    expect(await call('outbound.cancel', part)).toEqual({ removed: 2 });
    expect((await call('outbound.state', {})).depth).toBe(0);
    const { total, rows } = await call('outbound.requests', { source: 'wildfire', offset: 0, limit: 10 });
    expect([total, rows[0]?.hashes, rows[0]?.outcome, rows[0]?.billed]).toEqual([1, 0, 'transient', 0]);
    expect(await call('outbound.requestHashes', { requestId: rows[0]?.id ?? 0 })).toEqual({ hashes: [] });
    expect(await refused('outbound.pause', { intakeId: 0 })).toBe('INVALID_ARGUMENT');
  });

  it('plans and queues a scan', async () => {
    const hashes = [digestOf('scanned', 1), digestOf('scanned', 2), digestOf('scanned', 3)];
    const pasted = await call('intake.startText', { text: hashes.join('\n'), title: 'to scan', reading: {} });
    expect(await ended(pasted.jobId)).toMatchObject({ state: 'done' });
    const request = {
      intakeId: pasted.intakeId,
      selection: { kind: 'query' as const, query: { statuses: ['unknown' as const] } },
      strategy: 'certain' as const,
    };
    expect(await call('scan.plan', request)).toMatchObject({ hashes: 3, ask: 0, possible: false });
    const none = await call('scan.start', request);
    expect(await ended(none.jobId)).toMatchObject({ state: 'failed' });
    await call('sources.set', { source: 'wildfire', change: { enabled: true } });
    expect(await call('scan.plan', request)).toMatchObject({ hashes: 3, ask: 3, requests: 1, endsAt: null });
    const { jobId } = await call('scan.start', { ...request, maxCalls: 1 });
    expect(await ended(jobId)).toMatchObject({ state: 'done', message: '3 questions queued.' });
    expect(await call('outbound.cancel', { intakeId: pasted.intakeId })).toEqual({ removed: 3 });
    await call('sources.set', { source: 'wildfire', change: { enabled: false } });
    expect(await refused('scan.plan', { ...request, intakeId: 999 })).toBe('NOT_FOUND');
    expect(await refused('scan.plan', { ...request, strategy: 'luck' })).toBe('INVALID_ARGUMENT');
  });

  it('tells what was used, forecasts, and writes the board', async () => {
    const to = Math.ceil(Date.now() / 3_600_000) * 3600;
    const range = { from: to - 86_400, to };
    const panels = PANEL_IDS.map((panel) => call('usage.panel', { panel, ...range, points: 24, compare: true }));
    const shown = await Promise.all(panels);
    expect(shown.map(({ panel, starts }) => [panel, starts.length])).toEqual(PANEL_IDS.map((panel) => [panel, 24]));
    const settled = shown.find(({ panel }) => panel === 'outbound-requests');
    expect([settled?.total, settled?.text]).toEqual([1, expect.stringContaining('1 request in 24 hours')]);
    expect((await call('usage.failures', range)).rows).toMatchObject([{ source: 'wildfire', requests: 1 }]);
    expect((await call('usage.saved', range)).currency).toBe('');
    expect((await call('usage.strip', {})).items).toHaveLength(4);
    await call('sources.set', { source: 'wildfire', change: { enabled: true } });
    expect((await call('usage.forecast', {})).rows).toMatchObject([{ source: 'wildfire', window: 'day', limit: 9 }]);
    await call('sources.set', { source: 'wildfire', change: { enabled: false } });
    for (const format of ['csv', 'json', 'html'] as const) {
      const { path, rows } = await call('usage.export', { format, ...range, panels: ['outbound-requests', 'flips'] });
      expect([rows, readFileSync(path ?? '', 'utf8').includes('outbound-requests')]).toEqual([
        expect.any(Number),
        format !== 'html',
      ]);
      await call('app.showInFolder', { path: path ?? '' });
    }
    const tabled = await call('usage.exportTable', { table: 'failure-reasons', ...range });
    expect([tabled.rows, readFileSync(tabled.path ?? '', 'utf8')]).toEqual([
      1,
      'source,reason,requests\nwildfire,unsent,1\n',
    ]);
    const { path } = await call('usage.savePicture', { panel: 'flips', png: ONE_PIXEL });
    expect(readFileSync(path ?? '').toString('base64')).toBe(ONE_PIXEL);
    expect(await refused('usage.savePicture', { panel: 'flips', png: `${ONE_PIXEL}AAAA` })).toBe('INVALID_ARGUMENT');
    expect(await refused('usage.panel', { panel: 'flips', from: to, to })).toBe('INVALID_ARGUMENT');
    expect(await refused('usage.panel', { panel: 'flips', split: 'door', ...range })).toBe('INVALID_ARGUMENT');
  });

  it('makes a sync job, asks for runs and recalls, and removes it', async () => {
    await makeSyncCalls(window);
    expect(window.defects).toEqual([]);
  });

  it('had every call made, every push fitting and no defect', () => {
    expect(Object.keys(calls).filter((name) => !window.made.has(name as CallName))).toEqual([]);
    expect([window.misfits, window.defects]).toEqual([[], []]);
  });

  it.each<readonly [CallName, unknown, string]>([
    ['intake.get', { intakeId: 999 }, 'NOT_FOUND'],
    ['intake.start', { handle: 'never given', reading: {} }, 'NOT_FOUND'],
    ['intake.rows', { intakeId: 999, query: {}, offset: 0, limit: 1 }, 'NOT_FOUND'],
    ['intake.forget', { intakeId: 999 }, 'NOT_FOUND'],
    ['intake.setNote', { intakeId: 999, note: '' }, 'NOT_FOUND'],
    ['hashList.undo', { changeId: 999_999 }, 'NOT_FOUND'],
    ['hashList.update', { id: 999_999, note: '' }, 'NOT_FOUND'],
    ['hashList.import', { token: 'never given' }, 'NOT_FOUND'],
    ['knownSets.remove', { id: 999 }, 'NOT_FOUND'],
    ['knownSets.discardWork', { id: 'none' }, 'NOT_FOUND'],
  ])('%s of something that is not there is an expected error', async (name, input, code) => {
    expect(await refused(name, input)).toBe(code);
  });
});
