import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openInlineDatabase } from '#main/db/client.ts';
import { openWritable } from '#main/db/open.ts';
import { replaceData } from '#main/db/replace-data.ts';
import { createEngine } from '#main/engine.ts';
import type { Engine } from '#main/services/engine-port.ts';
import { gridQuerySchema } from '#shared/contract/intake.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { chunksOf, never } from './open-cache.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const LIST = ['one', 'two', 'three'].map(sha256).join('\n');

async function engineAt(directory: string): Promise<Engine> {
  const engine = await createEngine({ directory, threads: 'inline', shell: 'terminal' });
  onTestFinished(() => engine.dispose());
  return engine;
}

/** An engine with an item, an intake and a known set, in a folder of its own. */
async function filledEngine(): Promise<{ engine: Engine; root: string; directory: string; intakeId: number }> {
  const root = temporaryDirectory();
  const directory = join(root, 'data');
  const engine = await engineAt(directory);
  const item = { sha256: sha256('one'), source: 'wildfire', status: 'malicious', scannedAt: '2026-01-02T03:04:05Z' };
  await engine.cache.importItems(chunksOf(JSON.stringify(item)), () => undefined, never);
  const setFile = join(root, 'set.txt');
  writeFileSync(setFile, `${sha256('two')}\n`);
  await engine.knownSets.import(
    setFile,
    { name: 'Own tools', edition: '1', datedAt: null, mark: 'known-good', replace: false },
    () => undefined,
    never,
  );
  const running = await engine.intakes.start(
    { door: 'terminal', inputs: [{ kind: 'text', name: 'list', text: LIST }], reading: { as: 'auto' } },
    () => undefined,
    never,
  );
  const { id } = await running.finished;
  return { engine, root, directory, intakeId: id };
}

/** Makes the manifest of a backup say what lies in it by now. */
function writeManifest(folder: string): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { files: { path: string }[] };
  const files = manifest.files.map((file) => {
    const bytes = readFileSync(join(folder, file.path));
    return { path: file.path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  writeFileSync(path, JSON.stringify({ ...manifest, files }));
}

async function verdicts(engine: Engine, intakeId: number): Promise<readonly (readonly [string, string])[]> {
  const { rows } = await engine.intakes.rows(intakeId, gridQuerySchema.parse({}), { offset: 0, limit: 10 });
  return rows.map((row) => [row.hash, row.verdict.status]);
}

describe('backup and restore', () => {
  test('brings back database, intakes and known sets as they were, and keeps what was there', async () => {
    const { engine, root, directory, intakeId } = await filledEngine();
    const before = await verdicts(engine, intakeId);
    const target = join(root, 'backup');
    const progress: [number, number][] = [];
    const done = await engine.cache.backup(target, (...at) => progress.push(at), never);
    expect(done.files).toBeGreaterThanOrEqual(3);
    expect(progress.at(-1)?.[0]).toBe(done.bytes);
    const id = (await engine.database.read('databaseMeta', undefined)).id;

    await engine.intakes.forget(intakeId);
    await engine.hashList.addText({ text: sha256('three'), side: 'malicious', note: '', reason: '', expiresAt: null });
    const { keptAt } = await engine.cache.restore(target);
    await engine.dispose();

    const restored = await engineAt(directory);
    expect(await verdicts(restored, intakeId)).toEqual(before);
    expect((await restored.cache.stats()).listEntries).toBe(0);
    expect((await restored.knownSets.list()).map((set) => set.name)).toEqual(['Own tools']);
    expect(await restored.cache.verify(() => undefined)).toEqual({ ok: true, problems: [] });
    expect((await restored.database.read('databaseMeta', undefined)).id).not.toBe(id);
    expect(keptAt).toMatch(/before-restore-\d+$/);
    const kept = await openInlineDatabase(keptAt ?? '');
    onTestFinished(() => kept.close());
    expect((await kept.read('tableStats', undefined)).listEntries).toBe(1);
  });

  test('while intakes come and go, every row in the backup has its files and every file its row', async () => {
    const { engine, root, intakeId } = await filledEngine();
    const coming = engine.intakes.start(
      { door: 'terminal', inputs: [{ kind: 'text', name: 'list', text: sha256('late') }], reading: { as: 'auto' } },
      () => undefined,
      never,
    );
    const backups = [1, 2, 3].map((at) => engine.cache.backup(join(root, `backup-${at}`), () => undefined, never));
    await engine.intakes.forget(intakeId);
    await (
      await coming
    ).finished;
    await Promise.all(backups);
    for (const at of [1, 2, 3]) {
      const directory = join(root, `restored-${at}`);
      cpSync(join(root, `backup-${at}`), directory, { recursive: true });
      rmSync(join(directory, 'manifest.json'));
      const copy = await engineAt(directory);
      expect((await copy.cache.verify(() => undefined)).problems).toEqual([]);
      expect(readdirSync(directory)).not.toContain('quarantine');
    }
  });

  test('a backup whose bytes changed is refused and nothing is touched', async () => {
    const { engine, root, directory } = await filledEngine();
    const target = join(root, 'backup');
    await engine.cache.backup(target, () => undefined, never);
    const bytes = readFileSync(join(target, 'assay.db'));
    bytes[5_000] = (bytes[5_000] as number) ^ 1;
    writeFileSync(join(target, 'assay.db'), bytes);
    await expect(engine.cache.restore(target)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('assay.db differs') as unknown,
    });
    expect((await engine.cache.stats()).items).toBe(1);
    expect(readdirSync(directory).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test.each([
    ['../outside', 'a path that leads out of the folder'],
    ['/etc/passwd', 'an absolute path'],
    ['intakes/../../x', 'a path with a way up'],
  ])('a manifest that names %s is refused (%s)', async (path) => {
    const { engine, root } = await filledEngine();
    const source = join(root, 'forged');
    mkdirSync(source);
    const file = { path, bytes: 1, sha256: '0'.repeat(64) };
    const manifest = { product: 'assay', format: 1, version: '1', schemaVersion: 1, createdAt: 1, files: [file] };
    writeFileSync(join(source, 'manifest.json'), JSON.stringify(manifest));
    await expect(engine.cache.restore(source)).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  test.each([
    ['CREATE TRIGGER lifted AFTER INSERT ON intakes BEGIN UPDATE intakes SET embargo = 0; END', 'lifted'],
    ['CREATE VIEW seen AS SELECT * FROM intakes', 'seen'],
    ['ALTER TABLE intakes ADD COLUMN more INTEGER AS (id) VIRTUAL', 'intakes'],
  ])('a database that is not built as Assay builds it is refused: %s', async (sql, name) => {
    const { engine, root, directory } = await filledEngine();
    const target = join(root, 'backup');
    await engine.cache.backup(target, () => undefined, never);
    const forged = openWritable(join(target, 'assay.db'));
    forged.exec(sql);
    forged.close();
    writeManifest(target);
    await expect(engine.cache.restore(target)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining(`“${name}”`) as unknown,
    });
    await engine.dispose();
    expect((await (await engineAt(directory)).cache.stats()).items).toBe(1);
  });

  test.skipIf(process.platform === 'win32')(
    'a backup whose file is a device is refused before it is read',
    async () => {
      const { engine, root } = await filledEngine();
      const target = join(root, 'backup');
      await engine.cache.backup(target, () => undefined, never);
      rmSync(join(target, 'assay.db'));
      symlinkSync('/dev/zero', join(target, 'assay.db'));
      const manifest = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8')) as { files: { path: string }[] };
      const files = manifest.files.map((file) => (file.path === 'assay.db' ? { ...file, bytes: 0 } : file));
      writeFileSync(join(target, 'manifest.json'), JSON.stringify({ ...manifest, files }));
      await expect(engine.cache.restore(target)).rejects.toMatchObject({ code: 'UNREADABLE' });
    },
  );

  test('restoring is refused while another process has the directory open', async () => {
    const { engine, root, directory } = await filledEngine();
    const target = join(root, 'backup');
    await engine.cache.backup(target, () => undefined, never);
    const other = await openInlineDatabase(directory);
    onTestFinished(() => other.close());
    await expect(engine.cache.restore(target)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await other.read('tableStats', undefined)).files).toBe(1);
  });

  test('a backup is not written over anything, and a cancelled one leaves nothing', async () => {
    const { engine, root, directory } = await filledEngine();
    await expect(engine.cache.backup(root, () => undefined, never)).rejects.toMatchObject({ code: 'CONFLICT' });
    const stop = new AbortController();
    stop.abort();
    const target = join(root, 'backup');
    await expect(engine.cache.backup(target, () => undefined, stop.signal)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(readdirSync(root).toSorted()).toEqual(['data', 'set.txt']);
    expect(readdirSync(directory).filter((name) => name.startsWith('.backup'))).toEqual([]);
  });

  test.each(['before anything moved', 'after the old database left', 'after the new database came'])(
    'a restore interrupted %s is completed by the next start',
    async (moment) => {
      const { engine, root, directory } = await filledEngine();
      const target = join(root, 'backup');
      await engine.cache.backup(target, () => undefined, never);
      await engine.hashList.addText({ text: sha256('x'), side: 'malicious', note: '', reason: '', expiresAt: null });
      await engine.dispose();
      const staged = join(directory, '.restore-1');
      const kept = join(root, 'kept');
      cpSync(target, staged, { recursive: true });
      rmSync(join(staged, 'manifest.json'));
      mkdirSync(kept);
      const names = readdirSync(staged);
      if (moment !== 'before anything moved') {
        cpSync(join(directory, 'assay.db'), join(kept, 'assay.db'));
        rmSync(join(directory, 'assay.db'));
      }
      if (moment === 'after the new database came') {
        cpSync(join(staged, 'assay.db'), join(directory, 'assay.db'));
        rmSync(join(staged, 'assay.db'));
      }
      writeFileSync(join(directory, 'replacing.json'), JSON.stringify({ staged, kept, names }));
      const restored = await engineAt(directory);
      expect(await restored.cache.stats()).toMatchObject({ listEntries: 0, items: 1, intakes: 1 });
      expect(existsSync(staged)).toBe(false);
      const former = await openInlineDatabase(kept);
      onTestFinished(() => former.close());
      expect((await former.read('tableStats', undefined)).listEntries).toBe(1);
    },
  );

  test('a directory without data takes a backup and keeps nothing', () => {
    const directory = join(temporaryDirectory(), 'data');
    const staged = join(directory, '.restore-1');
    mkdirSync(join(staged, 'intakes'), { recursive: true });
    writeFileSync(join(staged, 'assay.db'), 'new');
    expect(replaceData(directory, staged, 'before-restore-1')).toBeNull();
    expect(readdirSync(directory).toSorted()).toEqual(['assay.db', 'intakes']);
    expect(existsSync(`${directory}.before-restore-1`)).toBe(false);
  });
});
