import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gridQuerySchema } from '#shared/contract/intake.ts';
import { startEngine, type EngineUnderTest } from './engine-fixture.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const everything = gridQuerySchema.parse({});

describe.each(['inline', 'workers'] as const)('the first job, threads %s', (threads) => {
  let under: EngineUnderTest;
  beforeEach(async () => {
    under = await startEngine({ threads });
  });
  afterEach(() => under.dispose());

  async function drop(name: string, text: string): Promise<number> {
    writeFileSync(under.path(name), text);
    const { handle } = under.engine.registerPaths([under.path(name)]);
    const started = await under.engine.handlers['intake.start']({ handle, reading: { as: 'auto' } });
    const job = await under.ended(started.jobId);
    expect(job.state, job.message).toBe('done');
    return started.intakeId;
  }

  async function importItems(...items: readonly object[]): Promise<void> {
    const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
    const chunks = (async function* () {
      await Promise.resolve();
      yield Buffer.from(lines);
    })();
    const result = await under.engine.cache.importItems(chunks, () => undefined, new AbortController().signal);
    expect(result).toMatchObject({ imported: items.length, rejected: 0 });
  }

  it('answers a dropped list from the cache, under any digest of the file', async () => {
    await importItems({
      md5: md5('evil'),
      sha256: sha256('evil'),
      source: 'wildfire',
      status: 'malicious',
      scannedAt: new Date().toISOString(),
    });
    const id = await drop(
      'list.txt',
      `${md5('evil').toUpperCase()}\n# comment\n${sha256('fresh')}\n${sha256('fresh')}\n`,
    );
    const { intake } = await under.engine.intakes.get(id);
    expect(intake.accounting).toMatchObject({
      records: 3,
      hashes: 2,
      duplicates: 1,
      withoutHash: 0,
      rejected: 0,
      balanced: true,
    });
    expect(intake.counts).toMatchObject({ malicious: 1, unknown: 1 });
    const page = await under.engine.intakes.rows(id, everything, { offset: 0, limit: 10 });
    expect(page.rows.map((row) => [row.hash, row.verdict.status, row.verdict.rule, row.line])).toEqual([
      [md5('evil'), 'malicious', 'source', 1],
      [sha256('fresh'), 'unknown', 'never-asked', 3],
    ]);
    expect(page.rows[0]?.verdict.flags).toContain('weak');
  });

  it('a hash-list change re-judges the open intake, keeps the verdict as triaged, and undo brings it back', async () => {
    const id = await drop('list.txt', `${sha256('a')}\n${sha256('b')}\n`);
    await under.engine.intakes.rows(id, everything, { offset: 0, limit: 10 });
    const change = await under.engine.handlers['hashList.addRows']({
      intakeId: id,
      entries: [await entryOf(id, sha256('a'))],
      side: 'malicious',
      note: 'seen in IR',
      reason: '',
    });
    expect(change).toMatchObject({ added: 1, problems: [] });
    await under.pushed('changed', (push) => push.kinds.includes('verdicts') && push.intakeIds.includes(id));
    const detail = await under.engine.intakes.detail(id, await entryOf(id, sha256('a')));
    expect(detail.verdict).toMatchObject({ status: 'malicious', rule: 'hash-list' });
    expect(detail.triaged).toMatchObject({ status: 'unknown', rule: 'never-asked' });
    await under.engine.handlers['hashList.undo']({ changeId: change.changeId ?? 0 });
    const { intake } = await under.engine.intakes.get(id);
    expect(intake.counts).toMatchObject({ malicious: 0, unknown: 2 });
  });

  it('counts asked for right behind a change are those after it, every time', async () => {
    const id = await drop('list.txt', `${sha256('a')}\n${sha256('b')}\n`);
    const malicious = async (): Promise<number> => (await under.engine.intakes.get(id)).intake.counts.malicious;
    const seen: number[] = [await malicious()];
    const entry = await entryOf(id, sha256('a'));
    for (let turn = 0; turn < 12; turn += 1) {
      const added = await under.engine.handlers['hashList.addRows']({
        intakeId: id,
        entries: [entry],
        side: 'malicious',
        note: '',
        reason: '',
      });
      seen.push(await malicious());
      await under.engine.handlers['hashList.undo']({ changeId: added.changeId ?? 0 });
      seen.push(await malicious());
    }
    expect(seen).toEqual([0, ...Array.from({ length: 12 }, () => [1, 0]).flat()]);
  });

  it('an intake read again stays under embargo from its first moment', async () => {
    const id = await drop('list.csv', `name,sha256\nx,${sha256('a')}\n`);
    await under.engine.handlers['intake.setEmbargo']({ intakeId: id, embargo: true });
    const again = await under.engine.handlers['intake.reread']({
      intakeId: id,
      reading: { as: 'list', format: 'text' },
    });
    const embargoes = async (): Promise<boolean[]> =>
      (await under.engine.intakes.list({ offset: 0, limit: 10 })).rows.map((intake) => intake.embargo);
    expect(await embargoes()).toEqual([true, true]);
    await under.ended(again.jobId);
    expect(await embargoes()).toEqual([true, true]);
  });

  it('a list that could not be read is never answered as not found', async () => {
    const { handle } = under.engine.registerPaths([under.path('none.txt')]);
    const started = await under.engine.handlers['intake.start']({ handle, reading: { as: 'auto' } });
    const job = await under.ended(started.jobId);
    expect(job.message).toMatch(/could not be read/);
    const { intake } = await under.engine.intakes.get(started.intakeId);
    expect(intake.state).toBe('failed');
    const rows = await under.engine.intakes.rows(started.intakeId, everything, { offset: 0, limit: 10 }).then(
      (page) => page.total,
      (error: { code: string }) => error.code,
    );
    expect(rows === 0 || rows === 'UNREADABLE', String(rows)).toBe(true);
  });

  it('a known set counts as it is marked, and exports carry the columns of the list', async () => {
    writeFileSync(under.path('good.txt'), `${sha256('a')}\n`);
    const { handle } = under.engine.registerPaths([under.path('good.txt')]);
    const job = await under.engine.handlers['knownSets.import']({
      handle,
      name: 'Company base',
      edition: '2026-11',
      datedAt: null,
      mark: 'known-good',
      replace: false,
    });
    expect((await under.ended(job.jobId)).state).toBe('done');
    const id = await drop(
      'list.csv',
      `name,sha256,host\nsetup.exe,${sha256('a')},pc1\n"b, c.dll",${sha256('b')},pc2\n`,
    );
    const started = await under.engine.handlers['report.start']({
      intakeId: id,
      selection: { kind: 'query', query: everything },
      format: 'csv',
      statement: { title: '', examiner: '', caseName: '', note: '' },
    });
    const ended = await under.ended(started.jobId ?? '');
    expect(ended).toMatchObject({ state: 'done', path: started.path });
    expect(ended.message).toMatch(/^list\.csv\.report\.csv, 2 rows, written to .*, its manifest beside it$/);
    const lines = readFileSync(started.path ?? '', 'utf8')
      .trim()
      .split(/\r?\n/);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^hash,.*name.*host/);
    expect(lines[1]).toContain('non-malicious');
    expect(lines[2]).toContain('"b, c.dll"');
  });

  async function entryOf(id: number, hash: string): Promise<number> {
    const page = await under.engine.intakes.rows(id, everything, { offset: 0, limit: 10 });
    return page.rows.find((row) => row.hash === hash)?.entry ?? -1;
  }
});
