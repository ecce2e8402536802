import * as fc from 'fast-check';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_FILE } from '#shared/domain/empty-file.ts';
import { DIGEST_KINDS, type HexDigest } from '#shared/domain/hash.ts';
import { createJudge } from '#main/services/triage/judge.ts';
import { standingOf, type FileDigest, type Standing } from '#main/services/triage/standing.ts';
import { anyChanges, anyPolicy, anyRows, anySets, apply, clear } from '../triage/random-world.ts';
import {
  createWorld,
  emptyVerdictColumns,
  entriesOf,
  kindOf,
  md5,
  NOW,
  POLICY,
  sha1,
  sha256,
  verdictsOf,
  type World,
} from '../triage/world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const file = (...hexes: readonly string[]): FileDigest[] =>
  hexes.map((hash) => ({ kind: kindOf(hash), hash: hash as HexDigest }));
const stand = (...hexes: readonly string[]): Standing | undefined =>
  standingOf(world.context, [file(...hexes)]).standings[0];

describe('who says that a file is harmless', () => {
  it('nobody, of a file nobody knows', () => {
    expect(stand(md5(1), sha256(1))).toEqual({ status: 'unknown', harmless: null });
  });

  it('the hash list, by each digest of the file, with the note of the entry', () => {
    world.listed('non-malicious', { sha1: sha1(1) });
    expect(stand(md5(1), sha1(1), sha256(1))?.harmless).toEqual({
      reason: 'hash-list',
      by: 'The hash list says non-malicious (SHA-1, added 2027-01-14): a note.',
    });
  });

  it('the hash list, by another digest of the same file that a source tied to it', () => {
    world.file({ md5: md5(1), sha256: sha256(1) }, [], 0);
    world.listed('non-malicious', { sha256: sha256(1) });
    expect(stand(md5(1))?.harmless).toMatchObject({ reason: 'hash-list' });
  });

  it('no entry that has expired', () => {
    world.listed('non-malicious', { sha256: sha256(1) }, NOW - 1);
    expect(stand(sha256(1))).toEqual({ status: 'unknown', harmless: null });
  });

  it('the hash list even where it says malicious, too: that takes a person', () => {
    world.listed('non-malicious', { sha256: sha256(1) });
    world.listed('malicious', { sha256: sha256(1) });
    expect(stand(sha256(1))).toMatchObject({ status: 'malicious', harmless: { reason: 'hash-list' } });
  });

  it('a known-good set, with its edition and date', () => {
    world.knownSet('known-good', [sha1(1)], 'NSRL');
    expect(stand(sha1(1), sha256(1))?.harmless).toEqual({
      reason: 'known-good',
      by: 'The known-good set NSRL (edition 1, dated 2026-06-29) holds its SHA-1.',
    });
  });

  it('a known-good set that holds another digest of the file', () => {
    world.file({ md5: md5(1), sha1: sha1(1) });
    world.knownSet('known-good', [sha1(1)], 'NSRL');
    expect(stand(md5(1))?.harmless).toMatchObject({ reason: 'known-good' });
  });

  it('no set that says only known, and none that says bad', () => {
    world.knownSet('known', [sha256(1)]);
    world.knownSet('known-bad', [sha256(2)]);
    expect([stand(sha256(1))?.harmless, stand(sha256(2))?.harmless]).toEqual([null, null]);
  });

  it('a known-good set in spite of a malicious answer, not in spite of the team', () => {
    world.knownSet('known-good', [sha256(1), sha256(2)]);
    world.file({ sha256: sha256(1) }, [{ status: 'malicious' }]);
    world.listed('malicious', { sha256: sha256(2) });
    expect(stand(sha256(1))).toMatchObject({ status: 'malicious', harmless: { reason: 'known-good' } });
    expect(stand(sha256(2))).toEqual({ status: 'malicious', harmless: null });
  });

  it('a source that says non-malicious, with its day', () => {
    world.file({ md5: md5(1), sha256: sha256(1) }, [{ status: 'non-malicious', source: 'wildfire' }]);
    expect(stand(md5(1))).toEqual({
      status: 'non-malicious',
      harmless: { reason: 'non-malicious', by: 'WildFire said non-malicious on 2027-01-15 (MD5).' },
    });
  });

  it('a source that says non-malicious against a suspicion, not against a malicious answer', () => {
    world.file({ sha256: sha256(1) }, [
      { status: 'non-malicious', source: 'wildfire' },
      { status: 'suspicious', source: 'virustotal' },
    ]);
    world.file({ sha256: sha256(2) }, [
      { status: 'non-malicious', source: 'wildfire' },
      { status: 'malicious', source: 'virustotal' },
    ]);
    expect(stand(sha256(1))?.harmless?.by).toMatch(/^WildFire said .*; VirusTotal says suspicious\.$/);
    expect(stand(sha256(2))?.harmless).toBeNull();
  });

  it('by the thresholds in force', () => {
    world.file({ sha256: sha256(1) }, [{ status: 'malicious', source: 'virustotal', score: 2 }]);
    const policy = { ...POLICY, thresholds: { virustotal: { malicious: 5, suspicious: 3 } } };
    const [low] = standingOf({ ...world.context, policy }, [file(sha256(1))]).standings;
    expect(low).toMatchObject({ status: 'non-malicious', harmless: { reason: 'non-malicious' } });
    expect(stand(sha256(1))).toEqual({ status: 'malicious', harmless: null });
  });

  it.each(DIGEST_KINDS)('everybody, of the empty file: %s', (kind) => {
    expect(stand(EMPTY_FILE[kind])?.harmless?.by).toMatch(/is that of the empty file\.$/);
  });

  it('no source that does not know it, or could not be asked', () => {
    world.file({ sha256: sha256(1) }, [{ status: 'unknown', noAnswer: 'not-known' }]);
    world.file({ sha256: sha256(2) }, [{ status: 'unknown', noAnswer: 'could-not-ask' }]);
    expect([stand(sha256(1))?.harmless, stand(sha256(2))?.harmless]).toEqual([null, null]);
  });
});

describe('the standing of files', () => {
  it('is the verdict a list with these rows shows, whatever is known', () => {
    fc.assert(
      fc.property(anyChanges, anySets, anyRows, anyPolicy, (changes, sets, some, policy) => {
        clear(world);
        apply(world, changes);
        for (const set of sets) {
          world.knownSet(set.mark, set.digests);
        }
        const context = { ...world.context, policy };
        const asserted = some.map((row) => ({ ...row, link: 'asserted' as const }));
        const { entries, rows } = entriesOf(asserted);
        const columns = emptyVerdictColumns(entries.length);
        createJudge().judge(context, entries, columns, () => false);
        const files = rows.map((row) => file(...DIGEST_KINDS.flatMap((kind) => row[kind] ?? [])));
        expect(standingOf(context, files).standings.map(({ status }) => status)).toEqual(
          verdictsOf(columns).map(({ status }) => status),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('names a set that is damaged and answers without it', () => {
    const id = world.knownSet('known-good', [sha256(1)], 'Broken');
    world.knownSet('known-good', [sha256(2)], 'Sound');
    const path = join(world.directory, 'known-sets', `${id}.acol`);
    const at = readFileSync(path).indexOf(Buffer.from(sha256(1), 'hex'));
    const handle = openSync(path, 'r+');
    writeSync(handle, Buffer.from([0xff]), 0, 1, at + 31);
    closeSync(handle);
    const looked = standingOf(world.context, [file(sha256(1)), file(sha256(2))]);
    expect(looked.standings.map(({ harmless }) => harmless?.reason ?? null)).toEqual([null, 'known-good']);
    expect(looked.problems).toEqual([
      expect.stringMatching(/The known set Broken was left out: its file .* is damaged/),
    ]);
  });
});
