import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createIntakes } from '#main/services/intake/create-intakes.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { systemClock } from '#main/platform/clock.ts';
import { intakePlace } from '#main/services/intake/places.ts';
import { temporaryDirectory } from '../../db/temporary-directory.ts';
import { scriptedSource, type ScriptedSource } from '../outbound/scripted-source.ts';
import { digest, digests } from '../outbound/world.ts';
import { NEVER_ABORTED, scanWorld, type ScanWorld } from './scan-world.ts';

interface Embargoed {
  readonly it: ScanWorld;
  readonly virustotal: ScriptedSource;
}

async function world(): Promise<Embargoed> {
  const virustotal = scriptedSource('virustotal', { mostHashesPerRequest: 1 });
  const it = await scanWorld({
    providers: [virustotal],
    configs: { virustotal: { callsPerMinute: null, callsPerDay: null, callsPerMonth: null, hashesPerRequest: 1 } },
  });
  return { it, virustotal };
}

const keysOf = (it: ScanWorld): number => it.sql<{ n: number }>('SELECT count(*) AS n FROM embargo_keys')[0]?.n ?? -1;
const askedOf = (source: ScriptedSource): string[] => source.asked.flatMap(({ hashes }) => [...hashes]).toSorted();

async function sent(it: ScanWorld): Promise<void> {
  const stop = it.outbound.seek();
  await it.outbound.drained({}, NEVER_ABORTED);
  await stop();
}

describe('an embargo', () => {
  it('keeps hashes here whichever list they come from, and lets them go when it is lifted', async () => {
    const { it, virustotal } = await world();
    const secret = await it.dropped([...digests(1, 10), ...digests(101, 3, 'md5')], {
      embargo: true,
      title: 'Case 4711',
    });
    const other = await it.dropped(digests(8, 10));
    expect(keysOf(it)).toBe(13);
    const plan = await it.scanning.plan(it.scan(other), NEVER_ABORTED);
    expect([plan.ask, plan.cannot]).toEqual([
      7,
      [{ hashes: 3, sentence: 'Also in Case 4711, which is under embargo: asked about nowhere.' }],
    ]);
    const own = await it.scanning.plan(it.scan(secret), NEVER_ABORTED);
    expect([own.possible, own.cannot]).toEqual([
      false,
      [{ hashes: 13, sentence: 'This list is under embargo: its hashes are asked about nowhere.' }],
    ]);
    expect(await it.scanning.start(it.scan(secret), () => undefined, NEVER_ABORTED)).toMatchObject({
      queued: 0,
      cannot: 13,
    });
    expect(await it.scanning.start(it.scan(other), () => undefined, NEVER_ABORTED)).toMatchObject({
      queued: 7,
      cannot: 3,
    });
    await sent(it);
    expect(askedOf(virustotal)).toEqual(digests(11, 7).toSorted());
    await it.intakes.setEmbargo(secret, false);
    expect(keysOf(it)).toBe(0);
    expect((await it.scanning.plan(it.scan(other), NEVER_ABORTED)).ask).toBe(3);
  });

  it('reaches what waits in the queue already, also for another list', async () => {
    const { it, virustotal } = await world();
    const secret = await it.dropped(digests(1, 10));
    const other = await it.dropped(digests(5, 10));
    for (const intakeId of [other, secret]) {
      await it.scanning.start(it.scan(intakeId), () => undefined, NEVER_ABORTED);
    }
    await it.intakes.setEmbargo(secret, true);
    await sent(it);
    expect(askedOf(virustotal)).toEqual(digests(11, 4).toSorted());
    expect(it.faults).toEqual([]);
  });

  it('holds for automatic asking: neither its own list nor another one that holds its hashes', async () => {
    const { it, virustotal } = await world();
    it.sources.change('virustotal', { automatic: 'new', plan: 'paid' });
    await it.dropped(digests(1, 10), { embargo: true });
    await it.dropped(digests(8, 5));
    expect(it.queued()).toEqual(
      digests(11, 2)
        .map((hash) => `virustotal ${hash}`)
        .toSorted(),
    );
    await sent(it);
    expect(askedOf(virustotal)).toEqual(digests(11, 2).toSorted());
  });

  it('is kept by every digest of a row, whatever ties them together', async () => {
    const { it, virustotal } = await world();
    await it.dropped(['md5,sha256', `${digest(7, 'md5')},${digest(1)}`], { embargo: true, reading: { as: 'list' } });
    expect(keysOf(it)).toBe(2);
    const other = await it.dropped([digest(7, 'md5'), digest(2, 'md5')]);
    await it.scanning.start(it.scan(other), () => undefined, NEVER_ABORTED);
    await sent(it);
    expect(askedOf(virustotal)).toEqual([digest(2, 'md5')]);
  });

  it('ends with its list: forgetting it drops its keys', async () => {
    const { it } = await world();
    const secret = await it.dropped(digests(1, 10), { embargo: true });
    await it.dropped(digests(1, 4), { embargo: true });
    expect(keysOf(it)).toBe(14);
    await it.intakes.forget(secret);
    expect(keysOf(it)).toBe(4);
  });

  it('is completed by the next start when it was interrupted, and by flag alone when an older version set it', async () => {
    const { it } = await world();
    const secret = await it.dropped(digests(1, 500));
    const lifted = await it.dropped(digests(1000, 5));
    await it.database.write('setIntakeEmbargo', { id: secret, embargo: true });
    const bytes = Buffer.from(digests(1, 500).toSorted().slice(0, 100).join(''), 'hex');
    await it.database.write('setEmbargoKeys', { intakeId: secret, digests: [{ kind: 'sha256', bytes }] });
    await it.database.write('setEmbargoKeys', { intakeId: lifted, digests: [{ kind: 'sha256', bytes }] });
    expect(keysOf(it)).toBe(200);
    const intakes = await createIntakes(it.database, {
      threads: 'inline',
      clock: systemClock,
      readBy: 'a later start',
    });
    await intakes.dispose();
    expect(keysOf(it)).toBe(500);
  });

  it('of a damaged list stops no start', async () => {
    const { it } = await world();
    const damaged = await it.dropped(digests(1, 5));
    const whole = await it.dropped(digests(11, 5));
    for (const id of [damaged, whole]) {
      await it.database.write('setIntakeEmbargo', { id, embargo: true });
    }
    writeFileSync(intakePlace(it.directory, damaged).file, 'not what was written');
    const intakes = await createIntakes(it.database, {
      threads: 'inline',
      clock: systemClock,
      readBy: 'a later start',
    });
    await intakes.dispose();
    expect(keysOf(it)).toBe(5);
  });

  it('set while a list is being read holds before its rows can be seen', async () => {
    const database = await openInlineDatabase(temporaryDirectory());
    const intakes = await createIntakes(database, { threads: 'inline', clock: systemClock, readBy: 'a test' });
    const seen: number[] = [];
    const gate = Promise.withResolvers<void>();
    async function* chunks() {
      yield Buffer.from(`${digests(1, 5).join('\n')}\n`);
      await gate.promise;
    }
    const stop = database.onChange(() => {
      void database.read('intakeRow', { id: 1 }).then(async (row) => {
        if (row?.state === 'ready') {
          seen.push((await database.read('embargoedBy', { digests: [Buffer.from(digest(1), 'hex')] })).length);
        }
      });
    });
    const { intakeId, finished } = await intakes.start(
      { door: 'terminal', inputs: [{ kind: 'stream', name: 'list', chunks: chunks() }], reading: { as: 'list' } },
      () => undefined,
      NEVER_ABORTED,
    );
    await intakes.setEmbargo(intakeId, true);
    gate.resolve();
    await finished;
    expect(await database.read('embargoedBy', { digests: [Buffer.from(digest(1), 'hex')] })).toEqual([intakeId]);
    expect(seen.every((count) => count === 1)).toBe(true);
    stop();
    await intakes.dispose();
    await database.close();
  });
});
