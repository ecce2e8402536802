import { describe, expect, it } from 'vitest';
import type { Term } from '#shared/domain/indicator.ts';
import { createHoldingJudge } from '#main/services/threat-sync/holding/judge.ts';
import { digestOf } from '#test/bench/data.ts';
import { startParts } from './parts.ts';

const { signal } = new AbortController();
const hash = (number: number): Term => ({ kind: 'sha256', value: digestOf('file', number) });
const md5 = (number: number): Term => ({ kind: 'md5', value: digestOf('file', number).slice(0, 32) });

describe('holding back', () => {
  it.each(['inline', 'workers'] as const)('tells who speaks against which indicator, %s', async (threads) => {
    const { intakes, said } = await startParts(threads);
    await said({ md5: md5(1).value, sha256: hash(1).value }, 'wildfire', 'non-malicious');
    await said({ sha256: hash(2).value }, 'wildfire', 'malicious');
    const judge = createHoldingJudge({ intakes });
    const { holds, problems } = await judge.judge(
      [
        { id: 1, terms: [md5(1)] },
        { id: 2, terms: [hash(2)] },
        { id: 3, terms: [{ kind: 'ipv4', value: '10.1.2.3' }] },
        { id: 4, terms: [{ kind: 'ipv4', value: '8.8.8.8' }] },
        { id: 5, terms: [{ kind: 'host', value: 'vpn.acme.com' }] },
        { id: 6, terms: [] },
        { id: 7, terms: [{ kind: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' }] },
      ],
      ['acme.com'],
      signal,
    );
    expect([...holds]).toEqual([
      [3, { reason: 'own', by: '10.1.2.3 is a private address (10.0.0.0/8).' }],
      [5, { reason: 'own', by: 'vpn.acme.com is of your own domain acme.com.' }],
      [1, { reason: 'non-malicious', by: 'WildFire said non-malicious on 2026-11-22 (MD5).' }],
      [7, { reason: 'non-malicious', by: 'Its MD5 is that of the empty file.' }],
    ]);
    expect(problems).toEqual([]);
    const here = await judge.here([[md5(1)], [{ kind: 'ipv4', value: '8.8.8.8' }], [hash(2)], [hash(3)], []]);
    expect(here).toEqual(['non-malicious', null, 'malicious', 'unknown', null]);
  });

  it('follows the own entries it is given, and ends when it is cancelled', async () => {
    const { intakes } = await startParts();
    const judge = createHoldingJudge({ intakes });
    const page = [{ id: 1, terms: [{ kind: 'host', value: 'www.acme.com' } as const] }];
    expect((await judge.judge(page, [], signal)).holds.size).toBe(0);
    expect((await judge.judge(page, ['acme.com'], signal)).holds.size).toBe(1);
    expect((await judge.judge(page, ['acme.org'], signal)).holds.size).toBe(0);
    await expect(judge.judge([{ id: 2, terms: [hash(2)] }], [], AbortSignal.abort())).rejects.toThrow(/aborted/);
  });
});
