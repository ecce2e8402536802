import type { FileRecord } from '../server/world.ts';
import { engineResults, engineStats } from './engines.ts';

/** What is odd about a file object: attributes put in, attributes left out, another id or type. */
export interface Oddity {
  readonly with?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  readonly id?: string;
  readonly type?: string;
}

interface FileType {
  readonly description: string;
  readonly extension: string;
  readonly tags: readonly string[];
}

const DAY = 86_400;
const FIRST_DAY = Date.UTC(2015, 0, 1) / 1000;
const YEARS_OF_FILES = 11;
const FAMILIES: readonly [string, ...string[]] = ['alder', 'birch', 'cedar', 'elm', 'hazel', 'larch', 'maple', 'rowan'];
const TYPES: readonly [FileType, ...FileType[]] = [
  { description: 'Win32 EXE', extension: 'exe', tags: ['peexe', '64bits'] },
  { description: 'Win32 DLL', extension: 'dll', tags: ['pedll'] },
  { description: 'PDF', extension: 'pdf', tags: ['pdf'] },
  { description: 'Office Open XML Document', extension: 'docx', tags: ['docx', 'macros'] },
  { description: 'ZIP', extension: 'zip', tags: ['zip', 'contains-pe'] },
  { description: 'ELF', extension: 'elf', tags: ['elf'] },
];

/** A file as `GET /files/{id}` gives it; docs.virustotal.com/reference/files. `now`: milliseconds since the epoch. */
export function fileObject(record: FileRecord, now: number, odd: Oddity): unknown {
  const without = new Set(odd.without);
  const attributes = Object.entries({ ...attributesOf(record, now), ...odd.with });
  return {
    data: {
      id: odd.id ?? record.sha256,
      type: odd.type ?? 'file',
      links: { self: `https://www.virustotal.com/api/v3/files/${record.sha256}` },
      attributes: Object.fromEntries(attributes.filter(([name]) => !without.has(name))),
    },
  };
}

function attributesOf(record: FileRecord, now: number): Readonly<Record<string, unknown>> {
  const { draw, status } = record;
  const type = pick(TYPES, draw.at(7));
  const family = pick(FAMILIES, draw.at(5));
  const name = `${family}-${record.sha256.slice(0, 6)}.${type.extension}`;
  const today = Math.floor(now / 1000 / DAY) * DAY;
  const first = Math.min(FIRST_DAY + Math.floor(draw.at(3) * YEARS_OF_FILES * 365) * DAY, today - DAY);
  const stats = engineStats(record);
  const analysed = status !== 'pending';
  return {
    md5: record.md5,
    sha1: record.sha1,
    sha256: record.sha256,
    size: 512 + Math.floor(draw.at(6) * 4_000_000),
    type_description: type.description,
    meaningful_name: name,
    names: [name, `copy of ${name}`],
    tags: type.tags,
    first_submission_date: first,
    last_submission_date: Math.max(first, today - Math.floor(draw.at(4) * 90) * DAY),
    last_modification_date: today,
    ...(analysed ? { last_analysis_date: today - Math.floor(draw.at(2) * 30) * DAY } : {}),
    last_analysis_stats: stats,
    last_analysis_results: engineResults(stats, `Trojan.Simulated.${family}`),
    times_submitted: 1 + Math.floor(draw.at(1) * 40),
    reputation: status === 'malicious' ? -20 : 0,
    total_votes: { harmless: status === 'non-malicious' ? 1 : 0, malicious: status === 'malicious' ? 3 : 0 },
    ...(status === 'malicious' ? { popular_threat_classification: threatOf(family, stats.malicious) } : {}),
    ...(status === 'non-malicious' && draw.at(0) < 0.1 ? { trusted_verdict: trustedVerdict(name) } : {}),
  };
}

function threatOf(family: string, engines: number): unknown {
  return {
    suggested_threat_label: `trojan.simulated/${family}`,
    popular_threat_category: [{ value: 'trojan', count: engines }],
    popular_threat_name: [
      { value: 'simulated', count: engines },
      { value: family, count: Math.ceil(engines / 2) },
    ],
  };
}

function trustedVerdict(filename: string): unknown {
  return { filename, link: '', organization: 'Simulated Software', verdict: 'goodware' };
}

function pick<T>(list: readonly [T, ...T[]], share: number): T {
  return list[Math.floor(share * list.length)] ?? list[0];
}
