import type { ChangeRow, HistoryLane } from '#shared/contract/history.ts';
import type { DecisionEffect, Disagreement } from '#shared/contract/review.ts';
import type { Answers } from '../fake-bridge.ts';
import { counts, hashOf, NOW, verdict } from '../world.ts';

export const DAY = 86_400;

const said = (status: ChangeRow['after']['status']): ChangeRow['after'] => ({
  status,
  noAnswer: null,
  score: null,
  threat: null,
});

export function change(id: number, part: Partial<ChangeRow> = {}): ChangeRow {
  return {
    id,
    fileId: id,
    source: 'wildfire',
    at: NOW - id * 3600,
    from: NOW - 30 * DAY,
    before: said('non-malicious'),
    after: said('malicious'),
    flip: 'raised',
    digests: { sha256: hashOf(id) },
    intakes: [],
    intakeCount: 0,
    ...part,
  };
}

export function changed(...rows: readonly ChangeRow[]): NonNullable<Answers['changes.page']> {
  return ({ query, offset, limit }) => {
    const some = rows.filter(
      (row) =>
        row.at >= query.since &&
        (query.source === null || row.source === query.source) &&
        (!query.flipsOnly || row.flip !== null),
    );
    const raised = rows.filter(({ flip }) => flip === 'raised').length;
    const cleared = rows.filter(({ flip }) => flip === 'cleared').length;
    return {
      total: some.length,
      rows: some.slice(offset, offset + limit),
      counts: { all: rows.length, raised, cleared },
    };
  };
}

export function disputed(fileId: number): Disagreement {
  return {
    fileId,
    digests: { sha256: hashOf(fileId) },
    since: NOW - fileId * DAY,
    verdict: { ...verdict('malicious'), flags: ['conflict'] },
    says: [
      { source: 'virustotal', status: 'malicious', score: '41 of 72 engines', threat: null },
      { source: 'wildfire', status: 'non-malicious', score: '', threat: null },
    ],
    intakeCount: 1,
  };
}

export function waiting(...rows: readonly Disagreement[]): NonNullable<Answers['review.page']> {
  return ({ offset, limit }) => ({
    total: rows.length,
    atLeast: false,
    rows: rows.slice(offset, offset + limit),
  });
}

export const EFFECT: DecisionEffect = {
  files: 1,
  intakes: [
    {
      intakeId: 7,
      title: 'host 12',
      rows: 3,
      moved: 2,
      before: counts({ malicious: 3 }),
      after: counts({ 'non-malicious': 3 }),
    },
  ],
  queued: 4,
  rescans: 1,
  problems: [],
  elapsedMs: 3,
};

export function lane(source: HistoryLane['source'], ...states: readonly (readonly [string, number])[]): HistoryLane {
  return {
    source,
    hash: hashOf(0),
    stretches: states.map(([status, from], at) => ({
      ...said(status as ChangeRow['after']['status']),
      from,
      to: states[at + 1]?.[1] ?? null,
    })),
  };
}
