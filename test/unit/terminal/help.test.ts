import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { programFolder } from '#main/platform/resources.ts';
import { processHost } from '#main/shells/terminal/process-host.ts';
import { allCommands, buildProgram } from '#main/shells/terminal/program.ts';
import { createOutputs } from '#main/shells/terminal/session.ts';
import { run } from './stage.ts';

const host = { ...processHost(), stdout: new PassThrough(), stderr: new PassThrough() };
const program = buildProgram(host, createOutputs(host), '0.0.0', () => undefined);
const commands = allCommands(program);
const leaves = commands.filter((command) => command.commands.length === 0);
const pathOf = (command: (typeof commands)[number]): string[] =>
  command.parent === null || command.parent === program
    ? [command.name()]
    : [...pathOf(command.parent), command.name()];

describe('help', () => {
  it('knows the agreed commands', () => {
    expect(leaves.map((command) => pathOf(command).join(' '))).toEqual([
      'triage',
      'formats',
      'lookup',
      'plan',
      'scan',
      'changes',
      'report write',
      'report verify',
      'report list',
      'review list',
      'review decide',
      'usage',
      'hash-list add',
      'hash-list remove',
      'hash-list undo',
      'hash-list list',
      'hash-list import',
      'hash-list export',
      'note set',
      'note list',
      'note undo',
      'known-sets import',
      'known-sets list',
      'known-sets remove',
      'known-sets left',
      'intakes list',
      'intakes show',
      'intakes remove',
      'sources list',
      'sources show',
      'sources set',
      'sources enable',
      'sources disable',
      'sources test',
      'sources keys',
      'queue show',
      'queue pause',
      'queue resume',
      'queue cancel',
      'queue log',
      'sync list',
      'sync show',
      'sync owners',
      'sync count',
      'sync test',
      'sync create',
      'sync set',
      'sync remove',
      'sync activate',
      'sync deactivate',
      'sync start-over',
      'sync dry-run',
      'sync run',
      'sync reconcile',
      'sync approve',
      'sync cancel',
      'sync history',
      'sync held',
      'sync sent',
      'sync recall',
      'run',
      'cache import',
      'cache export',
      'cache stats',
      'cache purge',
      'cache verify',
      'cache backup',
      'cache restore',
      'settings get',
      'settings set',
      'settings effects',
      'simulate',
    ]);
  });

  it.each(leaves.map((command) => [pathOf(command).join(' '), pathOf(command)] as const))(
    '%s has words and an example that starts with it',
    async (name, path) => {
      const { code, out, err } = await run([...path, '--help']);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/Examples:\n/);
      expect(out).toContain(`assay ${name}`);
      expect(out.split('Examples:')[1]).toContain(`assay ${name}`);
    },
  );

  it('describes every command, option and argument', () => {
    const silent = commands.flatMap((command) => [
      ...(command.description() === '' ? [pathOf(command).join(' ')] : []),
      ...command.options.filter((option) => option.description === '').map((option) => option.long),
      ...command.registeredArguments.filter((argument) => argument.description === '').map((each) => each.name()),
    ]);
    expect(silent).toEqual([]);
  });

  it.each([
    [['help'], 'Usage: assay [options] [command]'],
    [['help', 'changes'], 'Usage: assay changes [options]'],
    [['help', 'review'], 'Usage: assay review [options] [command]'],
    [['help', 'review', 'decide'], 'Usage: assay review decide [options] <hashes...>'],
  ])('is no wrong usage when it is asked for: %j', async (argv, head) => {
    const { code, out } = await run(argv);
    expect([code, out.split('\n')[0]]).toEqual([0, head]);
  });

  it('says of every command that writes a file how one is replaced', () => {
    const names = (command: (typeof commands)[number]) => command.options.map((option) => option.long);
    const writing = leaves.filter((command) => names(command).some((name) => name === '--out' || name === '--report'));
    expect(writing.length).toBeGreaterThan(5);
    expect(writing.filter((command) => !names(command).includes('--force')).map((one) => pathOf(one))).toEqual([]);
  });

  it('keeps lines within 100 columns', async () => {
    const { out } = await run(['help', '--markdown']);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('is what the README says', async () => {
    const { out } = await run(['help', '--markdown']);
    const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');
    const between = /<!-- commands -->\n([\s\S]*?)<!-- \/commands -->/.exec(readme)?.[1] ?? '';
    expect(between.trim()).toBe(out.trim());
  });
});

describe('wrong usage', () => {
  it.each([
    [[], /Usage: assay/],
    [['hash-list'], /Usage: assay hash-list/],
    [['triag', 'x'], /unknown command 'triag'\n\(Did you mean triage\?\)/],
    [['intakes', 'show'], /missing required argument 'id'/],
    [['intakes', 'show', 'seven'], /"seven" is not a number/],
    [['intakes', 'show', '0'], /start at 1/],
    [['cache', 'stats', '--format', 'csv'], /table, json/],
    [['known-sets', 'import', 'x', '--mark', 'good'], /known, known-good, known-bad/],
    [['known-sets', 'import', 'x', '--date', '2026-02-30'], /is not a date/],
    [['hash-list', 'add', 'ab'.repeat(16)], /choose --malicious or --non-malicious/],
    [['hash-list', 'add', 'ab'.repeat(16), '--malicious', '--non-malicious'], /cannot be used with/],
    [['hash-list', 'add', 'ab'.repeat(16), '--malicious', '--expires', '2020-01-01'], /has passed/],
    [['hash-list', 'import', 'x', '--append', '--replace'], /cannot be used with/],
  ])('%j is exit 2, on standard error alone', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('prints the version of package.json', async () => {
    const manifest = JSON.parse(readFileSync(join(programFolder(), 'package.json'), 'utf8')) as { version: string };
    expect(await run(['--version'])).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
  });
});
