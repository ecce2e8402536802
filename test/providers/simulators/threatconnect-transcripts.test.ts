import { describe, expect, it } from 'vitest';
import type { ThreatConnectOptions, ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import type { NewIndicator } from '#main/simulators/threatconnect/world/indicator.ts';
import { sendAsIs, transcriptsOf, type Message } from '../transcript.ts';
import { closeAfterEach, started } from './threatconnect-stage.ts';

closeAfterEach();

/** Whom the transcripts were written for, and when: 22 November 2026, 09:00 UTC. */
const USER = {
  accessId: '12345678901234567890',
  secretKey: 'simulated-secret-key',
  token: 'APIV2:1:simulated-token',
  now: () => Date.UTC(2026, 10, 22, 9),
};

type Row = Readonly<Record<string, unknown>>;
interface Body {
  readonly data?: readonly Row[];
  readonly errCode?: string;
}
interface Played {
  /** Members of rows that say something else than the transcript. */
  readonly unlike?: readonly string[];
  readonly options?: Partial<ThreatConnectOptions>;
  readonly prepare?: (simulator: ThreatConnectSimulator, rows: readonly Row[]) => void;
}

/** How an instance comes to answer as each transcript states, by its number. Of the others none is the answer of an instance. */
const PLAYED: Readonly<Record<string, Played>> = {
  '01': { prepare: putAll },
  '02': { prepare: putAllAndOneMore },
  '07': { prepare: putAll },
  '08': {},
  '09': {},
  // In no order, as it asks for none.
  '10': { unlike: ['id', 'summary', 'hostName', 'dateAdded', 'lastModified'], prepare: putAllAndOneMore },
  '12': {
    unlike: ['dateAdded'],
    prepare: ({ control }, rows) => rows.forEach((row) => control.remove(control.put(indicatorOf(row)))),
  },
  '13': { options: { quirks: { hasNoDeleted: true } } },
  '14': { options: { secretKey: 'another', quirks: { refusesBy: 'v3' } } },
  '15': { options: { token: 'another' } },
  '16': { options: { quirks: { clockSkewMs: 17 * 60_000 } } },
  '20': {},
  '36': { prepare: putAll },
};

/** What an instance says about itself: other numbers and addresses than the transcript's. */
const ITS_OWN = new Set(['ownerId', 'webLink', 'legacyLink', 'tags', 'dnsActive', 'whoisActive']);

function isContent(name: string): boolean {
  return !ITS_OWN.has(name) && !/^threatAssess(?!Score$)|^calScore$/.test(name);
}

describe('bytes written down from the documentation', () => {
  const transcripts = transcriptsOf('threatconnect').filter(({ name }) => name.slice(0, 2) in PLAYED);

  it('are there for each way of asking', () => {
    expect(transcripts.map(({ name }) => name.slice(0, 2))).toEqual(Object.keys(PLAYED).sort());
  });

  it.each(transcripts)('are answered as stated: $name', async ({ name, request, response }) => {
    const { options = {}, prepare, unlike = [] } = PLAYED[name.slice(0, 2)] ?? {};
    const simulator = await started({ ...USER, ...options });
    const stated = bodyOf(response);
    prepare?.(simulator, stated.data ?? []);
    const answer = await sendAsIs(new URL(simulator.url).origin, request);
    const told = bodyOf(answer);
    expect([answer.start.split(' ')[1], told.errCode]).toEqual([response.start.split(' ')[1], stated.errCode]);
    expect(Object.keys(told).sort()).toEqual(Object.keys(stated).sort());
    const rows = stated.data ?? [];
    const isOfOwners = request.start.includes('/security/owners');
    for (const [at, row] of isOfOwners ? [] : rows.entries()) {
      const content = Object.entries(row).filter(([key]) => isContent(key) && !unlike.includes(key));
      expect(told.data?.[at]).toMatchObject(Object.fromEntries(content));
      expect(Object.keys(told.data?.[at] ?? {})).toEqual(expect.arrayContaining(Object.keys(row)));
      expect(tagsOf(told.data?.[at])).toEqual(tagsOf(row));
    }
    for (const row of isOfOwners ? (told.data ?? []) : []) {
      expect(row).toMatchObject({
        id: expect.any(Number),
        name: expect.any(String),
        type: expect.stringMatching(/^(Organization|Community|Source)$/),
        permIndicator: expect.stringMatching(/^(FULL|READ|BUILD|NONE)$/),
      });
    }
  });
});

function bodyOf(message: Message): Body {
  return JSON.parse(Buffer.from(message.body, 'latin1').toString('utf8')) as Body;
}

function putAll({ control }: ThreatConnectSimulator, rows: readonly Row[]): void {
  rows.forEach((row) => control.put(indicatorOf(row)));
}

/** So that there is a page after. */
function putAllAndOneMore(simulator: ThreatConnectSimulator, rows: readonly Row[]): void {
  putAll(simulator, rows);
  simulator.control.put({ id: 999, owner: 'Demo Organization', type: 'Host', summary: 'last.example' });
}

/** What has to be put down so that a row is told. */
function indicatorOf(row: Row): NewIndicator {
  const moment = (name: string): object => {
    const text = row[name];
    return typeof text === 'string' ? { [name]: Date.parse(text) } : {};
  };
  const { ownerName, threatAssessScore, tags: _tags, ...rest } = row;
  return {
    ...rest,
    ...moment('dateAdded'),
    ...moment('lastModified'),
    ...moment('lastFalsePositive'),
    ...(threatAssessScore === undefined ? {} : { threatAssess: threatAssessScore }),
    owner: ownerName,
    tags: tagsOf(row).map(({ name }) => name),
  } as unknown as NewIndicator;
}

function tagsOf(row: Row | undefined): readonly { readonly name: string; readonly techniqueId?: string }[] {
  const { data = [] } = (row?.['tags'] ?? {}) as { readonly data?: readonly { name: string; techniqueId?: string }[] };
  return data.map(({ name, techniqueId }) => (techniqueId === undefined ? { name } : { name, techniqueId }));
}
