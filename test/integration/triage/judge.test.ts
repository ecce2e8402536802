import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '#shared/domain/basis.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import {
  createWorld,
  emptyVerdictColumns,
  entriesOf,
  md5,
  NOW,
  sha1,
  sha256,
  verdictsOf,
  type Row,
  type World,
} from './world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const judge = createJudge();

/** Judges one row both ways, as a column and as an explanation, which must agree. */
function verdictOf(row: Row): Verdict {
  const { entries } = entriesOf([row]);
  const columns = emptyVerdictColumns(1);
  judge.judge(world.context, entries, columns, () => false);
  const { link, ...digests } = row;
  const group = entries.groups[0];
  const explained = judge.explain(world.context, digests as never, group?.link ?? link ?? 'single').verdict;
  const [verdict] = verdictsOf(columns);
  expect(verdict).toEqual(explained);
  return explained;
}

describe('a direct hit', () => {
  it.each([
    ['MD5', { md5: md5(1) }, ['weak']],
    ['SHA-1', { sha1: sha1(1) }, ['weak']],
    ['SHA-256', { sha256: sha256(1) }, []],
  ])('by %s finds the item of the file', (_kind, row, flags) => {
    world.file(row, [{ status: 'malicious', source: 'virustotal' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'malicious', rule: 'source', source: 'virustotal', flags });
  });

  it('needs the whole digest, not its first bytes', () => {
    const known = sha256(1);
    world.file({ sha256: known });
    const other = `${known.slice(0, 60)}0000`;
    expect(verdictOf({ sha256: other })).toMatchObject({ status: 'unknown', rule: 'never-asked' });
  });

  it.each(['malicious', 'non-malicious'] as const)('on the list as %s decides', (side) => {
    world.listed(side, { sha256: sha256(1) });
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ status: side, rule: 'hash-list', flags: [] });
  });

  it.each([
    ['known', 'unknown', 'known-set'],
    ['known-good', 'non-malicious', 'known-good'],
    ['known-bad', 'malicious', 'known-bad'],
  ] as const)('in a %s set gives %s', (mark, status, rule) => {
    world.knownSet(mark, [sha256(1), sha256(2), md5(3)]);
    expect(verdictOf({ sha256: sha256(2) })).toMatchObject({ status, rule, flags: [] });
    expect(verdictOf({ md5: md5(3) })).toMatchObject({ status, rule, flags: ['weak'] });
    expect(verdictOf({ sha256: sha256(4) })).toMatchObject({ status: 'unknown', rule: 'never-asked', flags: [] });
  });
});

describe('what is known under another digest', () => {
  it('is found through what a source said', () => {
    world.file({ md5: md5(1), sha256: sha256(1) }, [{ status: 'suspicious' }], 0x002);
    expect(verdictOf({ md5: md5(1) })).toMatchObject({ status: 'suspicious', flags: ['weak'] });
    const { items, aliases } = judge.explain(world.context, { md5: md5(1) as never }, 'single');
    expect(items).toMatchObject([{ matchedBy: 'md5', link: 'source', digests: { md5: md5(1), sha256: sha256(1) } }]);
    expect(aliases).toEqual([{ kind: 'sha256', hash: sha256(1), link: 'source' }]);
  });

  it('is found through what was read from bytes', () => {
    world.file({ md5: md5(1), sha1: sha1(1), sha256: sha256(1) }, [], 0x011);
    world.knownSet('known-good', [sha1(1)]);
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ status: 'non-malicious', flags: ['weak'] });
    expect(judge.explain(world.context, { sha256: sha256(1) as never }, 'single').aliases).toEqual([
      { kind: 'sha1', hash: sha1(1), link: 'computed' },
      { kind: 'md5', hash: md5(1), link: 'computed' },
    ]);
  });

  it('is found through an entry of the list, both ways', () => {
    world.listed('non-malicious', { md5: md5(1), sha256: sha256(1) });
    world.file({ sha256: sha256(1) }, [{ status: 'malicious' }]);
    world.file({ md5: md5(2) }, [{ status: 'malicious', source: 'virustotal' }]);
    world.listed('non-malicious', { md5: md5(2), sha256: sha256(2) });
    const verdict = { status: 'non-malicious', rule: 'hash-list' };
    expect(verdictOf({ md5: md5(1) })).toMatchObject({ ...verdict, flags: ['conflict', 'weak'] });
    expect(verdictOf({ sha256: sha256(2) })).toMatchObject({ ...verdict, flags: ['conflict'] });
    expect(judge.explain(world.context, { md5: md5(1) as never }, 'single')).toMatchObject({
      items: [{ link: 'team', matchedBy: 'md5', digests: { sha256: sha256(1) } }],
      aliases: [{ kind: 'sha256', hash: sha256(1), link: 'team' }],
      listEntries: [{ side: 'non-malicious', note: 'a note', addedBy: 'ana' }],
    });
  });

  it('stays weak when only an MD5 led to the file, whatever the set was found by', () => {
    world.file({ md5: md5(1), sha256: sha256(1) }, [{ status: 'suspicious' }]);
    world.knownSet('known-bad', [sha256(1)]);
    expect(verdictOf({ md5: md5(1) })).toMatchObject({ status: 'malicious', rule: 'known-bad', flags: ['weak'] });
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ status: 'malicious', rule: 'known-bad', flags: [] });
  });

  it('is found on the list through a file that knows the other digest', () => {
    world.file({ md5: md5(1), sha256: sha256(1) }, []);
    world.listed('malicious', { md5: md5(1) });
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ status: 'malicious', rule: 'hash-list', flags: ['weak'] });
  });
});

describe('a digest of several files', () => {
  beforeEach(() => {
    world.file({ md5: md5(1), sha256: sha256(1) }, [{ status: 'non-malicious' }]);
    world.file({ md5: md5(1), sha256: sha256(2) }, [{ status: 'malicious', source: 'virustotal' }]);
  });

  it('shows the worst of them, ambiguous', () => {
    expect(verdictOf({ md5: md5(1) })).toMatchObject({
      status: 'malicious',
      source: 'virustotal',
      flags: ['conflict', 'ambiguous', 'weak'],
    });
  });

  it('does not carry the answers of one file over to the other', () => {
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ status: 'non-malicious', flags: [] });
  });

  it('is not cleared by an entry that names one of the files', () => {
    world.listed('non-malicious', { md5: md5(1), sha256: sha256(1) });
    expect(verdictOf({ md5: md5(1) })).toMatchObject({ status: 'malicious', rule: 'source' });
    world.listed('non-malicious', { md5: md5(1) });
    expect(verdictOf({ md5: md5(1) })).toMatchObject({ status: 'non-malicious', rule: 'hash-list' });
  });

  it('takes no good word from an entry about another file', () => {
    // The second file shares its MD5 with one the team cleared: a made collision must not inherit that.
    world.listed('non-malicious', { md5: md5(7), sha256: sha256(7) });
    world.file({ md5: md5(7), sha256: sha256(8) }, []);
    expect(verdictOf({ sha256: sha256(8) })).toMatchObject({ status: 'unknown', rule: 'never-asked' });
    expect(verdictOf({ md5: md5(7), sha256: sha256(8), link: 'computed' })).toMatchObject({ status: 'unknown' });
  });
});

describe('rows with several digests', () => {
  it('read from bytes: each of them counts', () => {
    world.file({ md5: md5(1) }, [{ status: 'non-malicious' }]);
    const row: Row = { md5: md5(1), sha1: sha1(1), sha256: sha256(1), link: 'computed' };
    expect(verdictOf(row)).toMatchObject({ status: 'non-malicious', flags: ['weak'] });
    world.file({ sha256: sha256(1) }, [{ status: 'non-malicious', source: 'virustotal' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'non-malicious', agreeing: 1, flags: [] });
  });

  it('read from bytes: a file that differs in one of them may only raise', () => {
    const row: Row = { md5: md5(1), sha256: sha256(1), link: 'computed' };
    const other = world.file({ md5: md5(1), sha256: sha256(2) }, [{ status: 'non-malicious' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'unknown' });
    world.setItems(other, [{ status: 'malicious' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'malicious', flags: ['ambiguous', 'weak'] });
  });

  it('tied by the dropped list: the strongest counts, the others only raise', () => {
    const row: Row = { md5: md5(1), sha256: sha256(1), link: 'asserted' };
    const weaker = world.file({ md5: md5(1) }, [{ status: 'non-malicious' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'unknown', rule: 'never-asked', flags: [] });
    world.setItems(weaker, [{ status: 'malicious' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'malicious', flags: ['weak', 'asserted'] });
    world.file({ sha256: sha256(1) }, [{ status: 'non-malicious', source: 'virustotal' }]);
    expect(verdictOf(row)).toMatchObject({ status: 'malicious', flags: ['conflict', 'weak', 'asserted'] });
    expect(judge.explain(world.context, { md5: md5(1), sha256: sha256(1) } as never, 'asserted').items).toMatchObject([
      { link: 'direct', matchedBy: 'sha256' },
      { link: 'asserted', matchedBy: 'md5' },
    ]);
  });
});

describe('the list', () => {
  it('counts until an entry expires', () => {
    world.listed('malicious', { sha256: sha256(1) }, NOW);
    world.listed('malicious', { sha256: sha256(2) }, NOW + 1);
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({ rule: 'never-asked' });
    expect(verdictOf({ sha256: sha256(2) })).toMatchObject({ status: 'malicious' });
  });

  it('on both sides through a link learned later: malicious, flagged', () => {
    world.listed('non-malicious', { sha256: sha256(1) });
    world.listed('malicious', { md5: md5(1) });
    world.file({ md5: md5(1), sha256: sha256(1) });
    expect(verdictOf({ sha256: sha256(1) })).toMatchObject({
      status: 'malicious',
      flags: ['conflict', 'weak', 'listedBothSides'],
    });
  });
});

it('explains in a sentence', () => {
  world.file({ sha256: sha256(1) }, [{ status: 'malicious' }]);
  world.knownSet('known', [sha256(1)], 'Base image');
  expect(judge.explain(world.context, { sha256: sha256(1) as never }, 'single')).toMatchObject({
    why: 'WildFire says malicious, 1 hour ago. Worst of 2 answers.',
    sets: [{ name: 'Base image', mark: 'known' }],
  });
});
