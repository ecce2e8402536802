import { expect, it } from 'vitest';
import type { Fault, Simulator } from '#main/simulators/port.ts';
import type { SourceUnderTest } from './source-under-test.ts';
import { file, NOW, stage } from './stage.ts';

const twice = (fault: Fault): readonly Fault[] => [fault, fault];
const status = (code: number): Fault => ({ kind: 'status', status: code });

/** "Test connection": what it finds, and that it says what it cost. The way to the source is tested with the ways. */
export function connection<S extends Simulator>(source: SourceUnderTest<S>): void {
  it('works, at the cost it says', async () => {
    const { test, simulator } = await stage(source);
    const found = await test();
    expect(found).toMatchObject({ ok: true, at: null, httpStatus: 200, billed: source.testBills });
    expect(found.message).toMatch(/^[A-Z].*\.$/);
    expect(simulator.log.reduce((sum, { billed }) => sum + billed, 0)).toBe(found.billed);
  });

  it('names a wrong key', async () => {
    const { test } = await stage(source, { key: 'another-key-altogether' });
    expect(await test()).toMatchObject({
      ok: false,
      at: 'key',
      billed: expect.any(Number),
      httpStatus: source.wrongKeyStatus ?? 401,
    });
  });

  it('names a used-up quota, as far as it meets one', async () => {
    const limits = { perMinute: null, perDay: 1, perMonth: null };
    const { ask, test } = await stage(source, { simulator: { limits, now: () => NOW } });
    const [kind = 'sha256'] = source.provider.facts.takes;
    expect(await ask([file(1)[kind]], kind)).toMatchObject({ ok: true });
    expect(await test()).toMatchObject(source.testSeesNoQuota === true ? { ok: true } : { ok: false, at: 'quota' });
  });

  it.each([
    ['a right the key lacks', status(403), 'right'],
    ['a web page', { kind: 'html' } as const, 'url'],
    ['an address of another server', status(404), 'url'],
    ['trouble of the server', status(500), 'answer'],
    ['garbage', { kind: 'garbage' } as const, 'answer'],
    ['a connection that is cut', { kind: 'cut' } as const, 'network'],
  ])('names %s', async (_, fault, at) => {
    const { test, simulator } = await stage(source);
    simulator.script(twice(fault));
    const found = await test();
    expect(found).toMatchObject({ ok: false, at });
    expect(found.message).toMatch(/^[A-Z].*\.$/);
  });
}
