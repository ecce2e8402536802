import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { AVOIDED_BY, PURPOSES, STRATEGIES } from '#shared/domain/outcome.ts';
import { SOURCE_IDS } from '#shared/domain/source.ts';
import { defaultSyncJob, type SyncJobConfig } from '#shared/settings/sync-job.ts';
import { SYNC_LABELS } from '#shared/settings/sync-labels.ts';
import { defaultSettings } from '#shared/settings/schema.ts';
import type { SourceConfig } from '#shared/settings/source-config.ts';
import { programFolder } from '#main/platform/resources.ts';
import { recordedFutureFacts } from '#main/providers/recorded-future/facts.ts';
import { statusOf } from '#main/providers/recorded-future/risk.ts';
import { DEFAULT_THRESHOLDS } from '#main/providers/virustotal/map.ts';
import { providers } from '#main/providers/index.ts';
import { decide, wordOf, type Verdict, type Word } from '#main/providers/reversinglabs-a1000/verdict.ts';
import { titaniumcloudFacts } from '#main/providers/reversinglabs-titaniumcloud/facts.ts';
import { optionsOf } from '#main/providers/reversinglabs-titaniumcloud/options.ts';
import { meaningOf as titaniumcloudMeaning } from '#main/providers/reversinglabs-titaniumcloud/status-word.ts';
import { virustotalFacts } from '#main/providers/virustotal/facts.ts';
import { wildfireFacts } from '#main/providers/wildfire/facts.ts';
import { meaningOf } from '#main/providers/wildfire/verdict-code.ts';
import { secretVariable } from '#main/platform/secrets/environment.ts';
import { settingLines } from '#main/shells/terminal/commands/settings/source-settings.ts';
import { settingLines as syncSettingLines } from '#main/shells/terminal/commands/sync/job-settings.ts';
import { processHost } from '#main/shells/terminal/process-host.ts';
import { buildProgram } from '#main/shells/terminal/program.ts';
import { createOutputs } from '#main/shells/terminal/session.ts';

const readme = readFileSync(join(programFolder(), 'README.md'), 'utf8');

const NOTHING_SAID = { word: null, risk: null, result: null, reason: null, firstSeen: null, lastSeen: null } as const;

/** Cells of the first table after a text, without its head; code marks taken off. */
function tableAfter(text: string): string[][] {
  const from = readme.indexOf(text);
  expect(from, text).toBeGreaterThan(-1);
  const [table = ''] = /(?:^\|.*\n)+/m.exec(readme.slice(from)) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim().replace(/^`([^`]*)`( .*)?$/, '$1')),
    );
}

const firstCells = (text: string): string[] => tableAfter(text).map(([first = '']) => first);

describe('the tables of the README', () => {
  it('name every parameter of a sync job as the window does, with its default', () => {
    const shown = tableAfter('<!-- sync-settings -->').map(([label, name, value]) => [label, name, value]);
    const lines = syncSettingLines(defaultSyncJob()).map((line) => line.split('='));
    expect(shown).toEqual(
      lines.map(([name = '', value = '']) => [SYNC_LABELS[name as keyof SyncJobConfig], name, value || 'empty']),
    );
  });

  it('name every setting of a source with its default', () => {
    const shown = tableAfter('<!-- source-settings -->').map(([name, , ...defaults]) => [name, ...defaults]);
    const valuesOf = (config: SourceConfig): string[] =>
      settingLines(config).map((line) => line.slice(line.indexOf('=') + 1) || 'empty');
    const perSource = providers.map(({ facts }) => valuesOf({ ...facts.defaults, options: {} }));
    const names = Object.keys(virustotalFacts.defaults).filter((name) => name !== 'options');
    expect(shown).toEqual(names.map((name, index) => [name, ...perSource.map((values) => values[index])]));
  });

  it('name every setting of a directory with its default', () => {
    const shown = tableAfter('<!-- settings -->').map(([name, , value]) => [name, value]);
    const plain = Object.entries(defaultSettings()).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, JSON.stringify(inner)])
        : [[name, JSON.stringify(value)]],
    );
    expect(shown).toEqual(plain);
  });

  it('name every purpose, every strategy and everything that saves a call', () => {
    expect(firstCells('### The queue')).toEqual([...PURPOSES]);
    expect(firstCells('### The flight plan')).toEqual([...STRATEGIES].toSorted(byPlaceIn('### The flight plan')));
    expect(firstCells('### Calls that are not made')).toEqual([...AVOIDED_BY]);
  });

  it('name every region of WildFire', () => {
    const cells = tableAfter('### WildFire');
    const shown = [0, 2, 4].flatMap((column) =>
      cells.flatMap((row) => (row[column] ? [[row[column], row[column + 1]]] : [])),
    );
    const regions = wildfireFacts.urlPresets
      .slice(1)
      .map(({ label, url }) => [/^https:\/\/([a-z]+)\.wildfire\./.exec(url)?.[1], label]);
    expect(shown).toHaveLength(regions.length);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(regions));
    expect(wildfireFacts.urlPresets[0]?.url).toBe('https://wildfire.paloaltonetworks.com/publicapi');
  });

  it('name every status and option of ReversingLabs TitaniumCloud, with its default', () => {
    const { options, defaults, takes } = titaniumcloudFacts;
    const rows = tableAfter('Its answers become').slice(0, -1);
    expect(rows.map(([word]) => word)).toEqual(['MALICIOUS', 'SUSPICIOUS', 'KNOWN', 'NO_THREATS_FOUND', 'UNKNOWN']);
    for (const [status = '', shown = ''] of rows) {
      const meaning = titaniumcloudMeaning({ status, trust_factor: 1 }, optionsOf(defaults));
      expect(shown.startsWith(meaning?.status ?? 'none')).toBe(true);
    }
    const shown = tableAfter('It has options of its own:').map(([name, , value]) => [name, value]);
    expect(shown).toEqual(
      options.map(({ name }) => [name, defaults.options[name] === '' ? 'empty' : defaults.options[name]]),
    );
    expect([takes.length, defaults.callsPerMinute, defaults.callsPerDay]).toEqual([3, 6000, 10_000]);
    expect(readme).toContain('start at 6,000 a minute and 10,000 a day');
  });

  it('give the verdicts of WildFire their meaning', () => {
    const rows = tableAfter('Its verdicts become').slice(0, -1);
    expect(rows).toHaveLength(10);
    for (const [code = '', word, shown = ''] of rows) {
      const meaning = meaningOf(code)?.meaning;
      expect(meaning?.word).toBe(word);
      expect(shown).toMatch(
        meaning?.outcome === 'answer' || meaning?.outcome === 'pending'
          ? new RegExp(`^${meaning.status}$`)
          : meaning?.outcome === 'not-known'
            ? /does not know it$/
            : /could not be asked$/,
      );
    }
    expect(meaningOf('3')?.meaning).toMatchObject({ outcome: 'not-known', word: 'undocumented' });
  });

  it('say whose word an A1000 goes by', () => {
    const side = (word: Word | null): Verdict => ({ ...NOTHING_SAID, word });
    const sides: Readonly<Record<string, readonly (Verdict | null)[]>> = {
      anything: [side('malicious'), side('suspicious'), side('goodware'), side('unknown'), null],
      'anything else': [side('goodware'), side('unknown'), null],
      'unknown, or nothing': [side('unknown'), null],
      'malicious or suspicious': [side('malicious'), side('suspicious')],
    };
    const rows = tableAfter('### ReversingLabs A1000');
    expect(rows).toHaveLength(9);
    for (const [here = '', there = '', shown = ''] of rows) {
      const local = side(wordOf(here));
      const found = (sides[there] ?? [side(wordOf(there))]).map((cloud) => [decide(local, cloud), cloud] as const);
      for (const [{ outcome, status }, cloud] of found) {
        const expected = shown === 'that' ? cloud?.word : shown;
        expect(outcome === 'not-known' ? 'unknown, does not know it' : status).toBe(expected);
      }
    }
  });

  it('give the risk of Recorded Future its meaning, and its options their defaults', () => {
    const context = { config: recordedFutureFacts.defaults, threshold: { malicious: null, suspicious: null } };
    const rows = tableAfter('It rates risk and calls no file clean');
    for (const [scores = '', level = '', shown = ''] of rows) {
      const [score, last] = /^(\d+)(?: to (\d+))?/.exec(scores)?.slice(1) ?? [];
      const levels = /^(\d)(?: to (\d))?/.exec(level)?.slice(1) ?? [];
      const risks =
        score === undefined
          ? levels.flatMap((one) => (one === undefined ? [] : [{ score: null, level: Number(one) }]))
          : [score, last ?? score].map((one) => ({ score: Number(one), level: null }));
      expect(risks.length, scores).toBeGreaterThan(0);
      expect(risks.map((risk) => statusOf(risk, context))).toEqual(risks.map(() => shown.split(',')[0]));
    }
    expect(rows).toHaveLength(6);
    expect(tableAfter('The right to ask in bulk is granted apart').map(([name, , value]) => [name, value])).toEqual(
      Object.entries(recordedFutureFacts.defaults.options),
    );
    const [, per] = /up to ([\d,]+) hashes of one kind per call/.exec(readme) ?? [];
    expect(per).toBe(recordedFutureFacts.mostHashesPerRequest.toLocaleString('en-US'));
  });
});

describe('the README', () => {
  it('states the limits and thresholds that hold', () => {
    const { malicious, suspicious } = DEFAULT_THRESHOLDS;
    expect(readme).toContain(`malicious from ${malicious}, suspicious from ${suspicious}`);
    expect(virustotalFacts.planLimits.public).toEqual({ callsPerMinute: 4, callsPerDay: 500, callsPerMonth: 15_500 });
    expect(readme).toContain('4 calls a minute, 500 a day, 15,500 a month');
    expect(virustotalFacts.planLimits.paid).toMatchObject({ callsPerMinute: 60, callsPerDay: 1000 });
    expect(readme.replaceAll('\n', ' ')).toContain('start at 60 a minute and 1,000 a day');
    expect(readme).toContain(`up to ${wildfireFacts.mostHashesPerRequest}, all of one kind`);
  });

  it('names the variables that may hold keys', () => {
    for (const name of [...SOURCE_IDS, 'virustotal-proxy', 'wildfire-proxy']) {
      expect(readme).toContain(`\`${secretVariable(name)}\``);
    }
  });

  it('names commands and options that there are', () => {
    const host = { ...processHost(), stdout: new PassThrough(), stderr: new PassThrough() };
    const program = buildProgram(host, createOutputs(host), '0.0.0', () => undefined);
    // The reference is generated; this is about what people wrote.
    const written = readme.replace(/<!-- commands -->[\s\S]*<!-- \/commands -->/, '');
    const named = [...written.matchAll(/(?<![\w./-])assay((?: |\n)[a-z][^`|\n]*(?:\n[^`|\n]+(?=`))?)/g)]
      .filter(({ index }) => isCode(written, index))
      .map(([, words = '']) => words.trim().split(/\s+/));
    expect(named.length).toBeGreaterThan(25);
    expect(named.flatMap((words) => unknownIn(program, words).map((word) => `${word} in ${words.join(' ')}`))).toEqual(
      [],
    );
  });

  it('shows pictures that are there', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = '']) => path);
    expect(pictures).not.toEqual([]);
    for (const path of pictures) {
      expect(readFileSync(join(programFolder(), path)).subarray(1, 4).toString('latin1'), path).toMatch(/PNG|svg/);
    }
  });

  it('leads to headings that are there', () => {
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    const targets = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
    expect(targets.filter((target) => !headings.includes(target ?? ''))).toEqual([]);
  });
});

function byPlaceIn(heading: string): (a: string, b: string) => number {
  const text = readme.slice(readme.indexOf(heading));
  return (a, b) => text.indexOf(`| \`${a}\``) - text.indexOf(`| \`${b}\``);
}

/** Between single backticks, or in a block. */
function isCode(text: string, index: number): boolean {
  const before = text.slice(0, index);
  const isInBlock = before.split(/^```/m).length % 2 === 0;
  const paragraph = before.slice(before.lastIndexOf('\n\n') + 1);
  return isInBlock || paragraph.split('`').length % 2 === 0;
}

/** What of a command line is neither a command nor an option of it. */
function unknownIn(program: Command, words: readonly string[]): string[] {
  let command = program;
  let next = 0;
  for (; next < words.length; next += 1) {
    const inner = command.commands.find((one) => one.name() === words[next]);
    if (inner === undefined) {
      break;
    }
    command = inner;
  }
  const [first = ''] = words;
  const isGroup = command.commands.length > 0 && words[next] !== undefined && !words[next]?.startsWith('-');
  const wrong = command === program ? [first] : isGroup ? [words[next] ?? ''] : [];
  const options = new Set([...command.options, ...program.options].map(({ long }) => long));
  return [...wrong, ...words.filter((word) => word.startsWith('--') && !options.has(word))];
}
