import { describe, expect, it } from 'vitest';
import { differences, type EndState, type SoakDocument } from '../../soak/sync/end-state.ts';
import { planKills, postponed } from '../../soak/sync/kills.ts';

const document = (change: Partial<SoakDocument> = {}): SoakDocument => ({
  intelId: 3,
  rootId: 'a',
  digest: 'of terms',
  terms: 2,
  labels: 'phishing',
  ...change,
});
const state = (change: Partial<EndState> = {}): EndState => ({
  documents: new Map([
    ['Feed - File 0', document()],
    ['Feed - File 1', document({ intelId: 4, rootId: 'b' })],
  ]),
  doubles: [],
  listed: ['list 1', 'list 2'],
  foreign: '',
  ...change,
});

describe('what the soak of threat sync compares', () => {
  it('is alike whatever ids the services gave', () => {
    const other = state({
      documents: new Map([
        ['Feed - File 1', document({ intelId: 9, rootId: 'c' })],
        ['Feed - File 0', document({ intelId: 8, rootId: 'd' })],
      ]),
    });
    expect(differences(state(), other)).toEqual([]);
  });

  it.each<[string, Partial<EndState>, string]>([
    ['a package that is not there', { documents: new Map([['Feed - File 0', document()]]) }, '1 packages are missing'],
    [
      'one too many',
      { documents: new Map([...state().documents, ['Feed - Host', document()]]) },
      '1 packages should not be there: Feed - Host',
    ],
    [
      'other terms',
      { documents: new Map([...state().documents, ['Feed - File 1', document({ digest: 'of others', terms: 5 })]]) },
      '1 packages search for something else: Feed - File 1: 5 terms, not 2',
    ],
    [
      'other labels',
      { documents: new Map([...state().documents, ['Feed - File 1', document({ labels: '' })]]) },
      '1 packages carry other labels',
    ],
    ['a file that is not listed', { listed: ['list 1'] }, '1 files are missing on the hash list: list 2'],
    ['a file too many', { listed: ['list 1', 'list 2', 'list 3'] }, '1 files should not be on the hash list: list 3'],
    ['a file listed twice', { listed: ['list 1', 'list 1', 'list 2'] }, '1 files are on the hash list twice: list 1'],
    ['a double', { doubles: ['Feed - File 0 (a)'] }, '1 documents are there twice: Feed - File 0 (a)'],
  ])('tells of %s', (_, change, sentence) => {
    const found = differences(state(), state(change));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });
});

describe('kills of a soak', () => {
  const work = [
    { steps: 900, writes: 300 },
    { steps: 0, writes: 2 },
    { steps: 16, writes: 40 },
  ];

  it('are all placed, in rounds that do something, within what these do', () => {
    const planned = planKills(work, 30, 7);
    expect(planned.flat()).toHaveLength(30);
    expect(planned[1]).toEqual([]);
    expect(planned[2]?.length).toBeGreaterThan(0);
    for (const [index, kills] of planned.entries()) {
      const { steps = 0, writes = 0 } = work[index] ?? {};
      expect(kills.every(({ by, at }) => at >= 1 && at <= (by === 'step' ? steps : writes))).toBe(true);
    }
  });

  it('fall on requests and on writes of the database, the same for the same seed', () => {
    const planned = planKills(work, 30, 7);
    expect(new Set(planned.flat().map(({ by }) => by))).toEqual(new Set(['step', 'write']));
    expect(planKills(work, 30, 7)).toEqual(planned);
    expect(planKills(work, 30, 8)).not.toEqual(planned);
  });

  it('come later, one after the other, when a round had no room for them', () => {
    expect(
      postponed([
        { by: 'write', at: 80 },
        { by: 'step', at: 9 },
      ]),
    ).toEqual([
      { by: 'step', at: 2 },
      { by: 'step', at: 5 },
    ]);
  });
});
