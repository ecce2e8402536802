import { parseDigest, type DigestKind, type DigestSet, type HexDigest } from '#shared/domain/hash.ts';
import { plainText } from '../own-words.ts';
import type { HashAnswer } from '../port.ts';
import { decide, judges, rawCodeOf, wordOf, wordsOf, type Verdict } from './verdict.ts';

const LONGEST_TEXT = 120;
/** Seconds since the epoch of 1 January 2100: later dates are mistakes. */
const LATEST = 4_102_444_800;

/** The digest that was asked about. */
export interface Asked {
  readonly hash: HexDigest;
  readonly kind: DigestKind;
}

/** Everything an answer holds about one file. */
export interface Said {
  readonly local: Verdict | null;
  readonly cloud: Verdict | null;
  /** All three digests of the file, or none: half a link is none. */
  readonly digests: DigestSet | null;
  /** SHA-1 of another file, whose verdict was carried over to this one. Shown, never linked. */
  readonly origin: string | null;
}

/** What the appliance and its cloud said, as the answer about the digest that was asked for. */
export function answerOf({ hash, kind }: Asked, said: Said): HashAnswer {
  const { local, cloud } = said;
  const { by, outcome, status } = decide(local, cloud);
  const deciding = by === 'cloud' ? cloud : local;
  const isThreat = status === 'malicious' || status === 'suspicious';
  return {
    hash,
    outcome,
    status,
    score: outcome === 'answer' ? (deciding?.risk ?? null) : null,
    threat: isThreat ? (deciding?.result ?? null) : null,
    rawCode: rawCodeOf(local, cloud),
    firstSeen: (by === 'cloud' ? null : local?.firstSeen) ?? cloud?.firstSeen ?? local?.firstSeen ?? null,
    digests: said.digests ?? { [kind]: hash },
    report: reportOf(said),
    note: noteOf(outcome, local),
  };
}

/** The fields of one side as a verdict; a text that is no documented word makes it null. */
export function verdictOf(fields: {
  readonly classification?: string | null | undefined;
  readonly riskscore?: number | null | undefined;
  readonly classification_result?: string | null | undefined;
  readonly classification_reason?: string | null | undefined;
  readonly firstSeen?: string | null | undefined;
  readonly lastSeen?: string | null | undefined;
}): Verdict | null {
  const text = fields.classification ?? '';
  const word = text.trim() === '' ? null : wordOf(text);
  return word === null && text.trim() !== ''
    ? null
    : {
        word,
        risk: fields.riskscore ?? null,
        result: shown(fields.classification_result),
        reason: shown(fields.classification_reason),
        firstSeen: timeOf(fields.firstSeen),
        lastSeen: timeOf(fields.lastSeen),
      };
}

/** A digest of this kind; null for anything else, such as one of another length. */
export function digestOf(text: string | null | undefined, kind: DigestKind): HexDigest | null {
  const digest = parseDigest(text ?? '');
  return digest?.kind === kind ? digest.hex : null;
}

/** The three digests of a file; null when one is missing or malformed. */
export function digestsOf(fields: {
  readonly md5?: string | null | undefined;
  readonly sha1?: string | null | undefined;
  readonly sha256?: string | null | undefined;
}): DigestSet | null {
  const md5 = digestOf(fields.md5, 'md5');
  const sha1 = digestOf(fields.sha1, 'sha1');
  const sha256 = digestOf(fields.sha256, 'sha256');
  return md5 === null || sha1 === null || sha256 === null ? null : { md5, sha1, sha256 };
}

/** The SHA-1 of the file a verdict came from, when it is another one than the file with the SHA-1 `own`. */
export function originOf(sha1: string | null | undefined, own: string | null | undefined): string | null {
  const origin = digestOf(sha1, 'sha1');
  return origin === digestOf(own, 'sha1') ? null : origin;
}

function reportOf({ local, cloud, origin }: Said): Readonly<Record<string, unknown>> {
  return told({
    appliance: local === null ? null : sideOf(local),
    cloud: cloud === null || cloud.word === null ? null : sideOf(cloud),
    disagreement: disagreementOf(local, cloud),
    verdictComesFrom: origin,
  });
}

function sideOf({ word, risk, result, reason, firstSeen, lastSeen }: Verdict): Readonly<Record<string, unknown>> {
  return told({ classification: word ?? 'not processed yet', risk, result, reason, firstSeen, lastSeen });
}

/** A sentence where both judge the file, differently; the appliance's word is the one that counts. */
function disagreementOf(local: Verdict | null, cloud: Verdict | null): string | null {
  return judges(local) && judges(cloud) && local?.word !== cloud?.word
    ? `The file is ${wordsOf(rawCodeOf(local, cloud))}; the appliance's word counts.`
    : null;
}

function noteOf(outcome: HashAnswer['outcome'], local: Verdict | null): string | null {
  if (outcome === 'pending') {
    return 'The appliance has the file and has not processed it yet.';
  }
  return outcome === 'not-known' && local !== null ? 'The appliance has the file and no verdict on it.' : null;
}

function shown(text: string | null | undefined): string | null {
  return plainText(text ?? '', LONGEST_TEXT) || null;
}

/** Seconds since the epoch of an ISO 8601 time, with or without fractions; without a zone it is UTC. */
function timeOf(text: string | null | undefined): number | null {
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text?.trim() ?? '');
  const at = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? 'Z'}`) / 1000;
  return Number.isNaN(at) || at <= 0 || at > LATEST ? null : at;
}

function told(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
