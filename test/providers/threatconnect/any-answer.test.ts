import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { ServiceResult } from '#main/net/service-fault.ts';
import { clearStages, hostRow, NEVER, NOW, SECRET, stage, type Answer } from './stage.ts';

afterEach(clearStages);

const texts = fc.constantFrom(
  '\ud800.example',
  'a\u0000b',
  '..',
  '::',
  '%',
  'xn--',
  '1e999',
  '',
  ' ',
  '例え',
  '0x1',
  SECRET,
);
const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), texts);
/** As documented, nearly always. */
const mostly = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 40, arbitrary: usual }, { weight: 1, arbitrary: value });
const row = fc
  .record(
    {
      type: fc.constantFrom('File', 'Host', 'Address', 'URL', 'file', null),
      id: mostly(fc.nat(20)),
      ownerName: mostly(fc.constant('Acme')),
      summary: fc.oneof(texts, value),
      hostName: value,
      ip: value,
      md5: value,
      rating: mostly(fc.constantFrom<unknown>(0, 3.5, '4.00', null)),
      confidence: mostly(fc.nat(100)),
      falsePositives: mostly(fc.nat(9)),
      tags: fc.oneof(
        { weight: 1, arbitrary: value },
        { weight: 9, arbitrary: fc.constantFrom<unknown>({}, null) },
        { weight: 9, arbitrary: fc.record({ data: fc.array(fc.record({ name: value })) }) },
      ),
      lastModified: mostly(fc.constant('2026-11-20T10:00:00Z')),
      dateAdded: fc.constantFrom('9999-99-99T99:99:99Z', '2026-02-30T00:00:00Z'),
      webLink: value,
      active: mostly(fc.boolean()),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ ...hostRow(1), ...fields }));
const list = fc.record(
  { data: fc.array(row, { maxLength: 4 }), next: value, count: value, status: value },
  { requiredKeys: ['data'] },
);
const error = fc.record({ status: value, message: value, errCode: value, data: value }, { requiredKeys: [] });
const body = fc.oneof({ weight: 8, arbitrary: list }, error, value, fc.string());
const answers: fc.Arbitrary<Answer> = fc.record({
  status: fc.constantFrom(...Array<number>(12).fill(200), 204, 302, 400, 401, 403, 404, 429, 500, 503),
  headers: fc.constantFrom({}, { 'retry-after': 'soon' }, { 'retry-after': '-1' }, { date: 'never' }),
  body,
});

it('whatever a server answers is an answer or a fault with a sentence, never a defect, and never tells the secret', async () => {
  let answer: Answer = { body: {} };
  const { threatConnect, exchanges } = await stage(() => answer, { pageSize: 3 });
  let [understood, taken] = [0, 0];
  await fc.assert(
    fc.asyncProperty(answers, async (drawn) => {
      answer = drawn;
      const page = await threatConnect.page('(rating > 1)', null, NEVER);
      const results = [
        page,
        await threatConnect.owners(NEVER),
        await threatConnect.count('(rating > 1)', NEVER),
        await threatConnect.deleted(['Acme'], NOW, NEVER),
      ];
      for (const result of results) {
        understood += result.ok ? 1 : 0;
        expect(result.ok ? 'It is fine.' : result.fault.message).toMatch(/^[A-Z].*\.$/s);
        expect(result.ok ? '' : result.fault.message).not.toMatch(/\p{Cc}/u);
      }
      expect(JSON.stringify(results.map(shown))).not.toContain(JSON.stringify(SECRET).slice(1, 14));
      for (const each of page.ok ? page.value.rows : []) {
        taken += 1;
        expect(each.terms.length === 0).toBe(each.invalid !== null);
        expect(Number.isSafeInteger(each.id) && Number.isFinite(each.modifiedAt)).toBe(true);
      }
    }),
    { numRuns: 300, seed: 21 },
  );
  expect(Math.min(understood, taken)).toBeGreaterThan(30);
  expect(JSON.stringify(exchanges)).not.toContain(JSON.stringify(SECRET).slice(1, 14));
});

/** All but where to go on from, which is kept nowhere. */
function shown(result: ServiceResult<unknown>): unknown {
  return result.ok ? { ...Object(result.value), next: undefined } : result.fault;
}
