import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSyncJob } from '#shared/settings/sync-job.ts';
import { openInlineDatabase } from '#main/db/client.ts';
import { createKnownSets } from '#main/services/known-sets/known-sets.ts';
import { commandWorld, good, nobody, objects } from './command-world.ts';

const listed = '11'.repeat(32);
const { data, put, run } = commandWorld();

describe('hash-list', () => {
  it('adds, decides over everything, undoes', async () => {
    const added = await run(['hash-list', 'add', listed, '--malicious', '--note', 'case 12']);
    expect(added.code).toBe(0);
    const change = /undo (\d+)/.exec(added.err)?.[1] ?? '';
    const triaged = await run(['triage', '-', '--fail-on', 'malicious'], { stdin: listed });
    expect(triaged.code).toBe(3);
    expect(triaged.out).toMatch(/■ malicious .*Hash list/);
    expect((await run(['hash-list', 'undo', change])).code).toBe(0);
    expect((await run(['triage', '-', '--fail-on', 'malicious'], { stdin: listed })).code).toBe(0);
  });

  it('refuses a hash on both sides, and writes nothing', async () => {
    await run(['hash-list', 'add', listed, '--malicious']);
    const other = await run(['hash-list', 'add', listed, nobody, '--non-malicious']);
    expect(other.code).toBe(1);
    expect(other.err).toContain('Nothing was written');
    const { out } = await run(['hash-list', 'list', '--format', 'jsonl']);
    expect(objects(out)).toHaveLength(1);
    expect((await run(['hash-list', 'remove', listed])).code).toBe(0);
    expect((await run(['hash-list', 'remove', listed])).code).toBe(1);
  });

  it('takes hashes from standard input', async () => {
    const added = await run(['hash-list', 'add', '--non-malicious', '-'], { stdin: `a ${listed}\nb ${nobody}\n` });
    expect(added.err).toContain('2 added');
    await run(['hash-list', 'remove', '-'], { stdin: `${listed} ${nobody}` });
    expect((await run(['hash-list', 'list'])).err).toBe('No entries.\n');
  });

  it('imports what it exports, and names conflicts', async () => {
    const csv = put('team.csv', `hash,list,notes\n${listed},malicious,one\n${nobody},whitelist,two\n`);
    const dry = await run(['hash-list', 'import', '--dry-run', csv]);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('2 to add');
    expect((await run(['hash-list', 'import', csv])).code).toBe(0);
    const exported = await run(['hash-list', 'export']);
    expect(exported.out).toContain(listed);
    const again = await run(['hash-list', 'import', '-'], { stdin: exported.out });
    expect(again).toMatchObject({ code: 0, err: 'Nothing to change.\n' });
    const turned = put('turned.csv', `hash,list\n${listed},non-malicious\n`);
    const refused = await run(['hash-list', 'import', turned]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^turned\.csv: Line 2: 1{8}.*malicious/);
    expect((await run(['hash-list', 'import', '--take-file', turned])).code).toBe(0);
    const broken = put('broken.csv', `hash,list\n${listed.slice(2)},malicious\n${good},non-malicious\n`);
    expect((await run(['hash-list', 'import', broken])).code).toBe(1);
    expect((await run(['hash-list', 'import', '--skip-malformed', broken])).code).toBe(0);
    expect((await run(['hash-list', 'import', '--replace', put('empty.csv', 'hash,list\n')])).code).toBe(0);
    expect((await run(['hash-list', 'list'])).err).toBe('No entries.\n');
  });
});

describe('known-sets', () => {
  it('names a set whose file is gone with every answer it is missing from', async () => {
    await run(['known-sets', 'import', put('lost.txt', listed), '--name', 'Lost', '--mark', 'known-good']);
    const stored = join(data(), 'known-sets');
    for (const name of readdirSync(stored)) {
      rmSync(join(stored, name));
    }
    const { code, out, err } = await run(['triage', '-', '--format', 'json'], { stdin: listed });
    expect(code).toBe(0);
    expect(err).toMatch(/^Some answers are missing\. The known set Lost was left out: /m);
    const { intake, problems } = JSON.parse(out) as { intake: number; problems: string[] };
    expect(problems).toHaveLength(1);
    const shown = await run(['intakes', 'show', String(intake)]);
    expect(shown.err).toContain(problems[0]);
    // Taken away, it is missing from nothing.
    expect((await run(['known-sets', 'remove', 'Lost'])).code).toBe(0);
    expect((await run(['intakes', 'show', String(intake)])).err).not.toContain('Some answers are missing');
  });

  it('imports, replaces, lists and removes', async () => {
    const set = put('image.txt', `${nobody}\n${nobody}\n`);
    const argv = ['known-sets', 'import', set, '--name', 'Gold', '--edition', '1', '--mark', 'known-good'];
    const first = await run(argv);
    expect(first).toMatchObject({ code: 0, out: '' });
    expect(first.err).toContain('2 records = 1 digest + 1 duplicate');
    expect((await run(argv)).code).toBe(1);
    const answered = await run(['triage', '-', '--format', 'jsonl'], { stdin: nobody });
    expect(objects(answered.out)[0]).toMatchObject({ verdict: 'non-malicious', basis: { rule: 'known-good' } });
    const stdin = `${good}\n`;
    const second = await run(['known-sets', 'import', '-', '--name', 'Gold', '--edition', '2', '--replace'], { stdin });
    expect(second.code).toBe(0);
    const { out } = await run(['known-sets', 'list', '--format', 'json']);
    expect(JSON.parse(out)).toEqual([
      expect.objectContaining({ name: 'Gold', edition: '2', mark: 'known', sha256: 1 }),
    ]);
    expect((await run(['known-sets', 'remove', 'Gold'])).code).toBe(0);
    const gone = await run(['known-sets', 'remove', 'Gold']);
    expect(gone).toMatchObject({
      code: 1,
      err: 'assay: There is no known set "Gold". "assay known-sets list" names them.\n',
    });
  });

  it('shows which sets a sync job makes, and removes none of them', async () => {
    const database = await openInlineDatabase(data());
    const { id: jobId } = await database.write('createSyncJob', {
      name: 'Daily',
      config: defaultSyncJob(),
      lastModified: 0,
      now: 0,
    });
    const sets = createKnownSets(database, data(), { clock: { now: () => 1_795_305_600_000 } });
    const digests = { md5: new Uint8Array(), sha1: new Uint8Array(), sha256: Buffer.from(nobody, 'hex') };
    const made = { name: 'ThreatConnect rating 4', edition: 'Daily', mark: 'known', datedAt: 1_795_305_600 } as const;
    await sets.putMade(jobId, [{ ...made, content: 'a', digests }], AbortSignal.timeout(10_000));
    await database.close();
    const listing = await run(['known-sets', 'list']);
    expect(listing.out).toMatch(/ThreatConnect rating 4 +Daily +known +2026-11-22 .* ready, of sync job 1\n/);
    const refused = await run(['known-sets', 'remove', 'ThreatConnect rating 4']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('ThreatConnect rating 4 is made by the sync job Daily from the files it pulled');
    const shown = await run(['lookup', nobody]);
    expect(shown.out).toContain('The known set ThreatConnect rating 4 (edition Daily, dated 2026-11-22) holds it');
  });
});
