import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Engine } from '#main/services/engine-port.ts';
import { SIMULATED_TANIUM } from '#main/simulators/tanium/port.ts';
import { run, type Ran, type StageOptions } from '../../unit/terminal/stage.ts';
import { settingsOf, syncWorld, TC, termsOf, type SyncWorld } from '../sync/world.ts';

type Commands = (words: string, options?: StageOptions) => Promise<Ran>;

/** `assay sync …` on a real directory against both simulators; words are separated by spaces. */
function commandsOf({ engine }: SyncWorld): Commands {
  const kept = Object.create(engine, { dispose: { value: async () => undefined } }) as Engine;
  return (words, options = {}) =>
    run(['sync', ...words.split(' ')], { openEngine: async () => kept, now: () => Date.now(), stdin: '', ...options });
}

async function worldOf(hosts: readonly string[]): Promise<SyncWorld> {
  const world = await syncWorld({ isIdle: true, threatConnect: { indicators: 0 } });
  for (const summary of hosts) {
    world.threatConnect.control.put({ type: 'Host', summary, owner: 'Example Corp', rating: 4 });
  }
  return world;
}

const HOSTS = ['a.attacker.net', 'b.attacker.net', 'c.attacker.net', 'mail.corp.internal'];
const SENT = ['a', 'b', 'c'].map((name) => `DnsEntryItem/RecordName ${name}.attacker.net`);
const MADE_UP = 'assay: the sources of this data directory are simulated; their answers are made up.\n';
const typed = (text: string): StageOptions => ({ stdin: null, stdinStream: Readable.from([Buffer.from(text)]) });
const said = ({ code, out, err }: Ran): string => `${code} ${out}${err.replace(MADE_UP, '')}`;
const objects = ({ out }: Ran): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('assay sync', () => {
  it('brings indicators from a new job to Threat Response, and nothing twice', async () => {
    const world = await worldOf(HOSTS);
    const sync = commandsOf(world);
    const settings = join(world.directory, 'settings.json');
    writeFileSync(settings, JSON.stringify(settingsOf(world.threatConnect, world.tanium)));
    expect(said(await sync('list'))).toBe('0 There is no sync job. Make one: assay sync create NAME.\n');
    const made = await sync(`create Feed labels=0 --file ${settings}`);
    expect(said(made)).toMatch(/^0 Sync job 1 \(Feed\) is made\. It is inactive\.\nApi User Secret Key/);
    expect(said(await sync('run 1'))).toMatch(/^1 assay: Api User Secret Key/);
    for (const [secret, value] of [
      ['threatconnect', TC.secretKey],
      ['tanium', SIMULATED_TANIUM.password],
    ] as const) {
      const set = await sync(`set 1 --secret ${secret} --stdin`, { stdin: `${value}\n` });
      expect([set.code, set.err.includes(value)]).toEqual([0, false]);
    }
    expect(said(await sync('test feed'))).toMatch(/^0 ThreatConnect: works\. .*\nTanium: works\. /);
    expect(said(await sync('owners 1'))).toMatch(/^0 owner +type\n[^]*Example Corp +Organization\n/);
    expect(said(await sync('count 1'))).toMatch(/^0 4 indicators match now, Last Modified left aside\.\n\(typeName in/);
    expect(said(await sync('activate 1'))).toMatch(/^1 assay: Before its first activation/);
    const dry = await sync('dry-run 1');
    expect(said(dry)).toMatch(
      /^0 change .*\nheld back .*mail\.corp\.internal.*\n(new .*\n){3}Dry run 1: done\. 3 new, .* 1 held back; 1 package, /,
    );
    expect(world.tanium.control.writes().total).toBe(0);
    expect(said(await sync('activate 1'))).toBe(
      '0 Feed is active. Its next run is due now, while Assay or "assay run" is running.\n',
    );
    expect(said(await sync('run 1 --only new'))).toMatch(/^0 change .*\n(new .*\n){3}Run 2: done\. 3 new, /);
    expect(termsOf(world.tanium)).toEqual(SENT);
    const { total } = world.tanium.control.writes();
    expect(said(await sync('run 1'))).toMatch(/\nRun 3: done\. 0 new, .*, 3 unchanged, 1 held back; 0 packages, /);
    expect(world.tanium.control.writes().total).toBe(total);
    expect(said(await sync('sent 1 --text b.attacker'))).toMatch(/^0 +id .*\n.* b\.attacker\.net .*Feed - Host\n$/);
    expect(said(await sync('list'))).toMatch(/^0 job .*\n +1 +Feed +active .* 3 +1 +1\n$/);
    expect((await sync('show 1 --format json')).out).toMatch(/"sent": 3,\n\s+"held": 1,\n\s+"packages": 1,/);
  });

  it('stops to ask before it withdraws much, and does what the answer says', async () => {
    const world = await worldOf(HOSTS);
    const sync = commandsOf(world);
    await world.job({ guardShare: 10, labels: 0 });
    await sync('run 1');
    for (const { id } of world.threatConnect.control.indicators().slice(0, 2)) {
      world.threatConnect.control.setActive(id, false);
    }
    const first = await sync('reconcile 1');
    expect(said(first)).toMatch(/^3 change .*\n(withdrawn .*inactive in ThreatConnect\n){2}Run 2: stopped to ask\./);
    expect(first.err).toContain('To allow it: assay sync approve 2. To drop it: assay sync cancel 2.\n');
    expect(said(await sync('cancel 2'))).toBe('0 Run 2 is cancelled.\n');
    expect(said(await sync('approve 2 --yes'))).toMatch(/^1 assay: Run 2 does not wait for approval: cancelled\./);
    expect((await sync('reconcile 1')).code).toBe(3);
    expect(said(await sync('approve 3', typed('n\n')))).toMatch(/^1 [^]*Nothing was approved\.\n$/);
    expect(termsOf(world.tanium)).toEqual(SENT);
    expect(said(await sync('approve 3', typed('y\n')))).toMatch(/^0 [^]*Run 4: done\. 0 new, 0 changed, 2 withdrawn, /);
    expect(termsOf(world.tanium)).toEqual(SENT.slice(2));
    const history = await sync('history 1');
    expect(history.out).toMatch(/\n +4 .* done +1 +2 withdrawn.*\n +3 .* approved .*\n +2 .* cancelled /);
    const writes = objects(await sync('history 1 --run 4 --show writes --format jsonl'));
    expect(writes).toContainEqual(
      expect.objectContaining({ action: 'replace package', removed: 2, added: 0, outcome: 'done' }),
    );
    const moment = /^2\d{3}-\d\d-\d\dT[\d:.]+Z$/;
    expect([writes[0]?.['at'], writes[0]?.['settledAt']]).toEqual([
      expect.stringMatching(moment),
      expect.stringMatching(moment),
    ]);
    const [shown] = JSON.parse((await sync('list --format json')).out) as { readonly lastRun: object }[];
    expect(shown?.lastRun).toMatchObject({ id: 4, endedAt: expect.stringMatching(moment) as unknown });
    expect(said(await sync('history 1 --run 4 --show log'))).toContain('Run 4 ended: done.');
    expect(said(await sync('history 1 --run 4 --show requests'))).toMatch(/ POST .*\/intel\/deploy +200 /);
    expect(objects(await sync('history 1 --run 4 --format jsonl'))).toHaveLength(4);
    expect(said(await sync('history 1 --run 9'))).toBe(
      '1 assay: There is no run 9. assay sync history names those of a job.\n',
    );
  });

  it('calls back, releases, holds again, and takes the job away only when nothing is left', async () => {
    const world = await worldOf(HOSTS);
    const sync = commandsOf(world);
    await world.job({ labels: 0 });
    await sync('run 1');
    const shown = await sync('recall 1 A.attacker.net --dry-run');
    expect(said(shown)).toMatch(
      /^0 change .*\nwithdrawn .*a\.attacker\.net .*\nDry run 2: done\. .* 1 indicator would be taken out\./,
    );
    expect(said(await sync('recall 1 a.attacker.net b.attacker.net', typed('y\n')))).toContain('2 withdrawn');
    expect(termsOf(world.tanium)).toEqual(SENT.slice(2));
    expect(said(await sync('held 1'))).toMatch(/(a|b)\.attacker\.net .*Called back\.\n[^]*mail\.corp\.internal .*/);
    expect(said(await sync('held 1 --release b.attacker.net --release mail.corp.internal'))).toMatch(
      /^0 1 indicator released: the next run sends it\. 1 indicator left as before: /,
    );
    await sync('run 1');
    expect(termsOf(world.tanium)).toEqual(SENT.slice(1));
    expect(said(await sync('held 1 --hold b.attacker.net'))).toMatch(/^0 1 indicator held back again: /);
    await sync('run 1');
    expect(termsOf(world.tanium)).toEqual(SENT.slice(2));
    expect(said(await sync('remove 1 --yes'))).toMatch(/^1 assay: Threat Response still holds 1 indicator of Feed\./);
    expect(said(await sync('recall 1 --run 1 --yes'))).toMatch(/^0 [^]* 1 withdrawn, /);
    expect(said(await sync('recall 1 --all --yes'))).toMatch(/^0 [^]*Nothing of it is in Threat Response\.\n$/);
    expect([termsOf(world.tanium), world.tanium.control.intels()]).toEqual([[], []]);
    expect(said(await sync('remove 1'))).toMatch(/^2 assay: Remove Feed with its history\? Without a terminal/);
    expect(said(await sync('remove 1 --yes'))).toBe('0 Feed is removed.\n');
    expect(said(await sync('run 1'))).toMatch(/^1 assay: There is no sync job\. /);
  });

  it('leaves what was sent when told to, moves Last Modified, and copies a job without its secrets', async () => {
    const world = await worldOf(HOSTS);
    const sync = commandsOf(world);
    await world.job({ labels: 0 });
    await sync('run 1');
    expect(said(await sync('start-over 1 --from 2026-01-01'))).toBe(
      '0 Feed: the next run pulls what was modified since 2026-01-01 00:00 UTC.\n',
    );
    expect(said(await sync('create Copy --copy-of 1 types=File'))).toMatch(/^0 Sync job 2 \(Copy\) is made/);
    const shown = await sync('show copy');
    expect(shown.out).toContain(`taniumUrl=${world.tanium.url}\n`);
    expect(shown.err).toContain('Tanium Password: not set.');
    expect(said(await sync('deactivate 1'))).toBe('0 Feed is inactive.\n');
    expect(said(await sync('remove 1 --leave --yes'))).toBe(
      '0 Feed is removed. 1 package stays in Threat Response, and nothing keeps track of it.\n',
    );
    expect(termsOf(world.tanium)).toEqual(SENT);
  });
});
