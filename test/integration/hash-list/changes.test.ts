import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHANGE } from '#main/db/change-kinds.ts';
import { digest, file, NOW, openTestList, PLAIN, type TestList } from './list.ts';

let test: TestList;
beforeEach(async () => {
  test = await openTestList();
});
afterEach(() => test.dispose());

const malicious = { ...PLAIN, side: 'malicious' } as const;
const clean = { ...PLAIN, side: 'non-malicious' } as const;

describe('adding', () => {
  it('keeps digests, note, reason, who and when', async () => {
    const change = await test.list.add({ ...malicious, groups: [file(1)], note: 'Loader', reason: 'IR-2026-114' });
    expect(change).toEqual({ added: 1, updated: 0, removed: 0, unchanged: 0, problems: [], changeId: 1 });
    expect(await test.entries()).toEqual([
      {
        id: 1,
        side: 'malicious',
        digests: file(1),
        note: 'Loader',
        reason: 'IR-2026-114',
        addedBy: 'm.okafor',
        addedAt: NOW,
        expiresAt: null,
        expired: false,
        seenIn: 0,
      },
    ]);
  });

  it('tells everybody: a change per entry, and a metric event', async () => {
    await test.list.add({ ...malicious, groups: [{ md5: digest('md5', 1) }, { md5: digest('md5', 2) }] });
    const changes = await test.database.read('changesSince', { since: 0, limit: 10 });
    expect(changes.map(({ kind, id }) => [kind, id])).toEqual([
      [CHANGE.listEntry, 1],
      [CHANGE.listEntry, 2],
    ]);
    expect(await test.database.read('metricTotal', { kind: 'listEntriesChanged', from: NOW, to: NOW + 1 })).toBe(2);
  });

  it('merges a hash that is listed on the same side, filling in digests and the note', async () => {
    await test.list.add({ ...malicious, groups: [{ md5: file(1).md5 }], note: 'first' });
    const again = await test.list.add({ ...malicious, groups: [{ md5: file(1).md5 }] });
    expect(again).toMatchObject({ added: 0, updated: 0, unchanged: 1, changeId: null });
    const more = await test.list.add({ ...malicious, groups: [file(1)], note: 'second' });
    expect(more).toMatchObject({ added: 0, updated: 1, unchanged: 0 });
    expect(await test.entries()).toMatchObject([{ id: 1, digests: file(1), note: 'second' }]);
  });

  it('joins two entries that turn out to be one file', async () => {
    await test.list.add({ ...malicious, groups: [{ md5: file(1).md5 }], note: 'by MD5' });
    await test.list.add({ ...malicious, groups: [{ sha256: file(1).sha256 }], note: 'by SHA-256' });
    const change = await test.list.add({ ...malicious, groups: [file(1)] });
    expect(change).toMatchObject({ added: 0, updated: 1, removed: 1 });
    expect(await test.entries()).toMatchObject([{ id: 1, digests: file(1), note: 'by MD5\nby SHA-256' }]);
  });

  it('keeps two files apart that share an MD5', async () => {
    const md5 = digest('md5', 'collision');
    await test.list.add({ ...malicious, groups: [{ md5, sha256: digest('sha256', 1) }] });
    const change = await test.list.add({ ...malicious, groups: [{ md5, sha256: digest('sha256', 2) }] });
    expect(change).toMatchObject({ added: 1, updated: 0 });
    expect(await test.list.add({ ...malicious, groups: [{ md5 }] })).toMatchObject({ added: 0, unchanged: 1 });
  });

  it('refuses all when one hash is on the other side, and names the place', async () => {
    await test.list.add({ ...clean, groups: [file(1)], note: 'Contoso VPN' });
    const change = await test.list.add({ ...malicious, groups: [file(2), { sha1: file(1).sha1 }] });
    expect(change).toEqual({
      added: 0,
      updated: 0,
      removed: 0,
      unchanged: 0,
      changeId: null,
      problems: [
        {
          line: null,
          hash: file(1).sha1,
          side: 'malicious',
          problem: 'other-side',
          message: `${file(1).sha1.slice(0, 12)}…${file(1).sha1.slice(-8)} is to be listed as malicious, but entry 1 lists it as non-malicious (added 2026-11-22 by m.okafor).`,
          otherLine: null,
          otherEntry: 1,
        },
      ],
    });
    expect(await test.entries()).toHaveLength(1);
  });

  it('makes an expired entry count again', async () => {
    await test.list.add({ ...malicious, groups: [file(1)], expiresAt: NOW + 60 });
    test.world.now += 61;
    expect(await test.entries()).toMatchObject([{ expired: true }]);
    expect(await test.list.add({ ...malicious, groups: [file(1)] })).toMatchObject({ updated: 1 });
    expect(await test.entries()).toMatchObject([{ expired: false, expiresAt: null }]);
  });

  it('finds every hash in a text, each an entry of its own', async () => {
    const text = `seen ${file(1).md5.toUpperCase()} and ${file(2).sha256}\nno hash: ${'a'.repeat(33)} imphash: ${file(7).md5}\n${file(1).md5}`;
    expect(await test.list.addText({ ...malicious, text })).toMatchObject({ added: 2, unchanged: 1 });
    expect((await test.entries()).map((entry) => entry.digests)).toEqual([
      { md5: file(1).md5 },
      { sha256: file(2).sha256 },
    ]);
    await expect(test.list.addText({ ...malicious, text: 'nothing' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});

describe('editing and removing', () => {
  it('changes what is named and leaves the rest', async () => {
    await test.list.add({ ...malicious, groups: [file(1)], note: 'a', reason: 'b' });
    await test.list.update({ id: 1, side: 'non-malicious', note: 'false detection', expiresAt: NOW + 5 });
    expect(await test.entries()).toMatchObject([
      { side: 'non-malicious', note: 'false detection', reason: 'b', expiresAt: NOW + 5 },
    ]);
    expect(await test.list.update({ id: 1, reason: 'b' })).toMatchObject({ updated: 0, unchanged: 1, changeId: null });
    await expect(test.list.update({ id: 9, note: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses a move that would leave a digest on both sides', async () => {
    const md5 = digest('md5', 'collision');
    await test.list.add({
      ...malicious,
      groups: [
        { md5, sha256: digest('sha256', 1) },
        { md5, sha256: digest('sha256', 2) },
      ],
    });
    const change = await test.list.update({ id: 2, side: 'non-malicious' });
    expect(change).toMatchObject({ changeId: null, problems: [{ hash: md5, problem: 'other-side', otherEntry: 1 }] });
  });

  it('removes by id and by hash, and never uses an id twice', async () => {
    await test.list.add({ ...malicious, groups: [file(1), file(2), file(3)] });
    expect(await test.list.remove([3, 3, 77])).toMatchObject({ removed: 1, unchanged: 1 });
    const { change, notListed } = await test.list.removeHashes([file(2).md5.toUpperCase(), file(3).sha1]);
    expect([change.removed, notListed]).toEqual([1, [file(3).sha1]]);
    await test.list.add({ ...malicious, groups: [file(4)] });
    expect((await test.entries()).map((entry) => entry.id)).toEqual([1, 4]);
    await expect(test.list.removeHashes(['44d88612'])).rejects.toThrow('8 digits');
  });
});

describe('undo', () => {
  it('takes an addition, an edit and a removal back as they were', async () => {
    await test.list.add({ ...malicious, groups: [file(1)], note: 'keep', expiresAt: NOW + 99 });
    const before = await test.entries();
    const edit = await test.list.update({ id: 1, side: 'non-malicious', note: 'x', expiresAt: null });
    await test.list.undo(edit.changeId ?? 0);
    expect(await test.entries()).toEqual(before);
    const removal = await test.list.remove([1]);
    expect(await test.entries()).toEqual([]);
    await test.list.undo(removal.changeId ?? 0);
    expect(await test.entries()).toEqual(before);
    const addition = await test.list.add({ ...malicious, groups: [file(2)] });
    await test.list.undo(addition.changeId ?? 0);
    expect(await test.entries()).toEqual(before);
    // The digests of what came back are found again, those of what went are not.
    expect(await test.list.add({ ...malicious, groups: [{ sha1: file(1).sha1 }] })).toMatchObject({ unchanged: 1 });
    expect(await test.list.add({ ...clean, groups: [{ sha1: file(2).sha1 }] })).toMatchObject({ added: 1 });
  });

  it('undoes an undo', async () => {
    const { changeId } = await test.list.add({ ...malicious, groups: [file(1)] });
    const undone = await test.list.undo(changeId ?? 0);
    await test.list.undo(undone.changeId ?? 0);
    expect(await test.entries()).toMatchObject([{ id: 1, digests: file(1) }]);
  });

  it('is refused with a reason when something newer is in the way', async () => {
    const first = await test.list.add({ ...malicious, groups: [file(1)] });
    const edit = await test.list.update({ id: 1, note: 'newer' });
    await expect(test.list.undo(first.changeId ?? 0)).rejects.toThrow(/change 2 touched the same entries since/);
    await test.list.undo(edit.changeId ?? 0);
    await expect(test.list.undo(edit.changeId ?? 0)).rejects.toThrow(/taken back already, by change 3/);
    const removal = await test.list.remove([1]);
    await test.list.add({ ...clean, groups: [{ md5: file(1).md5 }] });
    await expect(test.list.undo(removal.changeId ?? 0)).rejects.toThrow(
      /listed again since, as non-malicious \(entry 2\)/,
    );
    await expect(test.list.undo(99)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('audit', () => {
  it('says who did what, newest first', async () => {
    await test.list.add({ ...malicious, groups: [{ md5: file(1).md5 }, { md5: file(2).md5 }] });
    test.world.analyst = 'd.reyes';
    test.world.now += 10;
    await test.list.add({ ...malicious, groups: [file(1)], note: 'now with note' });
    await test.list.update({ id: 1, side: 'non-malicious', expiresAt: NOW });
    await test.list.remove([1]);
    const { total, rows } = await test.list.audit(1, { offset: 0, limit: 10 });
    expect(total).toBe(4);
    const short = (hash: string): string => `${hash.slice(0, 12)}…${hash.slice(-8)}`;
    expect(rows.map((row) => `${row.by} ${row.action} ${row.summary}`)).toEqual([
      `d.reyes remove Removed ${short(file(1).sha256)}, which was non-malicious`,
      `d.reyes edit ${short(file(1).sha256)}: malicious became non-malicious, expires 2026-11-22`,
      `d.reyes add ${short(file(1).sha256)}: SHA-1 filled in, SHA-256 filled in, note changed`,
      `m.okafor add Listed ${short(file(1).md5)} as malicious`,
    ]);
    expect((await test.list.audit(null, { offset: 0, limit: 2 })).total).toBe(5);
  });
});

describe('several processes', () => {
  it('plans again when another process changed the list in between, and refuses a preview made before', async () => {
    const other = await test.another();
    const token = (await test.preview(`hash,list\n${file(9).md5},malicious\n`)).token;
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? test.list : other.list).add({ ...malicious, groups: [{ md5: digest('md5', n) }] }),
      ),
    );
    expect(new Set((await test.entries()).map((entry) => entry.id)).size).toBe(10);
    await expect(test.list.import(token)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await test.entries()).toHaveLength(10);
  });
});
