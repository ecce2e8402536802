import { describe, expect, it } from 'vitest';
import type { LaunchFacts, ShellName } from '#main/shells/launch/choose-shell.ts';
import { launch, type LaunchParts, type ShellEnd } from '#main/shells/launch/launch.ts';

const NOW = 1_800_000_000_000;
const desk: LaunchFacts = {
  platform: 'linux',
  env: { DISPLAY: ':0' },
  isRoot: false,
  electronPresent: true,
  failedFetch: null,
  browserPresent: true,
  now: NOW,
};
const ok: ShellEnd = { code: 0, failedToStart: false };
const dead: ShellEnd = { code: 127, failedToStart: true };

interface World {
  readonly facts?: Partial<LaunchFacts>;
  readonly fetch?: string | null;
  readonly build?: string | null;
  readonly ends?: Partial<Record<ShellName, ShellEnd>>;
}

async function run(world: World, files: readonly string[] = []) {
  const did: string[] = [];
  const said: string[] = [];
  const parts: LaunchParts = {
    facts: () => ({ ...desk, ...world.facts }),
    fetchElectron: async () => {
      did.push('fetch');
      return world.fetch ?? null;
    },
    remember: (failed) => did.push(failed === null ? 'forget' : `remember ${failed.why} at ${failed.at}`),
    build: async () => {
      did.push('build');
      return world.build ?? null;
    },
    run: async (shell, given) => {
      did.push([shell, ...given].join(' '));
      return world.ends?.[shell] ?? ok;
    },
    say: (line) => said.push(line),
  };
  return { code: await launch(files, parts), did, said };
}

describe('npm start', () => {
  it('builds and opens the window with the given files, and says in one line why', async () => {
    const result = await run({}, ['/a.txt']);
    expect(result).toEqual({
      code: 0,
      did: ['build', 'electron /a.txt'],
      said: ['assay: electron shell: its runtime is present.'],
    });
  });

  it('neither fetches nor builds anything for a terminal', async () => {
    const result = await run({ facts: { env: {}, electronPresent: false } });
    expect(result.did).toEqual(['terminal']);
    expect(result.said).toEqual(['assay: terminal shell: there is no display.']);
  });

  it('fetches Electron once and opens it', async () => {
    const result = await run({ facts: { electronPresent: false } });
    expect(result.did).toEqual(['fetch', 'forget', 'build', 'electron']);
  });

  it('remembers a failed fetch and opens the browser instead', async () => {
    const result = await run({ facts: { electronPresent: false }, fetch: 'no connection within 5 s' });
    expect(result.did).toEqual(['fetch', `remember no connection within 5 s at ${NOW}`, 'build', 'chromium']);
    expect(result.said.at(-1)).toContain('chromium shell: Electron');
  });

  it('answers in the terminal when there is no browser either', async () => {
    const result = await run({ facts: { electronPresent: false, browserPresent: false }, fetch: 'refused' });
    expect(result.did.at(-1)).toBe('terminal');
    expect(result.did).not.toContain('build');
  });

  it('goes on to the next shell when a window does not start', async () => {
    const result = await run({ ends: { electron: dead, chromium: dead } });
    expect(result.did).toEqual(['build', 'electron', 'build', 'chromium', 'terminal']);
    expect(result.code).toBe(0);
  });

  it('answers in the terminal when the window cannot be built', async () => {
    const result = await run({ build: 'exit 1' });
    expect(result.did).toEqual(['build', 'terminal']);
  });

  it('keeps to what ASSAY_SHELL asks for', async () => {
    const result = await run({ facts: { env: { DISPLAY: ':0', ASSAY_SHELL: 'electron' } }, ends: { electron: dead } });
    expect(result.did).toEqual(['build', 'electron']);
    expect(result.code).toBe(127);
    const absent = await run({
      facts: { env: { ASSAY_SHELL: 'electron' }, electronPresent: false },
      fetch: 'refused',
    });
    expect([absent.code, absent.did.at(-1)]).toEqual([1, `remember refused at ${NOW}`]);
  });

  it('builds nothing for a browser that is not there', async () => {
    const result = await run({
      facts: { env: { ASSAY_SHELL: 'chromium' }, browserPresent: false },
      ends: { chromium: { code: 1, failedToStart: true } },
    });
    expect([result.code, result.did]).toEqual([1, ['chromium']]);
  });

  it('refuses a shell it does not have', async () => {
    const result = await run({ facts: { env: { ASSAY_SHELL: 'gtk' } } });
    expect(result).toEqual({
      code: 2,
      did: [],
      said: ['assay: ASSAY_SHELL=gtk is not one of electron, chromium, terminal.'],
    });
  });

  it('passes on the exit code of a window that was used', async () => {
    const result = await run({ ends: { electron: { code: 3, failedToStart: false } } });
    expect(result.code).toBe(3);
  });
});
