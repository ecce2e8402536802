import { describe, expect, it } from 'vitest';
import { sourceConfigSchema } from '#shared/settings/source-config.ts';
import type { DigestKind, HexDigest } from '#shared/domain/hash.ts';
import type { RequestResult } from '#main/providers/port.ts';
import type { Simulator } from '#main/simulators/port.ts';
import { billsOf, mostOf, saidOf, type SourceUnderTest } from './source-under-test.ts';
import { file, stage, type Stage } from './stage.ts';

const STATUSES = ['malicious', 'suspicious', 'non-malicious', 'pending', 'unknown'] as const;

/** What a source says about hashes when nothing is wrong. */
export function answers<S extends Simulator>(source: SourceUnderTest<S>): void {
  const { facts } = source.provider;

  describe.each(facts.takes.map((kind) => ({ kind })))('asked by $kind', ({ kind }) => {
    it.each(STATUSES.map((drawn) => ({ drawn })))('a file that is $drawn', async ({ drawn }) => {
      const { ask, simulator } = await stage(source);
      simulator.know({ ...file(1), status: drawn });
      const said = saidOf(source, drawn);
      const [answer, ...others] = answersOf(await ask([file(1)[kind]], kind));
      expect(others).toEqual([]);
      const { hash, outcome, score, digests, note } = answer ?? {};
      expect({ hash, outcome, status: answer?.status }).toEqual({
        hash: file(1)[kind],
        ...said,
      });
      expect(typeof score).toBe(facts.score !== 'none' && said.outcome === 'answer' ? 'number' : 'object');
      expect(digests).toEqual(linksOf(source, kind, said.outcome === 'not-known'));
      expect(note === null || /^[A-Z].*\.$/.test(note ?? '')).toBe(true);
      expect(simulator.log.map(({ hashes, billed }) => ({ hashes, billed }))).toEqual([
        { hashes: [file(1)[kind]], billed: billsOf(source, 1) },
      ]);
    });

    it('a mixed row of hashes, in the order they were asked, billed as the source bills', async () => {
      const { ask, simulator } = await stage(source);
      STATUSES.forEach((status, n) => simulator.know({ ...file(n), status }));
      const hashes = [4, 2, 0, 3, 1].map((n) => file(n)[kind]);
      const all = await askInRequests({ ask }, hashes, kind, mostOf(source));
      expect(all.map(({ hash, status }) => [hash, status])).toEqual(
        [4, 2, 0, 3, 1].map((n) => [file(n)[kind], saidOf(source, STATUSES[n] ?? 'unknown').status]),
      );
      const requests = Math.ceil(hashes.length / mostOf(source));
      expect(simulator.log).toHaveLength(requests);
      expect(simulator.log.map(({ billed }) => billed)).toEqual(
        simulator.log.map((request) => billsOf(source, request.hashes.length)),
      );
    });
  });

  const [best = 'sha256'] = facts.takes;
  if (source.batch === null) {
    withoutBatches(source, best);
  } else {
    spoiledBatches(source, source.batch, best);
  }

  it.each(source.cannotTake.map((kind) => ({ kind })))(
    '$kind, which it does not take, is never sent',
    async ({ kind }) => {
      const { ask, simulator } = await stage(source);
      await expect(ask([file(1)[kind]], kind)).rejects.toThrow(RangeError);
      expect([facts.takes.includes(kind), simulator.log]).toEqual([false, []]);
    },
  );

  it('its facts agree with what a user may set', () => {
    const { defaults, urlPresets, mostHashesPerRequest, planLimits, plans, takes } = facts;
    expect(sourceConfigSchema.parse(defaults)).toEqual(defaults);
    expect({ enabled: defaults.enabled, automatic: defaults.automatic }).toEqual({ enabled: false, automatic: 'off' });
    expect(defaults.hashesPerRequest).toBeLessThanOrEqual(mostHashesPerRequest);
    // Without an address it says so itself, and is not asked.
    expect(defaults.url === '' && typeof facts.lacks?.(defaults) !== 'string').toBe(false);
    expect(['', ...urlPresets.map(({ url }) => url)]).toContain(defaults.url);
    expect(urlPresets.filter(({ url }) => !url.startsWith('https://'))).toEqual([]);
    expect(plans).toContain(defaults.plan);
    expect(Object.keys(planLimits).filter((plan) => !plans.some((one) => one === plan))).toEqual([]);
    expect([...takes, ...source.cannotTake].sort()).toEqual(['md5', 'sha1', 'sha256']);
  });

  it('its page is https and holds no more than a digest of the file', () => {
    const url = facts.defaults.url === '' ? 'https://appliance.example' : facts.defaults.url;
    const page = source.provider.page(file(1), { ...facts.defaults, url });
    const ends = Object.values(file(1)).flatMap((digest) => [`/${digest}`, `/${digest}/`, `%3A${digest}`]);
    expect(page === null || (page.startsWith('https://') && ends.some((end) => page.endsWith(end)))).toBe(true);
    expect(source.provider.page({}, { ...facts.defaults, url })).toBeNull();
  });
}

function withoutBatches<S extends Simulator>(source: SourceUnderTest<S>, kind: DigestKind): void {
  it('more hashes than it takes per request are refused before anything is sent', async () => {
    const { ask, simulator } = await stage(source);
    const hashes = Array.from({ length: mostOf(source) + 1 }, (_, n) => file(n)[kind]);
    await expect(ask(hashes, kind)).rejects.toThrow(RangeError);
    expect(simulator.log).toEqual([]);
  });
}

function spoiledBatches<S extends Simulator>(
  source: SourceUnderTest<S>,
  batch: NonNullable<SourceUnderTest<S>['batch']>,
  kind: DigestKind,
): void {
  const known = async (): Promise<Stage<S>> => {
    const found = await stage(source);
    [1, 2, 3].forEach((n) => found.simulator.know({ ...file(n), status: 'suspicious' }));
    return found;
  };
  const hashes = [1, 2, 3].map((n) => file(n)[kind]);
  const leftOut = batch.leftOut ?? 'protocol';
  it(`a hash that the answer leaves out is ${leftOut}, and the others are answered`, async () => {
    const { ask, simulator } = await known();
    batch.leaveOut(simulator, file(2)[kind]);
    expect(answersOf(await ask(hashes, kind)).map(({ hash, outcome, status }) => [hash, outcome, status])).toEqual([
      [file(1)[kind], 'answer', 'suspicious'],
      [file(2)[kind], leftOut, 'unknown'],
      [file(3)[kind], 'answer', 'suspicious'],
    ]);
  });
  it('a file that is named twice is answered once, by the worse', async () => {
    const { ask, simulator } = await known();
    batch.repeat(simulator, file(2)[kind]);
    const all = answersOf(await ask(hashes, kind));
    expect(all.map(({ hash, status, alsoAnswers }) => [hash, status, alsoAnswers])).toEqual([
      [file(1)[kind], 'suspicious', undefined],
      [file(2)[kind], 'malicious', undefined],
      [file(3)[kind], 'suspicious', undefined],
    ]);
  });
}

async function askInRequests(
  { ask }: Pick<Stage<Simulator>, 'ask'>,
  hashes: readonly HexDigest[],
  kind: DigestKind,
  most: number,
): Promise<ReturnType<typeof answersOf>> {
  const all = [];
  for (let at = 0; at < hashes.length; at += most) {
    all.push(...answersOf(await ask(hashes.slice(at, at + most), kind)));
  }
  return all;
}

function answersOf(result: RequestResult) {
  if (!result.ok) {
    throw new Error(`expected answers, got ${JSON.stringify(result.fault)}`);
  }
  return result.answers;
}

function linksOf(
  { links }: Pick<SourceUnderTest, 'links'>,
  kind: DigestKind,
  isUnknown: boolean,
): Partial<typeof FILE> {
  const told = isUnknown || links === 'asked' ? [kind] : links;
  return Object.fromEntries(told.map((each) => [each, FILE[each]]));
}

const FILE = file(1);
