import { createHash } from 'node:crypto';
import { drawFrom } from '../server/draw.ts';
import type { Classification, Shelved } from './shelf.ts';

/** Fields that come only when they are asked for by name. */
const ON_REQUEST = ['ticore', 'ticloud', 'summary', 'aliases'];
const FAMILIES = ['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Larch', 'Maple', 'Rowan'] as const;
const DAY = 86_400;
const FIRST_DAY = Date.UTC(2016, 0, 1) / 1000;
const YEARS_OF_FILES = 10;

/** One entry of `POST /api/samples/v2/list/` with the fields that were asked for, all usual ones when none were. */
export function sampleEntry(
  file: Shelved,
  fields: readonly string[] | null,
  now: number,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  const without = new Set(file.odd.without);
  const all: Readonly<Record<string, unknown>> = { ...allFields(file, now), ...file.odd.with, ...more };
  const named = fields ?? Object.keys(all).filter((name) => !ON_REQUEST.includes(name));
  return Object.fromEntries(named.filter((name) => name in all && !without.has(name)).map((name) => [name, all[name]]));
}

/** Names a list may be asked for. */
export function isField(name: string): boolean {
  return FIELD_NAMES.has(name);
}

/** What `GET /api/samples/v3/{hash}/classification/` tells about a file, by the appliance or by its cloud. */
export function classificationOf(file: Shelved, by: 'appliance' | 'cloud', now: number): unknown {
  const { record, odd } = file;
  const word = by === 'appliance' ? file.local : file.cloud;
  const times = timesOf(file, now);
  const without = new Set(odd.without);
  const fields = {
    classification: word,
    riskscore: riskOf(word, record.draw.at(2)),
    first_seen: iso(by === 'appliance' ? times.localFirst : times.cloudFirst),
    last_seen: iso(by === 'appliance' ? times.localLast : times.cloudLast),
    classification_result: nameOf(file, word),
    classification_reason: word === null ? null : 'Antivirus',
    classification_origin: originOf(file, word),
    cloud_last_lookup: by === 'cloud' ? iso(Math.floor(now / 1000)) : null,
    data_source: by === 'appliance' ? 'LOCAL' : 'TICLOUD',
    sha1: record.sha1,
    sha256: record.sha256,
    md5: record.md5,
    ...odd.with,
  };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !without.has(name)));
}

/** The same about a hash that nobody knows. */
export const NOBODY_KNOWS = {
  classification: 'unknown',
  riskscore: null,
  first_seen: null,
  last_seen: null,
  classification_result: null,
  classification_reason: null,
  classification_origin: null,
  cloud_last_lookup: null,
  data_source: 'TICLOUD',
  sha1: null,
  sha256: null,
  md5: null,
} as const;

function allFields(file: Shelved, now: number): Readonly<Record<string, unknown>> {
  const { record, local } = file;
  const times = timesOf(file, now);
  return {
    id: 1 + Math.floor(record.draw.at(0) * 1_000_000),
    sha1: record.sha1,
    sha256: record.sha256,
    sha512: createHash('sha512').update(`simulated file ${record.sha256}`).digest('hex'),
    md5: record.md5,
    category: 'application',
    file_type: 'PE',
    file_subtype: 'Exe',
    file_size: 512 + Math.floor(record.draw.at(6) * 4_000_000),
    identification_name: '',
    identification_version: '',
    extracted_file_count: Math.floor(record.draw.at(7) * 40),
    classification: local,
    riskscore: riskOf(local, record.draw.at(2)),
    classification_result: nameOf(file, local),
    classification_reason: local === null ? null : 'antivirus',
    classification_source: 513,
    classification_origin: originOf(file, local),
    local_first_seen: iso(times.localFirst, '.929115'),
    local_last_seen: iso(times.localLast, '.855554'),
    tags: { ticore: ['entropy-high'], user: [] },
    av_scanners_summary: { scanner_count: 31, scanner_match: local === 'malicious' ? 20 : 0, vendor_count: 21 },
    aliases: [`${record.sha1.slice(0, 8)}.exe`],
    summary: { id: 1, sha1: record.sha1, indicators: [], unpacking_status: { failed: 0, success: 1, partial: 0 } },
    ticloud: file.cloud === null ? null : cloudPart(file, file.cloud, times),
    ticore: { story: `This file (SHA1: ${record.sha1}) is simulated.` },
  };
}

const FIELD_NAMES: ReadonlySet<string> = new Set([
  'id',
  'sha1',
  'sha256',
  'sha512',
  'md5',
  'category',
  'file_type',
  'file_subtype',
  'file_size',
  'identification_name',
  'identification_version',
  'extracted_file_count',
  'classification',
  'riskscore',
  'classification_result',
  'classification_reason',
  'classification_source',
  'classification_origin',
  'local_first_seen',
  'local_last_seen',
  'tags',
  'av_scanners_summary',
  ...ON_REQUEST,
]);

function cloudPart(file: Shelved, word: Classification, times: ReturnType<typeof timesOf>): unknown {
  return {
    classification: word,
    riskscore: riskOf(word, file.record.draw.at(5)),
    first_seen: iso(times.cloudFirst),
    last_seen: iso(times.cloudLast),
    classification_result: nameOf(file, word),
    classification_reason: 'antivirus',
  };
}

/** Goodware 0 to 5, suspicious 5 to 10, malicious 6 to 10; where no threats were found there is none. */
function riskOf(word: Classification | null, share: number): number | null {
  const spans = { malicious: [6, 10], suspicious: [5, 10], goodware: [0, 5] } as const;
  if (word === null || word === 'unknown') {
    return null;
  }
  const [least, most] = spans[word];
  return least + Math.floor(share * (most - least + 1));
}

function nameOf({ record }: Shelved, word: Classification | null): string | null {
  const family = FAMILIES[Math.floor(record.draw.at(5) * FAMILIES.length)] ?? FAMILIES[0];
  return word === 'malicious' ? `Win32.Trojan.${family}` : word === 'suspicious' ? `Win32.PUA.${family}` : null;
}

/** A verdict that was carried over names the other file by all its digests, and by an import hash as long as an MD5. */
function originOf({ record }: Shelved, word: Classification | null): unknown {
  const draw = drawFrom(`origin/${record.sha256}`);
  if ((word !== 'malicious' && word !== 'suspicious') || draw.at(0) >= 0.4) {
    return null;
  }
  const digest = (algorithm: string): string =>
    createHash(algorithm).update(`origin of ${record.sha256}`).digest('hex');
  return {
    sha1: digest('sha1'),
    sha256: digest('sha256'),
    sha512: digest('sha512'),
    md5: digest('md5'),
    imphash: createHash('md5').update(`imports of ${record.sha256}`).digest('hex'),
  };
}

/** Seconds since the epoch. The cloud saw most files years before an appliance did. */
function timesOf({ record }: Shelved, now: number) {
  const today = Math.floor(now / 1000 / DAY) * DAY;
  const drawn = FIRST_DAY + Math.floor(record.draw.at(3) * YEARS_OF_FILES * 365) * DAY;
  const cloudFirst = Math.min(drawn, today - DAY);
  const localFirst = Math.max(cloudFirst, today - Math.floor(record.draw.at(4) * 400) * DAY);
  return { cloudFirst, cloudLast: today, localFirst, localLast: Math.max(localFirst, today - DAY) };
}

function iso(seconds: number, fraction = ''): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction}Z`;
}
