import { copyFileSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEngine, type EngineUnderTest } from './engine-fixture.ts';

const ARCHIVES = new URL('../../fixtures/archives/', import.meta.url);
const ZIP = 'zip/zipcrypto-other.zip';
const SEVEN_ZIP = 'seven-zip/stored-other.7z';

let under: EngineUnderTest;

beforeEach(async () => {
  under = await startEngine();
});

afterEach(() => under.dispose());

/** Drops archives of the fixtures under names of their own. */
async function drop(...names: readonly string[]): Promise<number> {
  const paths = names.map((name, place) => {
    const path = under.path(`${place}-${name.split('/').at(-1)}`);
    copyFileSync(new URL(name, ARCHIVES), path);
    return path;
  });
  const { handle } = under.engine.registerPaths(paths);
  const { intakeId, jobId } = await under.engine.handlers['intake.start']({ handle, reading: { as: 'auto' } });
  await under.ended(jobId);
  return intakeId;
}

const kept = async (): Promise<number> => (await under.engine.intakes.list({ offset: 0, limit: 10 })).total;
const unlock = (intakeId: number, password: string) => under.engine.handlers['intake.unlock']({ intakeId, password });

it('a password that opens nothing leaves no intake behind', async () => {
  const id = await drop(ZIP);
  expect((await under.engine.intakes.get(id)).inputs[0]).toMatchObject({ needsPassword: true, encrypted: 2 });
  expect(await unlock(id, 'no such word')).toEqual({ intakeId: null, closed: 2 });
  expect(await unlock(id, 'nor this')).toEqual({ intakeId: null, closed: 2 });
  expect(await kept()).toBe(1);
});

it('one that opens it makes a new intake', async () => {
  const id = await drop(ZIP);
  const { intakeId, closed } = await unlock(id, 'other word');
  expect([intakeId === id, closed, await kept()]).toEqual([false, 0, 2]);
  expect((await under.engine.intakes.get(intakeId ?? 0)).intake.accounting).toMatchObject({ hashes: 5, rejected: 0 });
});

it('archives with a password each are opened one after the other, and a wrong one between takes nothing away', async () => {
  const id = await drop(ZIP, SEVEN_ZIP);
  expect((await under.engine.intakes.get(id)).intake.fault).toBe(
    '0-zipcrypto-other.zip: 2 files in it could not be opened with the passwords at hand. 1 more of 2 inputs has a fault.',
  );
  const first = await unlock(id, 'other word');
  expect(first.closed).toBe(2);
  expect(await unlock(first.intakeId ?? 0, 'no such word')).toEqual({ intakeId: null, closed: 2 });
  const second = await unlock(first.intakeId ?? 0, 'other');
  expect(second.closed).toBe(0);
  expect(await kept()).toBe(3);
});

it('an original that is gone is named, and the intake stays', async () => {
  const id = await drop(ZIP);
  unlinkSync(under.path('0-zipcrypto-other.zip'));
  await expect(unlock(id, 'other word')).rejects.toMatchObject({ code: 'UNREADABLE' });
  expect(await kept()).toBe(1);
});
