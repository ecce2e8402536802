import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shellCommand, withoutKeys, type ShellFacts, type Target } from '#main/shells/launch/shell-command.ts';

const root = join('/', 'program');
const facts: ShellFacts = { node: 'node', electron: 'electron', isBundled: true, samples: ['a.csv', 'b.txt'] };
const usual: Target = { root, data: [], env: { HOME: '/home/a', ELECTRON_RUN_AS_NODE: '1' }, isDemo: false };
const other: Target = { ...usual, data: ['--data', '/data'] };
const assay = join(root, 'src-main', 'shells', 'terminal', 'assay.mjs');

describe('the program of a shell', () => {
  it('is Electron on the program’s folder, not made to be a Node', () => {
    expect(shellCommand('electron', ['/list'], other, facts)).toEqual({
      program: 'electron',
      args: [root, '--data', '/data', '/list'],
      env: { HOME: '/home/a' },
    });
    expect(shellCommand('electron', [], usual, { ...facts, electron: null })).toBeNull();
  });

  it('is Node on the chromium shell, built or from its source', () => {
    const argsOf = (isBundled: boolean): readonly string[] | undefined =>
      shellCommand('chromium', ['/list'], other, { ...facts, isBundled })?.args;
    expect([argsOf(true), argsOf(false)]).toEqual([
      ['--max-semi-space-size=4', join(root, '.build', 'main', 'chromium-shell.js'), '--data', '/data', '/list'],
      ['--max-semi-space-size=4', join(root, 'src-main', 'shells', 'chromium', 'main.ts'), '--data', '/data', '/list'],
    ]);
  });

  it('lets the threads of a window’s Node share one area of memory, unless told otherwise', () => {
    const envOf = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv | undefined =>
      shellCommand('chromium', [], { ...usual, env }, facts)?.env;
    expect([envOf({ HOME: '/home/a' }), envOf({ MALLOC_ARENA_MAX: '4' })]).toEqual([
      { HOME: '/home/a', MALLOC_ARENA_MAX: '1' },
      { MALLOC_ARENA_MAX: '4' },
    ]);
  });

  it('is the command in a terminal, on the files or the lists that come along', () => {
    const argsOf = (files: readonly string[]): readonly string[] | undefined =>
      shellCommand('terminal', files, usual, facts)?.args;
    const samples = join(root, 'resources', 'samples');
    const came = [join(samples, 'a.csv'), join(samples, 'b.txt')];
    expect([argsOf(['/list']), argsOf([])]).toEqual([
      [assay, 'triage', '--', '/list'],
      [assay, 'triage', '--as', 'list', '--title', 'Sample lists', '--'].concat(came),
    ]);
  });
});

it('programs that help to start get no key, proxy or passphrase', () => {
  expect(
    withoutKeys({
      PATH: '/bin',
      ASSAY_DATA: '/data',
      ASSAY_SHELL: 'electron',
      ASSAY_VIRUSTOTAL_KEY: 'k',
      ASSAY_REVERSINGLABS_A1000_KEY: 'k',
      assay_wildfire_key: 'k',
      ASSAY_WILDFIRE_PROXY: 'name:password',
      ASSAY_PASSPHRASE: 'p',
    }),
  ).toEqual({ PATH: '/bin', ASSAY_DATA: '/data', ASSAY_SHELL: 'electron' });
});
