import { describe, expect, test } from 'vitest';
import type { DigestSet, HexDigest } from '#shared/domain/hash.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { md5, sha1, sha256 } from '../made-items.ts';
import { openWorld, type World } from './world.ts';

describe('writing on files', () => {
  test('is seen under every digest of the file', async () => {
    const world = await openWorld();
    const file = { md5: md5(1), sha256: sha256(1) };
    expect(await world.write([file], { note: 'seen on host12', add: ['APT29', 'triage'] })).toEqual({
      changeId: 1,
      changed: 1,
      unchanged: 0,
      full: 0,
      replaced: 0,
    });
    const written = { note: 'seen on host12', tags: ['APT29', 'triage'] };
    expect(await world.of({ md5: md5(1) })).toEqual(written);
    expect(await world.of({ sha256: sha256(1) })).toEqual(written);
    expect(await world.of({ sha1: sha1(1) })).toEqual({ note: '', tags: [] });
  });

  test('tells tags apart without their case and keeps the first spelling', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }], { add: ['APT29'] });
    expect(await world.write([{ md5: md5(1) }], { add: ['apt29'] })).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await world.of({ md5: md5(1) })).toEqual({ note: '', tags: ['APT29'] });
    await world.write([{ md5: md5(1) }], { remove: ['aPt29'] });
    expect(await world.database.read('annotationsAfter', { after: 0, limit: 10, tag: null })).toEqual({
      rows: [],
      next: null,
    });
  });

  test('reaches digests a source or the hash list names, and no ambiguous one', async () => {
    const world = await openWorld();
    await world.learn({ md5: md5(1), sha256: sha256(1) }, { md5: md5(2), sha256: sha256('2a') });
    await world.learn({ md5: md5(2), sha256: sha256('2b') });
    await world.write([{ md5: md5(1) }, { md5: md5(2) }], { add: ['seen'] });
    expect(await world.of({ sha256: sha256(1) })).toEqual({ note: '', tags: ['seen'] });
    expect(await world.of({ sha256: sha256('2a') })).toEqual({ note: '', tags: [] });
  });

  test('takes what was written on digests of one file together, and undo parts it again', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }], { note: 'by its MD5', add: ['a'] });
    await world.write([{ sha256: sha256(1) }], { note: 'by its SHA-256', add: ['b'] });
    const both = { md5: md5(1), sha256: sha256(1) };
    expect(await world.of(both)).toEqual({ note: 'by its SHA-256\nby its MD5', tags: ['a', 'b'] });
    const { changeId } = await world.write([both], { add: ['c'] });
    expect(await world.of({ md5: md5(1) })).toEqual({ note: 'by its SHA-256\nby its MD5', tags: ['a', 'b', 'c'] });
    expect(await world.undo(changeId)).toEqual({ restored: 1, kept: 0 });
    expect(await world.of({ md5: md5(1) })).toEqual({ note: 'by its MD5', tags: ['a'] });
    expect(await world.of({ sha256: sha256(1) })).toEqual({ note: 'by its SHA-256', tags: ['b'] });
  });

  test('keeps annotations apart whose digests contradict, or which would be too much together', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5('shared'), sha256: sha256('one') }], { add: ['one'] });
    await world.write([{ md5: md5('shared'), sha256: sha256('two') }], { add: ['two'] });
    expect(await world.of({ sha256: sha256('two') })).toEqual({ note: '', tags: ['two'] });
    expect(await world.of({ md5: md5('shared') })).toEqual({ note: '', tags: ['one'] });

    await world.write([{ md5: md5(3) }], { note: 'm'.repeat(6_000) });
    await world.write([{ sha256: sha256(3) }], { note: 's'.repeat(6_000) });
    await world.write([{ md5: md5(3), sha256: sha256(3) }], { add: ['both'] });
    expect(await world.of({ md5: md5(3) })).toEqual({ note: 'm'.repeat(6_000), tags: [] });
    expect(await world.of({ sha256: sha256(3) })).toEqual({ note: 's'.repeat(6_000), tags: ['both'] });
  });

  test('leaves a file with 32 tags as it is and says so', async () => {
    const world = await openWorld();
    const tags = Array.from({ length: 32 }, (_, n) => `tag ${n}`);
    await world.write([{ md5: md5(1) }], { add: tags });
    expect(await world.write([{ md5: md5(1) }, { md5: md5(2) }], { add: ['more'] })).toMatchObject({
      changed: 1,
      full: 1,
    });
    expect((await world.of({ md5: md5(1) })).tags).toHaveLength(32);
  });
});

describe('two writers at once', () => {
  test('the later one wins on the note, is told so, and undo brings the other back; tags of both stay', async () => {
    const directory = temporaryDirectory();
    const [ana, kim] = [await openWorld(directory), await openWorld(directory)];
    const file = { sha256: sha256(1) };
    await ana.write([file], { note: 'first' });
    await kim.write([file], { note: 'by kim', noteBefore: 'first', add: ['kim'] }, 'kim');
    const late = await ana.write([file], { note: 'by ana', noteBefore: 'first', add: ['ana'] });
    expect(late).toMatchObject({ changed: 1, replaced: 1 });
    expect(await kim.of(file)).toEqual({ note: 'by ana', tags: ['ana', 'kim'] });
    await ana.undo(late.changeId);
    expect(await kim.of(file)).toEqual({ note: 'by kim', tags: ['kim'] });
  });

  test('undo leaves alone what somebody wrote on since', async () => {
    const world = await openWorld();
    const first = await world.write([{ md5: md5(1) }, { md5: md5(2) }], { add: ['a'] });
    await world.write([{ md5: md5(1) }], { add: ['b'] }, 'kim');
    expect(await world.undo(first.changeId)).toEqual({ restored: 1, kept: 1 });
    expect(await world.of({ md5: md5(1) })).toEqual({ note: '', tags: ['a', 'b'] });
    expect(await world.of({ md5: md5(2) })).toEqual({ note: '', tags: [] });
    expect(await world.undo(first.changeId)).toBeNull();
  });

  test('a removal is not taken back over something new', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }], { note: 'old' });
    const removal = await world.write([{ md5: md5(1) }], { note: '', clearTags: true });
    await world.write([{ md5: md5(1) }], { note: 'new' });
    expect(await world.undo(removal.changeId)).toEqual({ restored: 0, kept: 1 });
    expect(await world.of({ md5: md5(1) })).toEqual({ note: 'new', tags: [] });
  });
});

describe('digests learned later', () => {
  test('show what was written on the one known before', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }], { add: ['seen'] });
    await world.learn({ md5: md5(1) });
    await world.learn({ md5: md5(1), sha256: sha256(1) });
    const rows = await world.database.read('annotationsAfter', { after: 0, limit: 10, tag: 'SEEN' });
    expect(rows.rows.map((row) => row.digests)).toEqual([{ md5: md5(1), sha256: sha256(1) }]);
  });

  test('stay when a later change is taken back', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }], { note: 'first' });
    const { changeId } = await world.write([{ md5: md5(1) }], { note: 'second' });
    await world.learn({ md5: md5(1), sha256: sha256(1) });
    expect(await world.undo(changeId)).toEqual({ restored: 1, kept: 0 });
    expect(await digestsWritten(world)).toEqual([{ md5: md5(1), sha256: sha256(1) }]);
    expect(await world.of({ sha256: sha256(1) })).toEqual({ note: 'first', tags: [] });
  });

  test('are found again when a removal is taken back, but for those others are written on', async () => {
    const world = await openWorld();
    await world.write([{ md5: md5(1) }, { md5: md5(2) }], { note: 'first' });
    const { changeId } = await world.write([{ md5: md5(1) }, { md5: md5(2) }], { note: '' });
    await world.learn({ md5: md5(1), sha256: sha256(1) }, { sha1: sha1(2) });
    await world.write([{ sha1: sha1(2) }], { note: 'another' });
    await world.learn({ md5: md5(2), sha1: sha1(2) });
    expect(await world.undo(changeId)).toEqual({ restored: 1, kept: 1 });
    expect(await digestsWritten(world)).toEqual([
      { sha1: sha1(2), md5: md5(2) },
      { md5: md5(1), sha256: sha256(1) },
    ]);
  });

  test('not when the annotated digest stands for two files', async () => {
    const world = await openWorld();
    await world.learn({ md5: md5(1), sha256: sha256('a') });
    await world.write([{ md5: md5(1) }], { add: ['seen'] });
    await world.learn({ md5: md5(1), sha256: sha256('b'), sha1: sha1('b') });
    expect(await world.of({ sha256: sha256('b') })).toEqual({ note: '', tags: [] });
    expect(await world.of({ sha256: sha256('a') })).toEqual({ note: '', tags: ['seen'] });
  });

  test('the hash of an empty file passes nothing on', async () => {
    const world = await openWorld();
    const empty = 'd41d8cd98f00b204e9800998ecf8427e' as HexDigest;
    await world.write([{ md5: empty }], { add: ['empty'] });
    await world.learn({ md5: empty, sha256: sha256('wrong') });
    expect(await world.of({ sha256: sha256('wrong') })).toEqual({ note: '', tags: [] });
  });
});

async function digestsWritten(world: World): Promise<DigestSet[]> {
  const { rows } = await world.database.read('annotationsAfter', { after: 0, limit: 10, tag: null });
  return rows.map(({ digests }) => digests);
}

test('tags are counted over their spellings, the most used first', async () => {
  const world = await openWorld();
  await world.write([{ md5: md5(1) }, { md5: md5(2) }], { add: ['Loader'] });
  await world.write([{ md5: md5(3) }], { add: ['loader', 'zeta', 'beta'], note: 'see the report' });
  expect(await world.database.read('annotationTags', {})).toEqual({
    tags: [
      { tag: 'Loader', count: 3 },
      { tag: 'beta', count: 1 },
      { tag: 'zeta', count: 1 },
    ],
    noted: 1,
  });
});

test('a hundred changes can be taken back, older ones are let go', async () => {
  const world = await openWorld();
  for (let n = 1; n <= 102; n += 1) {
    await world.write([{ md5: md5(1) }], { note: `note ${n}` });
  }
  expect(await world.undo(1)).toBeNull();
  expect(await world.undo(102)).toEqual({ restored: 1, kept: 0 });
  expect(await world.of({ md5: md5(1) })).toEqual({ note: 'note 101', tags: [] });
});
