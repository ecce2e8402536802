import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest, file, NOW, openTestList, PLAIN, type TestList } from './list.ts';

let test: TestList;
beforeEach(async () => {
  test = await openTestList();
});
afterEach(() => test.dispose());

const add = (side: 'malicious' | 'non-malicious', ...seeds: readonly (string | number)[]) =>
  test.list.add({ ...PLAIN, side, groups: seeds.map(file), note: `note ${seeds.join(' ')}` });
const sides = async (): Promise<string[]> =>
  (await test.entries()).map(
    (entry) => `${entry.id} ${entry.side} ${Object.keys(entry.digests).join('+')} ${entry.note}`,
  );

describe('reading', () => {
  it('takes headers in any order and case, the older words, and what spreadsheets write', async () => {
    const text = `\uFEFFLIST;Notes;SHA-256;MD5\r\nBlacklist;"a; ""b""\r\nc";${file(1).sha256.toUpperCase()};${file(1).md5}\r\n\r\nwhitelist;;;${file(2).md5}\r\n`;
    expect(await test.preview(text)).toMatchObject({ lines: 2, added: 2, unchanged: 0, problemCount: 0 });
    for (const bytes of [
      Buffer.from(text, 'utf16le'),
      Buffer.from(text, 'utf16le').swap16(),
      Buffer.from(text.slice(1).replace('""b""', 'Zoë'), 'latin1'),
    ]) {
      expect(await test.preview(bytes)).toMatchObject({ lines: 2, added: 2, problemCount: 0 });
    }
    await test.list.import((await test.preview(text)).token);
    expect(await test.entries()).toMatchObject([
      { side: 'malicious', note: 'a; "b"\r\nc', digests: { md5: file(1).md5, sha256: file(1).sha256 } },
      { side: 'non-malicious', note: '', digests: { md5: file(2).md5 } },
    ]);
  });

  it('names every line that cannot be an entry, and leaves them out only when told', async () => {
    const text = [
      'hash,list,notes',
      `${file(1).md5},malicious,fine`,
      `${file(1).sha1.slice(2)},malicious,`,
      `"two`,
      `lines",malicious,`,
      `,malicious,`,
      `${file(2).md5},bad,`,
      `${file(3).md5},,`,
      `${file(4).md5},malicious,note, with a comma`,
    ].join('\n');
    const preview = await test.preview(text);
    expect(preview).toMatchObject({ lines: 7, added: 1, leftOut: 0, problemCount: 6 });
    expect(preview.problems.map(({ line, problem, message }) => [line, problem, message])).toEqual([
      [3, 'not-a-hash', 'Line 3: 38 digits, where MD5 has 32, SHA-1 40 and SHA-256 64.'],
      [4, 'not-a-hash', 'Line 4: two\nlines is not hexadecimal.'],
      [6, 'not-a-hash', 'Line 6: no hash.'],
      [7, 'no-side', 'Line 7: "bad" is no side; it must be malicious or non-malicious.'],
      [8, 'no-side', 'Line 8: no side is named in the column list; it must be malicious or non-malicious.'],
      [9, 'malformed', 'Line 9: 4 cells, where the header has 3.'],
    ]);
    await expect(test.list.import(preview.token)).rejects.toThrow('6 open problems. Nothing was imported');
    const skipped = await test.preview(text, { skipMalformed: true });
    expect(skipped).toMatchObject({ lines: 7, added: 1, leftOut: 6, problemCount: 0 });
    expect(await test.list.import(skipped.token)).toMatchObject({ added: 1, problems: [] });
  });

  it('never leaves out what follows a quote that is not closed', async () => {
    const text = `hash,list,notes\n${file(1).md5},malicious,ok\n${file(2).md5},malicious,"open\n${file(3).md5},malicious,\n`;
    const preview = await test.preview(text, { skipMalformed: true });
    expect(preview).toMatchObject({
      lines: 2,
      leftOut: 0,
      problemCount: 1,
      problems: [{ line: 3, problem: 'malformed' }],
    });
  });

  it('says what a file lacks that is no list', async () => {
    for (const [text, reason] of [
      ['', 'names no column hash'],
      [`${file(1).md5}\n`, 'names no column hash'],
      [`md5,notes\n${file(1).md5},x\n`, 'names no column list'],
      [`md5,MD5,list\n`, 'two columns are named md5'],
    ] as const) {
      await expect(test.preview(text), text).rejects.toThrow(reason);
    }
  });

  it('reports a column that holds another kind, two hashes of one kind, and a bad date', async () => {
    const text = `md5,sha1,hash,list,expiresAt\n${file(1).sha1},,,malicious,\n${file(1).md5},,${file(2).md5},malicious,\n${file(1).md5},,,malicious,soon\n`;
    expect((await test.preview(text)).problems.map((problem) => problem.message)).toEqual([
      'Line 2: a SHA-1 stands in the column of another kind.',
      'Line 3: two different MD5 hashes for one file.',
      'Line 4: soon in expiresAt is no date like 2026-11-22T04:42:18Z.',
    ]);
  });
});

describe('append', () => {
  it('adds, fills in, and leaves what is the same', async () => {
    await add('malicious', 1, 2);
    await test.list.add({ ...PLAIN, side: 'malicious', groups: [{ md5: file(3).md5 }] });
    const text = `md5,sha256,list,notes\n${file(1).md5},,malicious,\n${file(3).md5},${file(3).sha256},malicious,three\n${file(4).md5},,malicious,\n,${file(4).sha256},malicious,\n${file(4).md5},${file(4).sha256},malicious,four\n`;
    const preview = await test.preview(text);
    expect(preview).toMatchObject({ lines: 5, added: 1, updated: 1, unchanged: 3, removed: 0, problemCount: 0 });
    const change = await test.list.import(preview.token);
    expect(change).toMatchObject({ added: 1, updated: 1, unchanged: 3 });
    expect(await sides()).toEqual([
      '1 malicious md5+sha1+sha256 note 1 2',
      '2 malicious md5+sha1+sha256 note 1 2',
      '3 malicious md5+sha256 three',
      '4 malicious md5+sha256 four',
    ]);
    await test.list.undo(change.changeId ?? 0);
    expect((await sides()).slice(2)).toEqual(['3 malicious md5 ']);
    await expect(test.list.import(preview.token)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  const conflicts = (): string =>
    [
      'hash,list,notes',
      `${file(1).sha256},non-malicious,against entry 1`,
      `${file(7).md5},malicious,`,
      `${file(8).md5},malicious,fine`,
      `${file(7).md5},non-malicious,against line 3`,
    ].join('\n');

  it('names both places of a hash on both sides and writes nothing', async () => {
    await add('malicious', 1);
    const preview = await test.preview(conflicts());
    expect(preview).toMatchObject({ lines: 4, problemCount: 2 });
    expect(preview.problems).toMatchObject([
      { line: 2, problem: 'other-side', otherEntry: 1, otherLine: null, side: 'non-malicious' },
      { line: 5, problem: 'other-side-in-file', otherEntry: null, otherLine: 3 },
    ]);
    await expect(test.list.import(preview.token)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await test.entries()).toHaveLength(1);
  });

  it('keeps mine: every line that names a contested hash stays out', async () => {
    await add('malicious', 1);
    const preview = await test.preview(conflicts(), { settle: 'keep-mine' });
    expect(preview).toMatchObject({ lines: 4, added: 1, leftOut: 3, unchanged: 0, problemCount: 0 });
    await test.list.import(preview.token);
    expect(await sides()).toEqual(['1 malicious md5+sha1+sha256 note 1', '2 malicious md5 fine']);
  });

  it('takes the file’s, but cannot settle where the file contradicts itself', async () => {
    await add('malicious', 1);
    const open = await test.preview(conflicts(), { settle: 'take-file' });
    expect(open).toMatchObject({ problemCount: 1, problems: [{ line: 5, otherLine: 3 }] });
    const text = conflicts().split('\n').slice(0, 4).join('\n');
    const preview = await test.preview(text, { settle: 'take-file' });
    expect(preview).toMatchObject({ added: 2, updated: 1, problemCount: 0 });
    await test.list.import(preview.token);
    expect(await sides()).toContain('1 non-malicious md5+sha1+sha256 against entry 1');
  });

  it('sees a contradiction of two lines that only a listed entry ties together', async () => {
    await add('malicious', 1);
    const text = `hash,list\n${file(1).md5},non-malicious\n${file(1).sha256},malicious\n`;
    expect(await test.preview(text, { settle: 'take-file' })).toMatchObject({
      problemCount: 1,
      problems: [{ line: 3, problem: 'other-side-in-file', otherLine: 2, otherEntry: 1 }],
    });
  });

  it('takes only the shared digest from an entry that is another file', async () => {
    const md5 = digest('md5', 'collision');
    const groups = [
      { md5, sha256: file(1).sha256 },
      { md5, sha256: file(2).sha256 },
    ];
    await test.list.add({ ...PLAIN, side: 'malicious', groups });
    const text = `sha256,list\n${file(1).sha256},non-malicious\n`;
    await test.list.import((await test.preview(text, { settle: 'take-file' })).token);
    expect(await test.entries()).toMatchObject([
      { side: 'non-malicious', digests: groups[0] },
      { side: 'malicious', digests: { sha256: file(2).sha256 } },
    ]);
  });
});

describe('replace', () => {
  it('makes the file the whole list and keeps who added what stays', async () => {
    await add('malicious', 1, 2, 3);
    test.world.now += 1000;
    test.world.analyst = 'd.reyes';
    const text = `md5,sha1,sha256,list,notes\n${file(1).md5},${file(1).sha1},${file(1).sha256},malicious,note 1 2 3\n${file(2).md5},,,non-malicious,moved\n${file(9).md5},,,malicious,new\n`;
    const preview = await test.preview(text, { mode: 'replace' });
    expect(preview).toMatchObject({ lines: 3, added: 1, updated: 1, unchanged: 1, removed: 1, problemCount: 0 });
    const change = await test.list.import(preview.token);
    expect(await test.entries()).toMatchObject([
      { id: 1, side: 'malicious', addedBy: 'm.okafor', addedAt: NOW },
      { id: 2, side: 'non-malicious', digests: { md5: file(2).md5 }, note: 'moved', addedAt: NOW },
      { id: 4, side: 'malicious', note: 'new', addedBy: 'd.reyes', addedAt: NOW + 1000 },
    ]);
    await test.list.undo(change.changeId ?? 0);
    expect(await sides()).toEqual([1, 2, 3].map((id) => `${id} malicious md5+sha1+sha256 note 1 2 3`));
  });

  it('refuses a file that contradicts itself; keep mine then keeps the listed entry', async () => {
    await add('malicious', 1, 2);
    const text = `md5,list\n${file(1).md5},malicious\n${file(1).md5},non-malicious\n${file(5).md5},malicious\n`;
    expect(await test.preview(text, { mode: 'replace' })).toMatchObject({ problemCount: 1 });
    const preview = await test.preview(text, { mode: 'replace', settle: 'keep-mine' });
    expect(preview).toMatchObject({ added: 1, removed: 1, leftOut: 2, problemCount: 0 });
    await test.list.import(preview.token);
    expect(await sides()).toEqual(['1 malicious md5+sha1+sha256 note 1 2', '3 malicious md5 ']);
  });
});
