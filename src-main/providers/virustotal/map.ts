import { parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import type { Status } from '#shared/domain/status.ts';
import type { HashAnswer, ProviderContext } from '../port.ts';
import { plainText } from '../own-words.ts';
import { compactReport } from './report.ts';
import { engineSchema, type FileAnswer, type FileAttributes } from './schema.ts';

/** Assay's own: VirusTotal names no thresholds. Five engines rarely agree on a harmless file; one is worth a look. */
export const DEFAULT_THRESHOLDS = { malicious: 5, suspicious: 1 } as const;
const LONGEST_THREAT = 120;

/** Engines that gave a verdict, by what they said. Those that timed out, failed or cannot read the type gave none. */
export interface Verdicts {
  readonly malicious: number;
  readonly suspicious: number;
  readonly undetected: number;
  readonly harmless: number;
}

/** An answer about the file that was asked for, or why it cannot be one. */
export type Mapped =
  | { readonly kind: 'answer'; readonly answer: HashAnswer }
  | { readonly kind: 'other-file'; readonly why: string };

/** What a file object says about the digest that was asked for. Never an answer about another file. */
export function mapFile(
  file: FileAnswer,
  asked: { readonly hash: HexDigest; readonly kind: DigestKind },
  threshold: ProviderContext['threshold'],
): Mapped {
  const { attributes } = file.data;
  const why = contradiction(file, asked);
  if (why !== null) {
    return { kind: 'other-file', why };
  }
  const verdicts = countVerdicts(attributes);
  const status = verdicts === null ? 'pending' : statusOf(verdicts, threshold);
  const answer: HashAnswer = {
    hash: asked.hash,
    outcome: status === 'pending' ? 'pending' : 'answer',
    status,
    score: verdicts === null ? null : scoreOf(verdicts, threshold),
    threat: threatOf(attributes),
    rawCode: rawCodeOf(verdicts ?? NO_VERDICTS),
    firstSeen: attributes.first_submission_date ?? null,
    digests: digestsOf(file, asked),
    report: compactReport(attributes),
    note: status === 'pending' ? 'VirusTotal has the file; no engine has given a verdict yet.' : null,
  };
  return { kind: 'answer', answer };
}

const NO_VERDICTS: Verdicts = { malicious: 0, suspicious: 0, undetected: 0, harmless: 0 };

/** The counts as short text, e.g. `m=5 s=1 u=60 h=0`. */
export function rawCodeOf({ malicious, suspicious, undetected, harmless }: Verdicts): string {
  return `m=${malicious} s=${suspicious} u=${undetected} h=${harmless}`;
}

/** Why the file is not the one that was asked for, or null. A digest that is missing or malformed contradicts nothing. */
function contradiction(
  file: FileAnswer,
  asked: { readonly hash: HexDigest; readonly kind: DigestKind },
): string | null {
  const id = parseDigest(file.data.id);
  if (id?.kind !== 'sha256') {
    return 'its id is no SHA-256';
  }
  const { attributes } = file.data;
  const own = digestOf(attributes.sha256, 'sha256');
  if (own !== null && own !== id.hex) {
    return 'its id and its SHA-256 differ';
  }
  const said = asked.kind === 'sha256' ? id.hex : digestOf(attributes[asked.kind], asked.kind);
  return said === null || said === asked.hash ? null : 'it is about another file';
}

function digestOf(text: string | null | undefined, kind: DigestKind): HexDigest | null {
  const digest = parseDigest(text ?? '');
  return digest?.kind === kind ? digest.hex : null;
}

/** All three digests, or the asked one alone when any is missing or malformed: half a link is none. */
function digestsOf(file: FileAnswer, asked: { readonly hash: HexDigest; readonly kind: DigestKind }): DigestSet {
  const { attributes, id } = file.data;
  const md5 = digestOf(attributes.md5, 'md5');
  const sha1 = digestOf(attributes.sha1, 'sha1');
  const sha256 = digestOf(attributes.sha256, 'sha256') === null ? null : digestOf(id, 'sha256');
  return md5 === null || sha1 === null || sha256 === null ? { [asked.kind]: asked.hash } : { md5, sha1, sha256 };
}

/** Null when no engine has given a verdict: without results, or when all that answered could not tell. */
function countVerdicts(attributes: FileAttributes): Verdicts | null {
  const results = Object.values(attributes.last_analysis_results ?? {});
  if (results.length === 0) {
    return null;
  }
  const stats = attributes.last_analysis_stats;
  const verdicts =
    stats === null || stats === undefined
      ? countCategories(results)
      : {
          malicious: stats.malicious ?? 0,
          suspicious: stats.suspicious ?? 0,
          undetected: stats.undetected ?? 0,
          harmless: stats.harmless ?? 0,
        };
  const { malicious, suspicious, undetected, harmless } = verdicts;
  return malicious + suspicious + undetected + harmless === 0 ? null : verdicts;
}

/** The sums are the engines' categories counted; where only the engines came, they are counted here. */
function countCategories(results: readonly unknown[]): Verdicts {
  const categories = results.map((result) => engineSchema.safeParse(result).data?.category);
  const count = (category: string): number => categories.filter((one) => one === category).length;
  return {
    malicious: count('malicious'),
    suspicious: count('suspicious'),
    undetected: count('undetected'),
    harmless: count('harmless'),
  };
}

function statusOf(verdicts: Verdicts, threshold: ProviderContext['threshold']): Status {
  const { malicious, suspicious } = verdicts;
  if (malicious >= (threshold.malicious ?? DEFAULT_THRESHOLDS.malicious)) {
    return 'malicious';
  }
  const flagging = malicious + suspicious;
  return flagging >= (threshold.suspicious ?? DEFAULT_THRESHOLDS.suspicious) ? 'suspicious' : 'non-malicious';
}

/**
 * One number that both thresholds can be held against: engines that say malicious once those suffice, else all that
 * flag it, kept below the malicious threshold so that suspicious ones never make it malicious.
 */
function scoreOf({ malicious, suspicious }: Verdicts, threshold: ProviderContext['threshold']): number {
  const enough = threshold.malicious ?? DEFAULT_THRESHOLDS.malicious;
  return malicious >= enough ? malicious : Math.max(0, Math.min(malicious + suspicious, enough - 1));
}

function threatOf(attributes: FileAttributes): string | null {
  const classified = attributes.popular_threat_classification;
  const label = classified?.suggested_threat_label ?? classified?.popular_threat_name?.[0]?.value ?? '';
  return plainText(label, LONGEST_THREAT) || null;
}
