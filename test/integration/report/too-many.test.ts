import { afterAll, expect, it } from 'vitest';
import { windowCalls } from '#test/integration/contract/window-calls.ts';
import { everything, hex, startWorld, type ReportWorld } from './report-world.ts';

const statement = { title: '', examiner: '', caseName: '', note: '' };

let world: ReportWorld | undefined;
afterAll(() => world?.dispose());

it('refuses a PDF of more rows than it holds before a file is chosen, and takes fewer', async () => {
  const asked: string[] = [];
  const started = await startWorld({
    printer: { unavailable: () => null, print: () => Promise.reject(new Error('nothing is printed in this test')) },
    saveTarget: {
      choose: (name) => {
        asked.push(name);
        return Promise.resolve(null);
      },
    },
  });
  world = started;
  const { id: intakeId } = await started.read(
    'list.txt',
    Array.from({ length: 20_001 }, (_, n) => `${hex('md5', String(n))}\n`).join(''),
  );
  const window = windowCalls(started.engine);
  const wanted = { intakeId, selection: everything, format: 'pdf', statement } as const;
  const { message } = await window.call('report.start', wanted).then(
    () => ({ message: 'started' }),
    (error: { readonly message: string }) => error,
  );
  expect(message).toContain('A PDF holds at most 20,000 rows, and 20,001 are chosen.');
  expect(asked).toEqual([]);
  const fewer = { kind: 'entries' as const, entries: [0, 1] };
  expect(await window.call('report.start', { ...wanted, selection: fewer })).toEqual({ jobId: null, path: null });
  expect(asked).toEqual(['list.txt.report.pdf']);
});
