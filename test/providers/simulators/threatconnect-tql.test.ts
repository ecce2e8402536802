import { describe, expect, it } from 'vitest';
import { parseTql } from '#main/simulators/threatconnect/tql/parse.ts';
import type { ThreatConnectSimulator } from '#main/simulators/threatconnect/simulator.ts';
import { closeAfterEach, DAY_MS, matching, NOW, ORGANIZATION, started } from './threatconnect-stage.ts';

closeAfterEach();

const MD5 = 'A'.repeat(32);
const SHA256 = 'B'.repeat(64);
const FILE = `${MD5} : ${SHA256}`;

/** Five indicators that differ in everything a query can name. */
async function filled(): Promise<ThreatConnectSimulator> {
  const simulator = await started();
  const { control } = simulator;
  control.put({
    id: 10,
    owner: ORGANIZATION,
    type: 'Address',
    summary: '22.1.2.3',
    rating: 3.5,
    confidence: 0,
    threatAssess: 400,
    tags: ['Loader', `O'Malley "x"`, 'T1566 - Phishing'],
    lastModified: NOW - 2 * DAY_MS,
    dateAdded: NOW - 90 * DAY_MS,
  });
  control.put({ id: 20, owner: 'Partner', type: 'Address', summary: '3ffe:1:0:0:0:0:0:9', tags: ['loader'] });
  control.put({
    id: 30,
    owner: 'Partner',
    type: 'File',
    md5: MD5.toLowerCase(),
    sha256: SHA256,
    size: 1024,
    rating: 5,
    confidence: 90,
    falsePositives: 4,
    lastFalsePositive: NOW - DAY_MS,
    lastModified: NOW - 40 * DAY_MS,
  });
  control.put({
    id: 40,
    owner: ORGANIZATION,
    type: 'Host',
    summary: 'a_b%c.example',
    source: String.raw`share\x`,
    description: 'two\nlines',
    tags: ['other', 'Loader'],
    lastModified: Date.UTC(2025, 11, 31, 23, 30),
  });
  control.put({ id: 50, owner: ORGANIZATION, type: 'Registry Key', summary: 'HKLM\\x', active: false });
  return simulator;
}

const A4 = '22.1.2.3';
const A6 = '3ffe:1:0:0:0:0:0:9';
const HOST = 'a_b%c.example';

const MATCHES: readonly [tql: string, summaries: readonly string[]][] = [
  // Word forms, doubles and case.
  ['typeName = "File"', [FILE]],
  ['TYPENAME == "File"', [FILE]],
  ['typename eq "File"', [FILE]],
  ['typeName EQUALS "File"', [FILE]],
  ['typeName = "file"', []],
  ['typeName != "Address"', [FILE, HOST]],
  ['typeName ne "Address"', [FILE, HOST]],
  ['rating > 3.5', [FILE]],
  ['rating GT 3.4', [A4, FILE]],
  ['rating >= 3.5', [A4, FILE]],
  ['rating geq 5', [FILE]],
  ['rating < 5', [A4]],
  ['rating LT 5 ', [A4]],
  ['rating <= 5', [A4, FILE]],
  ['rating leq 3.5', [A4]],
  // Lists.
  ['typeName in ("File","Host")', [FILE, HOST]],
  ["typeName IN ( 'File' )", [FILE]],
  ['typeName not in ("File","Host")', [A4, A6]],
  ['id in (10, 40)', [A4, HOST]],
  ['id NOT IN (10,40)', [A6, FILE]],
  // Parts of texts; only the percent sign stands for something.
  ['summary like "22.%.3"', [A4]],
  ['summary like "22.1.2"', []],
  ['summary like "a_b%"', [HOST]],
  ['summary like "a.b%"', []],
  ['summary not like "%example"', [A4, A6, FILE]],
  ['summary contains "b%c"', [HOST]],
  ['summary NOT CONTAINS ":"', [A4, HOST]],
  ['summary startswith "3ffe"', [A6]],
  ['summary not startswith "3ffe"', [A4, FILE, HOST]],
  ['summary endswith ".EXAMPLE"', []],
  ['summary EndsWith ".example"', [HOST]],
  ['summary not endswith ".example"', [A4, A6, FILE]],
  // Nothing there: no comparison is met, a negated one neither.
  ['rating is null', [A6, HOST]],
  ['rating IS NOT NULL', [A4, FILE]],
  ['confidence >= 0', [A4, FILE]],
  ['confidence != 90', [A4]],
  ['rating not in (5)', [A4]],
  ['tag is null', [FILE]],
  ['lastSeen is null', [A4, A6, FILE, HOST]],
  // Joining: AND binds closer than OR.
  ['id = 10 or id = 20 and rating > 1', [A4]],
  ['(id = 10 or id = 20) and rating > 1', [A4]],
  ['id = 20 AND rating > 1 OR id = 30', [FILE]],
  ['id = 20 and (rating > 1 or id = 20)', [A6]],
  ['((((id = 10))))', [A4]],
  // Texts.
  [`source = "share\\\\x"`, [HOST]],
  [`tag = 'O\\'Malley "x"'`, [A4]],
  [`tag = "O'Malley \\"x\\""`, [A4]],
  ['description = "two\nlines"', [HOST]],
  // Numbers and other kinds.
  ['falsePositiveCount <= 3', [A4, A6, HOST]],
  ['threatAssessScore >= 400', [A4]],
  ['fileSize = 1024', [FILE]],
  ['confidence > -1', [A4, FILE]],
  [`value1 = "${MD5}"`, [FILE]],
  ['value2 is null and typeName = "File"', [FILE]],
  [`value3 = "${SHA256}"`, [FILE]],
  ['value1 = "22.1.2.3"', [A4]],
  ['owner = 1', [A4, HOST]],
  ['type in (1)', [A4, A6]],
  ['addressIsIpv6 = true', [A6]],
  ['addressIsIpv6 = FALSE', [A4]],
  ['addressIsIpv6 != true', [A4]],
  ['addressCidr = "22.1.0.0/16"', [A4]],
  ['addressCidr in ("10.0.0.0/8", "3ffe::/16")', [A6]],
  ['addressCidr != "22.1.0.0/16"', [A6]],
  // Inactive ones only when they are asked for.
  ['indicatorActive = true', [A4, A6, FILE, HOST]],
  ['indicatorActive = false', ['HKLM\\x']],
  ['id > 35 and (indicatorActive=true or indicatorActive=false)', [HOST, 'HKLM\\x']],
  ['typeName = "Registry Key"', []],
  // Moments: a second long, in UTC, or computed.
  ['lastModified >= "2026-01-01"', [A4, A6, FILE]],
  ['lastModified < "2026-01-01"', [HOST]],
  ['lastModified = "2025-12-31 23:30:00"', [HOST]],
  ['lastModified = "2025-12-31T23:30:00Z"', [HOST]],
  ['lastModified = "2026-01-01T01:30:00+02:00"', [HOST]],
  ['lastModified <= "2025-12-31 23:29:59"', []],
  ['lastModified > "NOW() - 30 DAYS"', [A4, A6]],
  ['lastModified > "now() - 49 hours"', [A4, A6]],
  ['lastModified > "NOW() - 47 HOURS"', [A6]],
  ['lastModified > "NOW() - 1 WEEK"', [A4, A6]],
  ['lastModified > "NOW() - 1 MONTH"', [A4, A6]],
  ['lastModified >= "TODAY()"', [A6]],
  ['lastModified >= "TODAY() - 2 days"', [A4, A6]],
  ['lastFalsePositive > "2026-02-27"', [FILE]],
  ['dateAdded < "NOW() - 80 DAYS"', [A4]],
  // Tags: direct, and by sub-query.
  ['tag in ("loader")', [A6]],
  ['tag in ("Loader")', [A4, HOST]],
  // As a join: another tag matches, and who has none does not.
  ['tag not in ("Loader")', [A4, A6, HOST]],
  ['hasTag(name in ("Loader", "none"))', [A4, HOST]],
  ['HASTAG(summary in ("LOADER"))', [A4, A6, HOST]],
  ['hasTag(summary contains "MALLEY")', [A4]],
  ['hasTag(name startswith "T1" or name = "other")', [A4, HOST]],
  ['hasTag(techniqueId = "T1566")', [A4]],
  ['hasTag(techniqueId is not null)', [A4]],
  ['hasTag(ownerName = "Partner" and lastUsed >= "TODAY()")', [A6]],
  ['hasAllTags(name in ("Loader", "other"))', [HOST]],
  ['hasGroup(id in (10,15))', []],
  ['hasGroup(id in (10,15)) or id = 10', [A4]],
];

describe('a query', () => {
  it.each(MATCHES)('%s', async (tql, summaries) => {
    expect(await matching(await filled(), tql)).toEqual(summaries);
  });

  it('without a time zone means the one of the instance', async () => {
    const simulator = await filled();
    simulator.quirk({ zoneMinutes: 60 });
    expect(await matching(simulator, 'lastModified = "2026-01-01 00:30:00"')).toEqual([HOST]);
    expect(await matching(simulator, 'lastModified = "2025-12-31T23:30:00Z"')).toEqual([HOST]);
  });

  it('may meet instances that take no ids, count nothing where nothing was reported, or hold back what is owned', async () => {
    const simulator = await filled();
    simulator.quirk({ hasNullCounts: true });
    expect(await matching(simulator, 'falsePositiveCount <= 3')).toEqual([]);
    expect(await matching(simulator, 'falsePositiveCount <= 3 or falsePositiveCount is null')).toHaveLength(3);
    simulator.quirk({ idComparison: 'ignored' });
    expect(await matching(simulator, 'id > 30 and typeName = "Address"')).toEqual([A4, A6]);
    simulator.quirk({ idComparison: 'refused' });
    expect(await matching(simulator, 'typeName = "Address" and id > 30')).toMatch(/0x2001.*position 25.*"id"/);
    simulator.quirk({ ownerlessIsOrganization: true });
    expect(await matching(simulator, 'typeName = "Address"')).toEqual([A4]);
    expect(await matching(simulator, 'ownerName in ("Partner")')).toEqual([A6, FILE]);
  });
});

const REFUSED: readonly [tql: string, position: number][] = [
  ['typeName', 8],
  ['typeName =', 10],
  ['typeName = File', 11],
  ['typeName = "File" rating > 1', 18],
  ['typeName = "File" and', 21],
  ['(typeName = "File"', 18],
  ['typeName = "File")', 17],
  ['typeName = "File', 11],
  ['typeName in ()', 13],
  ['typeName in ("File",)', 20],
  ['typeName in ("File"', 19],
  ['typeName in "File"', 12],
  ['typeName is "File"', 12],
  ['typeName not = "File"', 13],
  ['not typeName = "File"', 0],
  ['not hasTag(name = "x")', 0],
  ['hasTag(name = "x"', 17],
  ['hasTag()', 7],
  ['hasTag(rating > 3)', 7],
  ['hasNothing(id = 1)', 0],
  ['name = "x"', 0],
  ['active = true', 0],
  ['rating > "3"', 9],
  ['rating contains 3', 0],
  ['confidence = 1.5', 13],
  ['indicatorActive = "true"', 18],
  ['indicatorActive > true', 0],
  ['typeName = 5', 11],
  ['lastModified > "yesterday"', 15],
  ['lastModified > "2026-02-30"', 15],
  ['lastModified > "2026-02-03 24:61:00"', 15],
  ['lastModified > NOW()', 15],
  ['lastModified > 1700000000', 15],
  ['addressCidr = "10.0.0.0/33"', 14],
  ['rating > 3; drop', 10],
  ['rating & 3', 7],
  ['rating constructor 3', 7],
  ['rating > 3a', 9],
  [String.raw`summary = "a\nb"`, 12],
  ['rating = null', 9],
];

describe('what is no query', () => {
  it.each(REFUSED)('%s', async (tql, position) => {
    expect(await matching(await filled(), tql)).toMatch(
      new RegExp(`^0x2001 Error parsing TQL at position ${position}: .`),
    );
  });

  it('ends early where parentheses never do', async () => {
    const deep = `${'('.repeat(3000)}id = 1${')'.repeat(3000)}`;
    expect(() => parseTql(deep)).toThrow(/parentheses/);
  });
});
