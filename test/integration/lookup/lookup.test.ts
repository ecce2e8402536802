import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LookupSource } from '#shared/contract/lookup.ts';
import { sourceCode } from '#shared/domain/source.ts';
import type { SourceId } from '#shared/domain/source.ts';
import type { HexDigest } from '#shared/domain/hash.ts';
import { recordedFuture } from '#main/providers/recorded-future/index.ts';
import { createLookup } from '#main/services/lookup/lookup.ts';
import type { LookupService } from '#main/services/lookup/port.ts';
import { createSettings } from '#main/settings/settings.ts';
import { digestOf } from '#test/bench/data.ts';
import { claimArgs } from '../../db/queue/world.ts';
import { startEngine, type EngineUnderTest } from '../engine/engine-fixture.ts';
import { fixedSources, type FixedSources } from './fixed-sources.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const { signal } = new AbortController();
const RECORDED_FUTURE = sourceCode('recorded-future');
const SHA256 = digestOf('file', 1) as HexDigest;
const SHA1 = digestOf('file', 1).slice(0, 40) as HexDigest;
const MD5 = digestOf('file', 1).slice(0, 32) as HexDigest;
const STRANGER = digestOf('stranger', 1);

let under: EngineUnderTest;
let sources: FixedSources;
let lookup: LookupService;
let now = NOW;
const clock = { now: () => now };

beforeEach(async () => {
  now = NOW;
  under = await startEngine({ shell: 'terminal', clock });
  sources = fixedSources();
  lookup = openLookup(false);
});
afterEach(() => under.dispose());

/** The database is at its maximum size and nothing may go. */
let isFull = false;

function openLookup(simulated: boolean): LookupService {
  const { database, intakes } = under.engine;
  const settings = createSettings(database, clock);
  return createLookup({
    database,
    intakes,
    settings,
    sources: sources.service,
    clock,
    minuteMs: 60_000,
    simulated,
    room: (count, stop) => (isFull ? Promise.resolve(0) : under.engine.life.room(count, stop)),
  });
}

async function know(...lines: readonly object[]): Promise<void> {
  async function* chunks(): AsyncIterable<Uint8Array> {
    yield Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  const { rejected } = await under.engine.cache.importItems(chunks(), () => undefined, signal);
  expect(rejected).toBe(0);
}

async function list(hash: string): Promise<number | null> {
  const kind = hash.length === 32 ? 'md5' : 'sha256';
  const { changeId } = await under.engine.hashList.add({
    groups: [{ [kind]: hash }],
    side: 'malicious',
    note: '',
    reason: '',
    expiresAt: null,
  });
  return changeId;
}

async function keep(title: string, text: string): Promise<number> {
  const running = await under.engine.intakes.start(
    { title, door: 'paste', inputs: [{ kind: 'text', name: title, text }], reading: { as: 'list' } },
    () => undefined,
    signal,
  );
  return (await running.finished).id;
}

async function look(text: string, source: SourceId): Promise<LookupSource> {
  const [result] = (await lookup.find(text)).results;
  const found = result?.sources.find((one) => one.source === source);
  if (found === undefined) {
    throw new Error(`no ${source} for ${text}`);
  }
  return found;
}

const depth = () => under.engine.database.read('queueDepth', {});

describe('finding', () => {
  it('knows nothing of an unknown hash, and says what asking would cost', async () => {
    const { results, hashes } = await lookup.find(STRANGER);
    expect([hashes, results[0]?.verdict.rule]).toEqual([1, 'never-asked']);
    expect(results[0]?.sources.map(({ source, due, price, cannotAsk }) => [source, due, price, cannotAsk])).toEqual([
      ['wildfire', true, expect.objectContaining({ billed: 1 }), null],
      ['virustotal', true, { billed: 1, left: 500, unit: 'request' }, null],
    ]);
    expect(await depth()).toEqual({ waiting: 0, onTheWay: 0 });
  });

  it('puts the sources side by side, in words', async () => {
    await know(
      {
        sha256: SHA256,
        source: 'virustotal',
        status: 'malicious',
        score: 41,
        rawCode: 'm=41 s=0 u=30 h=1',
        scannedAt: '2026-11-22T05:00:00Z',
      },
      {
        sha256: SHA256,
        md5: MD5,
        source: 'wildfire',
        status: 'non-malicious',
        rawCode: '0',
        scannedAt: '2026-11-22T05:00:00Z',
      },
      { sha256: SHA256, source: 'recorded-future', status: 'malicious', score: 89, scannedAt: '2026-11-22T05:00:00Z' },
    );
    const [result] = (await lookup.find(`seen ${MD5}`)).results;
    expect(result?.verdict.status).toBe('malicious');
    expect(
      result?.sources.map(({ source, scoreText, thresholdText, due }) => [source, scoreText, thresholdText, due]),
    ).toEqual([
      ['wildfire', 'verdict 0', 'benign = non-malicious', false],
      ['virustotal', '41 of 72 engines', 'at least 5 engines', false],
    ]);
    expect(result?.otherItems.map(({ source }) => source)).toEqual(['recorded-future']);
    expect(result?.digests).toEqual({ md5: MD5, sha256: SHA256 });
  });

  it('counts an answer by the thresholds as they are set now', async () => {
    await know({
      sha256: SHA256,
      source: 'virustotal',
      status: 'malicious',
      score: 6,
      rawCode: 'm=6 u=60',
      scannedAt: '2026-11-22T05:00:00Z',
    });
    expect((await look(SHA256, 'virustotal')).item?.status).toBe('malicious');
    const settings = createSettings(under.engine.database, clock);
    await settings.set({ virustotalThreshold: { malicious: 10, suspicious: 2 } });
    const { item, thresholdText } = await look(SHA256, 'virustotal');
    expect([item?.status, thresholdText]).toEqual(['suspicious', 'at least 2 engines']);
  });

  it.each([
    ['a fresh answer', { status: 'non-malicious', scannedAt: '2026-11-22T05:00:00Z' }, false],
    ['a stale answer', { status: 'non-malicious', scannedAt: '2025-01-01T00:00:00Z' }, true],
    ['a fresh "does not know"', { status: 'unknown', noAnswer: 'not-known', scannedAt: '2026-11-22T05:00:00Z' }, false],
    [
      'not known for longer than the setting',
      { status: 'unknown', noAnswer: 'not-known', scannedAt: '2026-11-10T06:30:00Z' },
      true,
    ],
    ['a failed question', { status: 'unknown', noAnswer: 'could-not-ask', scannedAt: '2026-11-22T05:00:00Z' }, true],
    ['a pending answer within its hour', { status: 'pending', scannedAt: '2026-11-22T07:30:00Z' }, false],
    ['a pending answer past its hour', { status: 'pending', scannedAt: '2026-11-22T06:30:00Z' }, true],
  ])('%s is due: %3$s', async (_what, answer, due) => {
    await know({ sha256: SHA256, source: 'virustotal', ...answer });
    expect((await look(SHA256, 'virustotal')).due).toBe(due);
  });

  it('names a known set that could not be read, whose answers are missing', async () => {
    const path = under.path('set.txt');
    writeFileSync(path, `${STRANGER}\n`);
    const set = { name: 'Golden image', edition: '', datedAt: null, mark: 'known-good', replace: false } as const;
    await under.engine.knownSets.import(path, set, () => undefined, signal);
    const whole = await lookup.find(STRANGER);
    expect([whole.problems, whole.results[0]?.verdict.rule]).toEqual([[], 'known-good']);
    const folder = join(under.engine.directory, 'known-sets');
    for (const name of readdirSync(folder)) {
      truncateSync(join(folder, name), 10);
    }
    const { problems, results } = await lookup.find(STRANGER);
    expect([results[0]?.verdict.rule, problems]).toEqual([
      'never-asked',
      [expect.stringContaining('The known set Golden image was left out')],
    ]);
  });

  it('shows at most 100 results and says how many hashes there are', async () => {
    const text = Array.from({ length: 130 }, (_, n) => digestOf('many', n)).join('\n');
    const { results, hashes } = await lookup.find(text);
    expect([results.length, hashes]).toEqual([100, 130]);
  });

  it('says what is left of the scarcest window, by what is set and what the source told', async () => {
    sources.set('virustotal', { callsPerDay: 300, callsPerMonth: 250 });
    expect((await look(STRANGER, 'virustotal')).price?.left).toBe(250);
    const told = { window: 'day', allowed: 20, used: null, at: NOW } as const;
    const source = sourceCode('virustotal');
    await under.engine.database.write('setSourceState', { source, change: { learned: [told] }, at: NOW });
    expect((await look(STRANGER, 'virustotal')).price?.left).toBe(20);
    sources.set('virustotal', { callsPerDay: null, callsPerMonth: null });
    await under.engine.database.write('setSourceState', { source, change: { learned: [] }, at: NOW });
    expect((await look(STRANGER, 'virustotal')).price?.left).toBeNull();
  });
});

describe('asking', () => {
  it('queues a hash with a person waiting, for the named sources only', async () => {
    expect(await lookup.ask(STRANGER.toUpperCase(), ['virustotal'], false)).toEqual({ queued: 1, refused: [] });
    const rows = await under.engine.database.read('queueOf', { digests: [Buffer.from(STRANGER, 'hex')] });
    expect(rows).toMatchObject([{ source: sourceCode('virustotal'), purpose: 'person', onItsWay: false }]);
    expect([(await look(STRANGER, 'virustotal')).queued, (await look(STRANGER, 'wildfire')).queued]).toEqual([
      'queued',
      null,
    ]);
  });

  it('queues it for the call that tells everything, where a batch would tell less', async () => {
    const claimed = () => under.engine.database.write('claimRequest', claimArgs(now, 0, { source: RECORDED_FUTURE }));
    sources = fixedSources([recordedFuture]);
    lookup = openLookup(false);
    await lookup.ask(STRANGER, ['recorded-future'], false);
    expect((await claimed()).claim).toMatchObject({ kind: 'request', single: true });
    sources.set('recorded-future', { options: { ...recordedFuture.facts.defaults.options, details: 'off' } });
    await lookup.ask(SHA256, ['recorded-future'], false);
    expect((await claimed()).claim).toMatchObject({ kind: 'request', single: false });
  });

  it('queues nothing that there is no room for, and says so', async () => {
    isFull = true;
    try {
      const { queued, refused } = await lookup.ask(STRANGER, ['virustotal'], false);
      expect([queued, refused[0]?.sentence]).toEqual([0, expect.stringContaining('maximum size')]);
      expect(await under.engine.database.read('queueDepth', {})).toMatchObject({ waiting: 0 });
      const { database } = under.engine;
      const counted = { kind: 'itemsNotMade', from: 0, to: Number.MAX_SAFE_INTEGER } as const;
      expect(await database.read('metricTotal', counted)).toBe(1);
    } finally {
      isFull = false;
    }
  });

  it('says what a queued hash waits for', async () => {
    await lookup.ask(STRANGER, ['virustotal'], false);
    const at = now;
    const change = { state: 'waiting', reason: 'its day, 00:00 UTC', until: at + 3_600_000 } as const;
    await under.engine.database.write('setSourceState', { source: sourceCode('virustotal'), change, at });
    expect((await look(STRANGER, 'virustotal')).queued).toBe('queued: its day, 00:00 UTC');
    now += 3_700_000;
    expect((await look(STRANGER, 'virustotal')).queued).toBe('queued');
  });

  it('is seen under every digest of the file', async () => {
    await know({
      sha256: SHA256,
      md5: MD5,
      source: 'wildfire',
      status: 'malicious',
      scannedAt: '2026-11-22T05:00:00Z',
    });
    await lookup.ask(SHA256, ['virustotal'], false);
    expect((await look(MD5, 'virustotal')).queued).toBe('queued');
  });

  it('asks about a SHA-1 through a digest the source takes, or says that it takes none', async () => {
    expect((await lookup.ask(SHA1, ['wildfire'], false)).refused).toEqual([
      { source: 'wildfire', sentence: 'WildFire takes no SHA-1, and no other digest of the file is known.' },
    ]);
    expect((await look(SHA1, 'wildfire')).price).toBeNull();
    await know({
      sha1: SHA1,
      sha256: SHA256,
      source: 'virustotal',
      status: 'malicious',
      scannedAt: '2026-11-22T05:00:00Z',
    });
    expect(await lookup.ask(SHA1, ['wildfire'], false)).toEqual({ queued: 1, refused: [] });
    const rows = await under.engine.database.read('queueOf', { digests: [Buffer.from(SHA256, 'hex')] });
    expect(rows).toHaveLength(1);
  });

  it.each([
    ['pending past its recheck', { status: 'pending', scannedAt: '2026-11-22T06:30:00Z' }],
    ['stale', { status: 'non-malicious', scannedAt: '2025-01-01T00:00:00Z' }],
    [
      'not known for longer than the setting',
      { status: 'unknown', noAnswer: 'not-known', scannedAt: '2026-11-10T06:30:00Z' },
    ],
    ['a failed question', { status: 'unknown', noAnswer: 'could-not-ask', scannedAt: '2026-11-22T05:00:00Z' }],
  ])('what is shown as due is really asked: %s', async (_what, answer) => {
    await know({ sha256: SHA256, source: 'virustotal', ...answer });
    await lookup.ask(SHA256, ['virustotal'], false);
    const { claim } = await under.engine.database.write('claimRequest', {
      source: sourceCode('virustotal'),
      now,
      steadyMs: 0,
      limits: { minute: null, hour: null, day: null, month: null },
      hashesPerRequest: 1,
      billedBy: 'request',
      takes: ['sha256', 'sha1', 'md5'],
      able: [sourceCode('virustotal')],
      freshSeconds: (await createSettings(under.engine.database, clock).get()).staleAfterDays * 86_400,
      notKnownSeconds: 30 * 86_400,
      rescanLimits: { minute: null, hour: null, day: null, month: null },
      rescansFirst: false,
      recheckSeconds: 3_600,
      avoid: true,
      minuteMs: 60_000,
      deadlineMs: 60_000,
    });
    expect(claim).toMatchObject({ kind: 'request', digestKind: 'sha256', billed: 1 });
  });

  it('spends nothing on an answer that is not due, unless told to ask again', async () => {
    await know({ sha256: SHA256, source: 'virustotal', status: 'malicious', scannedAt: '2026-11-22T05:00:00Z' });
    expect((await lookup.ask(SHA256, ['virustotal'], false)).refused).toEqual([
      { source: 'virustotal', sentence: expect.stringContaining('not due yet') },
    ]);
    expect(await depth()).toEqual({ waiting: 0, onTheWay: 0 });
    expect((await lookup.ask(SHA256, ['virustotal'], true)).queued).toBe(1);
  });

  it.each([
    ['switched off', async () => sources.refuse('virustotal', 'It is switched off.'), 'It is switched off.'],
    [
      'offline',
      async () => void (await createSettings(under.engine.database, clock).set({ offline: true })),
      'Assay is offline',
    ],
    [
      'stopped',
      async () => {
        const change = { state: 'stopped', reason: 'Its key was refused (401).' } as const;
        await under.engine.database.write('setSourceState', { source: sourceCode('virustotal'), change, at: now });
      },
      'Its key was refused (401).',
    ],
  ])('never asks a source that is %s', async (_what, arrange, words) => {
    await arrange();
    const { queued, refused } = await lookup.ask(STRANGER, ['virustotal'], true);
    expect([queued, refused[0]?.sentence]).toEqual([0, expect.stringContaining(words)]);
    expect((await look(STRANGER, 'virustotal')).cannotAsk).toContain(words);
    expect(await depth()).toEqual({ waiting: 0, onTheWay: 0 });
  });

  it('never asks about the hash of an empty file, or a source without an adapter', async () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    const { queued, refused } = await lookup.ask(empty, ['virustotal'], true);
    expect([queued, refused[0]?.sentence]).toEqual([0, expect.stringContaining('empty file')]);
    expect((await lookup.ask(STRANGER, ['recorded-future'], true)).refused[0]?.sentence).toContain(
      'cannot ask Recorded Future',
    );
  });

  it.each([
    ['itself', SHA256, SHA256],
    ['by another digest of its file', SHA256, MD5],
  ])(
    'never asks about a hash that is listed %s, opens no page, and does again once it is off',
    async (_w, hash, listed) => {
      await know({
        sha256: SHA256,
        md5: MD5,
        source: 'wildfire',
        status: 'malicious',
        scannedAt: '2025-01-01T00:00:00Z',
      });
      const changeId = await list(listed);
      const { queued, refused } = await lookup.ask(hash, ['wildfire', 'virustotal'], true);
      expect([queued, refused.map(({ sentence }) => sentence.includes('hash list'))]).toEqual([0, [true, true]]);
      expect((await look(hash, 'virustotal')).hasPage).toBe(false);
      await expect(lookup.page(hash, 'virustotal')).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await under.engine.hashList.undo(changeId ?? 0);
      expect((await lookup.ask(hash, ['virustotal'], true)).queued).toBe(1);
    },
  );

  it.each([
    ['itself', SHA256],
    ['by another digest of its file', MD5],
  ])('never asks about a hash an embargoed list holds %s, and opens no page', async (_what, held) => {
    await know({
      sha256: SHA256,
      md5: MD5,
      source: 'wildfire',
      status: 'malicious',
      scannedAt: '2025-01-01T00:00:00Z',
    });
    const id = await keep('Case 4711', `${held}\n`);
    await under.engine.intakes.setEmbargo(id, true);
    const { queued, refused } = await lookup.ask(SHA256, ['wildfire', 'virustotal'], true);
    expect([queued, refused.map(({ sentence }) => sentence.includes('Case 4711'))]).toEqual([0, [true, true]]);
    const [result] = (await lookup.find(SHA256)).results;
    expect(result?.seenIn).toMatchObject([{ intakeId: id, embargo: true }]);
    await expect(lookup.page(SHA256, 'virustotal')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await depth()).toEqual({ waiting: 0, onTheWay: 0 });
    await under.engine.intakes.setEmbargo(id, false);
    expect((await lookup.ask(SHA256, ['virustotal'], true)).queued).toBe(1);
  });

  it('holds an embargo before its keys are written', async () => {
    const id = await keep('Case 4711', `${STRANGER}\n`);
    await under.engine.database.write('setIntakeEmbargo', { id, embargo: true });
    const { queued, refused } = await lookup.ask(STRANGER, ['virustotal'], true);
    expect([queued, refused[0]?.sentence]).toEqual([0, expect.stringContaining('Case 4711')]);
  });

  it('refuses what is no hash', async () => {
    await expect(lookup.ask(`${SHA256}00`, ['virustotal'], false)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('the page of a source', () => {
  it('is the checked address for the best digest known', async () => {
    await know({
      sha256: SHA256,
      md5: MD5,
      source: 'wildfire',
      status: 'malicious',
      scannedAt: '2026-11-22T05:00:00Z',
    });
    expect(await lookup.page(MD5, 'virustotal')).toBe(`https://www.virustotal.com/gui/file/${SHA256}`);
    expect((await look(MD5, 'virustotal')).hasPage).toBe(true);
  });

  it('is never opened from simulated data', async () => {
    lookup = openLookup(true);
    expect((await look(SHA256, 'virustotal')).hasPage).toBe(false);
    await expect(lookup.page(SHA256, 'virustotal')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused where there is none, and while offline', async () => {
    await expect(lookup.page(SHA256, 'wildfire')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await createSettings(under.engine.database, clock).set({ offline: true });
    await expect(lookup.page(SHA256, 'virustotal')).rejects.toThrow('offline');
  });
});
