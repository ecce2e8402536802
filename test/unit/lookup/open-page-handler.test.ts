import { expect, it } from 'vitest';
import { lookupHandlers } from '#main/services/handlers/lookup.ts';
import type { HandlerParts } from '#main/services/handlers/parts.ts';
import { AppError } from '#shared/errors/app-error.ts';

const PAGE = 'https://www.virustotal.com/gui/file/ab';
const open = (openPage?: (url: string) => void | Promise<void>): Promise<object> => {
  const parts = { lookup: { page: async () => PAGE }, options: { openPage } } as unknown as HandlerParts;
  return Promise.resolve(lookupHandlers(parts)['lookup.openPage']({ hash: 'ab', source: 'virustotal' }));
};

it('hands the checked page to the shell', async () => {
  const opened: string[] = [];
  expect(await open((url) => void opened.push(url))).toEqual({});
  expect(opened).toEqual([PAGE]);
});

it.each([
  ['a shell without a browser', undefined],
  ['a browser that does not start', () => Promise.reject(new Error('no handler'))],
  ['an opener that is missing', () => Promise.reject(new AppError('UNSUPPORTED', `No opener. The page is ${PAGE}`))],
] as const)('%s leaves the address to copy', async (_what, openPage) => {
  await expect(open(openPage)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining(PAGE) as string,
  });
});
