import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { gridQuerySchema } from '#shared/contract/intake.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { exported, importLines, never } from './open-cache.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const item = (text: string): Record<string, unknown> => ({
  sha256: sha256(text),
  source: 'wildfire',
  status: 'malicious',
  scannedAt: '2026-01-02T03:04:05Z',
});

async function engineAt(directory: string, simulated = false): Promise<Engine> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal', simulated });
  onTestFinished(() => engine.dispose());
  return engine;
}
const simulatedEngine = (): Promise<Engine> => engineAt(join(temporaryDirectory(), 'demo'), true);
const realEngine = (): Promise<Engine> => engineAt(join(temporaryDirectory(), 'real'));

describe('the stamp', () => {
  test('is put on a new directory and stays', async () => {
    const directory = join(temporaryDirectory(), 'demo');
    const first = await createEngine({ directory, threads: 'inline', shell: 'terminal', simulated: true });
    expect(first.simulated).toBe(true);
    await importLines(first.cache, [item('one')]);
    await first.dispose();
    expect((await engineAt(directory)).simulated).toBe(true);
    expect((await engineAt(directory, true)).simulated).toBe(true);
  });

  test('is not put on a directory that holds anything', async () => {
    const directory = join(temporaryDirectory(), 'real');
    const real = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
    await importLines(real.cache, [item('one')]);
    await real.dispose();
    await expect(engineAt(directory, true)).rejects.toMatchObject({ code: 'SIMULATED_MIX' });
    expect((await engineAt(directory)).simulated).toBe(false);
  });
});

describe('reputation items', () => {
  test('of a simulated directory say so, come back there, and into no real one', async () => {
    const simulated = await simulatedEngine();
    await importLines(simulated.cache, [item('one'), item('two')]);
    const lines = await exported(simulated.cache);
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(lines.map((line) => ({ ...(line as object), simulated: true })));
    expect(await importLines((await simulatedEngine()).cache, lines)).toMatchObject({ imported: 2, rejected: 0 });
    const real = await realEngine();
    await expect(importLines(real.cache, lines)).rejects.toMatchObject({ code: 'SIMULATED_MIX' });
    expect((await real.cache.stats()).items).toBe(0);
  });

  test('of a real directory carry no mark', async () => {
    const real = await realEngine();
    await importLines(real.cache, [item('one'), { ...item('two'), simulated: false }]);
    expect((await exported(real.cache)).map((line) => Object.keys(line as object).includes('simulated'))).toEqual([
      false,
      false,
    ]);
  });

  test('a marked line among others ends the import and says where', async () => {
    const real = await realEngine();
    const lines = [item('one'), { ...item('two'), simulated: true }];
    await expect(importLines(real.cache, lines)).rejects.toThrow(/^Line 2 holds an answer of a simulated source/);
    const odd = await importLines(real.cache, [{ ...item('three'), simulated: 'yes' }]);
    expect(odd.firstProblems).toEqual([{ line: 1, reason: 'simulated is not true or false' }]);
  });
});

describe('backups', () => {
  test.each([
    ['a simulated one', 'a real directory', simulatedEngine, realEngine],
    ['a real one', 'a simulated directory', realEngine, simulatedEngine],
  ])('%s is not restored into %s', async (_from, _to, makeFrom, makeTo) => {
    const from = await makeFrom();
    await importLines(from.cache, [item('one')]);
    const backup = join(temporaryDirectory(), 'backup');
    await from.cache.backup(backup, () => undefined, never);
    const to = await makeTo();
    await importLines(to.cache, [item('two'), item('three')]);
    await expect(to.cache.restore(backup)).rejects.toMatchObject({ code: 'SIMULATED_MIX' });
    expect((await to.cache.stats()).items).toBe(2);
  });

  test('of the same kind are', async () => {
    const from = await simulatedEngine();
    await importLines(from.cache, [item('one')]);
    const backup = join(temporaryDirectory(), 'backup');
    await from.cache.backup(backup, () => undefined, never);
    const to = await simulatedEngine();
    await to.cache.restore(backup);
    const again = await engineAt(to.directory);
    expect([again.simulated, (await again.cache.stats()).items]).toEqual([true, 1]);
  });

  test('the stamp is read from the database too, whatever the manifest says', async () => {
    const from = await simulatedEngine();
    const backup = join(temporaryDirectory(), 'backup');
    await from.cache.backup(backup, () => undefined, never);
    const path = join(backup, 'manifest.json');
    const { simulated: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify(manifest));
    const to = await realEngine();
    await importLines(to.cache, [item('two')]);
    await expect(to.cache.restore(backup)).rejects.toMatchObject({ code: 'SIMULATED_MIX' });
    const again = await engineAt(to.directory);
    expect([again.simulated, (await again.cache.stats()).items]).toEqual([false, 1]);
  });
});

describe('exports of an intake', () => {
  async function intakeOf(engine: Engine): Promise<number> {
    const running = await engine.intakes.start(
      { door: 'terminal', inputs: [{ kind: 'text', name: 'list', text: sha256('one') }], reading: { as: 'auto' } },
      () => undefined,
      never,
    );
    return (await running.finished).id;
  }
  async function exportOf(engine: Engine, format: 'csv' | 'jsonl'): Promise<string> {
    const id = await intakeOf(engine);
    const path = join(temporaryDirectory(), `rows.${format}`);
    const selection = { kind: 'query', query: gridQuerySchema.parse({}) } as const;
    const statement = { title: '', examiner: '', caseName: '', note: '' };
    await engine.reports.write({ intakeId: id, selection, format, statement }, path, () => undefined, never);
    return readFileSync(path, 'utf8');
  }

  test('say on every row that the answers are simulated, and nothing of it in a real directory', async () => {
    const [header = '', row = ''] = (await exportOf(await simulatedEngine(), 'csv')).split('\n');
    const at = header.split(',').indexOf('simulated');
    expect([at > 0, row.split(',')[at]]).toEqual([true, 'true']);
    const line = (await exportOf(await simulatedEngine(), 'jsonl')).split('\n')[1] ?? '';
    expect(JSON.parse(line)).toMatchObject({ hash: sha256('one'), simulated: true });
    const copied = await simulatedEngine();
    const id = await intakeOf(copied);
    const all = { kind: 'query', query: gridQuerySchema.parse({}) } as const;
    const lines = (await copied.intakes.hashes(id, all, 'tsv')).text.split('\n').map((line) => line.split('\t'));
    const column = lines[0]?.indexOf('simulated') ?? -1;
    expect([column > 0, lines[1]?.[column]]).toEqual([true, 'true']);
    const real = await realEngine();
    expect(await exportOf(real, 'csv')).not.toContain('simulated');
    expect((await exportOf(real, 'jsonl')).split('\n')[1]).not.toContain('simulated');
  });
});
