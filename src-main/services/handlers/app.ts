import { AppError } from '#shared/errors/app-error.ts';
import type { Handlers } from '#shared/contract/index.ts';
import type { HandlerParts } from './parts.ts';

type AppHandlers = Pick<
  Handlers,
  | 'app.bootstrap'
  | 'app.stats'
  | 'app.registerText'
  | 'app.showInFolder'
  | 'app.startDemo'
  | 'app.setStartAtLogin'
  | 'settings.set'
  | 'preferences.set'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'jobs.pause'
  | 'cache.verify'
>;

/** The frame of the window: first paint, settings, jobs, cache. */
export function appHandlers(parts: HandlerParts): AppHandlers {
  const { options, jobs, cache } = parts;
  return {
    'app.bootstrap': async () => ({
      version: parts.version,
      shell: options.shell === 'electron' ? 'electron' : 'chromium',
      platform: process.platform,
      dataDirectory: options.directory,
      simulated: parts.simulated,
      canStartDemo: options.startDemo !== undefined && !parts.simulated,
      startAtLogin: options.startAtLogin?.get() ?? null,
      user: await parts.analyst(),
      settings: await parts.settings.get(),
      preferences: parts.preferences.get(),
      stats: await cache.stats(),
      jobs: jobs.list(),
      startNotice: parts.startNotice,
    }),
    'app.stats': () => cache.stats(),
    'app.registerText': (input) => ({ handle: parts.handles.addText(input.name, input.text) }),
    'app.showInFolder': ({ path }) => {
      // Only files a job of this process wrote: a page must not be able to open anything else.
      if (!jobs.list().some((job) => job.path === path && job.state === 'done')) {
        throw new AppError('INVALID_ARGUMENT', 'Only a file that was just exported can be shown.');
      }
      options.showInFolder?.(path);
      return {};
    },
    'app.startDemo': () => {
      if (options.startDemo === undefined || parts.simulated) {
        throw new AppError('UNSUPPORTED', 'The demonstration cannot be started from this window.');
      }
      options.startDemo();
      return {};
    },
    'app.setStartAtLogin': ({ on }) => {
      if (options.startAtLogin === undefined) {
        throw new AppError('UNSUPPORTED', 'This shell cannot start by itself when you log in.');
      }
      options.startAtLogin.set(on);
      return { on: options.startAtLogin.get() };
    },
    'settings.set': (input) => parts.settings.set(input),
    'preferences.set': (input) => parts.preferences.set(definedOnly(input)),
    'jobs.list': () => ({ jobs: jobs.list() }),
    'jobs.cancel': (input) => {
      jobs.cancel(input.jobId);
      return {};
    },
    'jobs.pause': (input) => {
      jobs.pause(input.jobId, input.paused);
      return {};
    },
    'cache.verify': async () => {
      const result = await cache.verify(() => undefined);
      return { ok: result.ok, problems: [...result.problems] };
    },
  };
}

/** exactOptionalPropertyTypes: a parsed partial may hold explicit undefined, which must not overwrite. */
function definedOnly<T extends object>(input: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
