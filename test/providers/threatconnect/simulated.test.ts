import { afterEach, describe, expect, it } from 'vitest';
import type { ServiceFault } from '#main/net/service-fault.ts';
import type { PulledIndicator, ThreatConnect } from '#main/providers/indicator-port.ts';
import { buildTql, whyNotMatching } from '#main/providers/indicators.ts';
import type { Quirks } from '#main/simulators/threatconnect/quirks.ts';
import { createThreatConnectSimulator, type ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import type { StoredIndicator } from '#main/simulators/threatconnect/world/indicator.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { ACCESS_ID, clientOf, NEVER, NOW, SECRET } from './stage.ts';

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) {
    await step();
  }
});

interface Meeting {
  readonly simulator: ThreatConnectSimulator;
  readonly threatConnect: ThreatConnect;
  readonly config: SyncJobConfig;
}

/** The client and a simulated instance of 500 indicators, or one that is there. */
async function meet(
  change: Partial<SyncJobConfig> = {},
  quirks: Partial<Quirks> = {},
  there: ThreatConnectSimulator | null = null,
): Promise<Meeting> {
  const simulator = there ?? (await simulated(quirks));
  const config = {
    ...defaultSyncJob(),
    threatConnectUrl: simulator.url,
    accessId: ACCESS_ID,
    pageSize: 100,
    ...change,
  };
  const threatConnect = clientOf(config, config.threatConnectAuth === 'token' ? 'APIV2:simulated' : SECRET);
  undo.push(() => threatConnect.close());
  return { simulator, threatConnect, config };
}

async function simulated(quirks: Partial<Quirks>): Promise<ThreatConnectSimulator> {
  const simulator = await createThreatConnectSimulator({
    accessId: ACCESS_ID,
    secretKey: SECRET,
    token: 'APIV2:simulated',
    indicators: 500,
    now: () => NOW,
    quirks,
  });
  undo.push(() => simulator.close());
  return simulator;
}

/** What a pull takes: rows that match here, by id. */
async function taken(
  { threatConnect, config }: Meeting,
  scope: Parameters<typeof buildTql>[1] = { since: null, includeInactive: false },
): Promise<Map<number, PulledIndicator> | ServiceFault> {
  const rows = new Map<number, PulledIndicator>();
  let next: string | null = null;
  do {
    const page = await threatConnect.page(buildTql(config, scope), next, NEVER);
    if (!page.ok) {
      return page.fault;
    }
    for (const row of page.value.rows.filter((each) => whyNotMatching(config, each) === null)) {
      rows.set(row.id, row);
    }
    next = page.value.next;
  } while (next !== null);
  return rows;
}

/** Ids of the instance's own indicators that may be read and meet a condition. */
function ids({ simulator }: Meeting, meets: (indicator: StoredIndicator) => boolean): number[] {
  const hidden = new Set(
    simulator.control
      .owners()
      .filter(({ permIndicator }) => permIndicator === 'NONE')
      .map(({ name }) => name),
  );
  return simulator.control
    .indicators()
    .filter(({ owner, type }) => !hidden.has(owner) && ['Address', 'File', 'Host'].includes(type))
    .filter(meets)
    .map(({ id }) => id)
    .sort((a, b) => a - b);
}

function idsOf(result: Map<number, PulledIndicator> | ServiceFault): unknown {
  return result instanceof Map ? [...result.keys()].sort((a, b) => a - b) : result;
}

const hasTag = ({ tags }: StoredIndicator, name: string): boolean =>
  tags.some((tag) => tag.toLowerCase() === name.toLowerCase());

/** Names of tags that the instance has, awkward ones among them. */
function someTags(simulator: ThreatConnectSimulator): readonly string[] {
  const tags = [...new Set(simulator.control.indicators().flatMap((each) => each.tags))];
  return [...tags.filter((tag) => /["'\\`,]/.test(tag)), ...tags].slice(0, 4);
}

const QUIRKS: readonly (readonly [string, Partial<Quirks>])[] = [
  ['as documented', {}],
  ['that ignores the order', { ignoresSorting: true }],
  ['that repeats rows', { repeatsRows: 3 }],
  ['that refuses conditions on ids', { idComparison: 'refused' }],
  ['that ignores conditions on ids', { idComparison: 'ignored' }],
  ['that counts nothing where nothing was reported', { hasNullCounts: true }],
  ['far east', { zoneMinutes: 14 * 60 }],
];

describe.each(QUIRKS)('an instance %s', (_, quirks) => {
  it('gives exactly what the criteria ask for', async () => {
    const simulator = await simulated(quirks);
    const [first = '', second = '', third = ''] = someTags(simulator);
    const owners = ['Open "Feed", daily', 'Café des Menaces'];
    const cases: readonly (readonly [Partial<SyncJobConfig>, (indicator: StoredIndicator) => boolean])[] = [
      [{}, () => true],
      [{ owners }, ({ owner }) => owners.includes(owner)],
      [{ types: ['File', 'Host'] }, ({ type }) => type === 'File' || type === 'Host'],
      [{ includeTags: [first.toUpperCase(), second] }, (each) => hasTag(each, first) || hasTag(each, second)],
      [{ excludeTags: [third.toUpperCase(), first] }, (each) => !hasTag(each, third) && !hasTag(each, first)],
      [
        { minRating: 2.5, minConfidence: 40 },
        ({ rating, confidence }) => (rating ?? -1) >= 2.5 && (confidence ?? -1) >= 40,
      ],
      [{ minThreatAssess: 300 }, ({ threatAssess }) => (threatAssess ?? -1) >= 300],
      [{ maxFalsePositives: 0 }, ({ falsePositives }) => falsePositives === 0],
      [{ tql: 'typeName = "Host" or typeName = "URL"', minRating: 5 }, ({ type }) => type === 'Host'],
    ];
    for (const [change, meets] of cases) {
      const meeting = await meet(change, quirks, simulator);
      const expected = ids(meeting, (each) => each.active && meets(each));
      expect(expected.length, JSON.stringify(change)).toBeGreaterThan(0);
      expect(idsOf(await taken(meeting)), JSON.stringify(change)).toEqual(expected);
    }
  });

  it('gives what changed since a moment, inactive ones too', async () => {
    const meeting = await meet({}, quirks);
    const since = NOW - 20 * 24 * 3600_000;
    expect(idsOf(await taken(meeting, { since, includeInactive: true }))).toEqual(
      ids(meeting, ({ lastModified }) => lastModified >= since),
    );
  });

  it('may change while it is read: nothing that matched all the time is missed', async () => {
    const meeting = await meet({ types: ['Host', 'Address', 'File'] }, quirks);
    const { simulator } = meeting;
    const before = ids(meeting, ({ active }) => active);
    let turn = 0;
    simulator.onPage(() => {
      turn += 1;
      for (const id of before.filter((each) => each % 17 === turn % 17)) {
        if (simulator.control.get(id) !== undefined) {
          if (turn % 2 === 0) {
            simulator.control.remove(id);
          } else {
            simulator.control.change(id, { rating: 5 });
          }
        }
      }
    });
    const result = await taken(meeting);
    expect(result).toBeInstanceOf(Map);
    const always = ids(meeting, ({ active }) => active).filter((id) => before.includes(id));
    expect(always.length).toBeGreaterThan(150);
    expect(always.filter((id) => result instanceof Map && !result.has(id))).toEqual([]);
  });
});

it('reads what the instance knows of an indicator', async () => {
  const meeting = await meet();
  const rows = await taken(meeting);
  expect(rows).toBeInstanceOf(Map);
  for (const row of rows instanceof Map ? rows.values() : []) {
    const known = meeting.simulator.control.get(row.id);
    expect(row).toMatchObject({
      owner: known?.owner,
      type: known?.type,
      rating: known?.rating,
      confidence: known?.confidence,
      threatAssess: known?.threatAssess,
      falsePositives: known?.falsePositives,
      tags: [...new Set(known?.tags)].sort(),
      // Whole seconds are told.
      modifiedAt: Math.floor((known?.lastModified ?? 0) / 1000) * 1000,
    });
    expect(row.terms.length === 0).toBe(row.invalid !== null);
    const digests = [known?.md5, known?.sha1, known?.sha256].flatMap((digest) => digest?.toLowerCase() ?? []);
    expect(row.terms.map(({ value }) => value).slice(0, digests.length)).toEqual(digests);
  }
});

it('asks a long query by body, and notices a body that was lost', async () => {
  const owners = ['Open "Feed", daily', ...Array.from({ length: 120 }, (_, at) => `No such owner, number ${at}`)];
  const reading = await meet({ owners });
  expect(idsOf(await taken(reading))).toEqual(ids(reading, ({ owner, active }) => active && owner === owners[0]));
  expect(await taken(await meet({ owners }, { losesBodies: true }))).toMatchObject({ kind: 'query', isPassing: false });
});

it('counts, tells owners and what was deleted', async () => {
  const meeting = await meet({ threatConnectAuth: 'token' });
  const { simulator, threatConnect, config } = meeting;
  const matching = ids(meeting, ({ active }) => active);
  const tql = buildTql(config, { since: null, includeInactive: false });
  expect(await threatConnect.count(tql, NEVER)).toEqual({ ok: true, value: matching.length });
  const owners = await threatConnect.owners(NEVER);
  const names = simulator.control
    .owners()
    .filter(({ permIndicator }) => permIndicator !== 'NONE')
    .map(({ name }) => name);
  expect(owners.ok ? owners.value.map(({ name }) => name).sort() : owners.fault).toEqual([...names].sort());
  const gone = matching.filter((id) => id % 9 === 0).map((id) => simulator.control.get(id));
  matching.filter((id) => id % 9 === 0).forEach((id) => simulator.control.remove(id));
  const deleted = await threatConnect.deleted(names, NOW - 1000, NEVER);
  const key = (each: { type: string; summary: string; owner: string } | undefined): string =>
    JSON.stringify([each?.type, each?.summary, each?.owner]);
  expect(deleted.ok ? deleted.value.map(key).sort() : deleted.fault).toEqual(gone.map(key).sort());
});

it.each<[string, Partial<Quirks>, Partial<ServiceFault>]>([
  ['an expired token', { expiresAfter: 1 }, { kind: 'auth', httpStatus: 401, isPassing: false }],
  ['a clock ten minutes off', { clockSkewMs: 600_000 }, { kind: 'clock', httpStatus: 401, isPassing: false }],
  ['the same in the words of v3', { clockSkewMs: -600_000, refusesBy: 'v3' }, { kind: 'clock', httpStatus: 401 }],
  ['a URL that is too long', { longestTarget: 60 }, { kind: 'query', httpStatus: 414, isPassing: false }],
])('names %s', async (_, quirks, fault) => {
  expect(await taken(await meet({}, quirks))).toMatchObject(fault);
});

it('names an owner that answers 403, and a list of deleted ones that is not there', async () => {
  const meeting = await meet({ owners: ['Common Community'] });
  meeting.simulator.control.forbid('Common Community');
  expect(await taken(meeting)).toMatchObject({ kind: 'right', httpStatus: 403, isPassing: false });
  const old = await meet({}, { hasNoDeleted: true });
  const deleted = await old.threatConnect.deleted(['Common Community'], NOW, NEVER);
  expect(deleted).toMatchObject({ ok: false, fault: { isPassing: false } });
  expect(deleted.ok ? '' : deleted.fault.kind).toMatch(/^(gone|query)$/);
});
