import { expect, it } from 'vitest';
import { createRouter, type Router } from '#main/ipc/router.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { recordingHandlers } from './contract-handlers.ts';

interface Setup {
  readonly router: Router<string>;
  readonly reached: readonly unknown[];
  readonly defects: unknown[];
  readonly registered: (readonly string[])[];
}

function setup(answer?: () => unknown): Setup {
  const { handlers, reached } = recordingHandlers(answer);
  const defects: unknown[] = [];
  const registered: (readonly string[])[] = [];
  const router = createRouter<string>({
    handlers,
    trusts: (sender) => sender === 'ours',
    registerPaths: (paths) => {
      registered.push(paths);
      return { handle: 'h', names: paths.map(() => 'name') };
    },
    onDefect: (where, error) => defects.push([where, error]),
  });
  return { router, reached, defects, registered };
}

it('parses the input, fills in defaults and wraps the answer', async () => {
  const { router, reached } = setup(() => ({ total: 0 }));
  const reply = await router.call('ours', 'hashList.page', { query: {}, offset: 0, limit: 10 });
  expect(reply).toEqual({ ok: true, value: { total: 0 } });
  expect(reached).toEqual([
    {
      name: 'hashList.page',
      input: {
        query: { side: null, expiring: false, text: '', sort: 'addedAt', descending: true },
        offset: 0,
        limit: 10,
      },
    },
  ]);
});

it('refuses a stranger before anything is looked at', async () => {
  const { router, reached, registered } = setup();
  const refused = { ok: false, error: { code: 'FORBIDDEN', retryable: false } };
  expect(await router.call('stranger', 'app.stats', {})).toMatchObject(refused);
  expect(await router.registerFiles('stranger', ['/etc/passwd'])).toMatchObject(refused);
  expect([reached, registered]).toEqual([[], []]);
});

it.each([['toString'], ['__proto__'], ['constructor'], ['app.nothing'], [''], [7], [null], [undefined], [{}]])(
  'does not know the call %s',
  async (name) => {
    const { router, reached } = setup();
    expect(await router.call('ours', name, {})).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } });
    expect(reached).toEqual([]);
  },
);

it('names the field that does not fit, not its value', async () => {
  const { router } = setup();
  const reply = await router.call('ours', 'jobs.cancel', { jobId: 'secret'.repeat(100) });
  expect(reply).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } });
  const message = reply.ok ? '' : reply.error.message;
  expect(message).toContain('jobs.cancel: jobId');
  expect(message).not.toContain('secret');
});

it('keeps the code and sentence of an expected error', async () => {
  const { router, defects } = setup(() => {
    throw new AppError('DB_BUSY', 'Another process writes; try again.');
  });
  expect(await router.call('ours', 'app.stats', {})).toEqual({
    ok: false,
    error: { code: 'DB_BUSY', message: 'Another process writes; try again.', retryable: true },
  });
  expect(defects).toEqual([]);
});

it('tells a defect to the log and nothing of it to the window', async () => {
  const thrown = new Error('SQLITE_ERROR at /home/analyst/.local/share/assay token=abc');
  const { router, defects } = setup(() => Promise.reject(thrown));
  const reply = await router.call('ours', 'app.stats', {});
  expect(defects).toEqual([['app.stats', thrown]]);
  expect(reply).toMatchObject({ ok: false, error: { code: 'DEFECT' } });
  expect(JSON.stringify(reply)).not.toMatch(/home|token|SQLITE|at /);
});

it('registers files by path and gives back names only', async () => {
  const { router, registered } = setup();
  const reply = await router.registerFiles('ours', ['/home/a/list.txt', '', '/home/a/folder']);
  expect(registered).toEqual([['/home/a/list.txt', '/home/a/folder']]);
  expect(JSON.stringify(reply)).not.toContain('/home');
});

it('says so when nothing dropped is on disk', async () => {
  const { router } = setup();
  expect(await router.registerFiles('ours', ['', ''])).toMatchObject({ ok: false, error: { code: 'UNREADABLE' } });
});

it.each([[null], ['/a'], [[]], [[1]], [['/a\0b']], [['x'.repeat(40_000)]], [Array(10_001).fill('/a')]])(
  'refuses a list of files that is none (case %#)',
  async (paths) => {
    const { router, registered } = setup();
    expect(await router.registerFiles('ours', paths)).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT' } });
    expect(registered).toEqual([]);
  },
);
