import type { DigestKind } from '#shared/domain/hash.ts';
import { classifyName, nameInParts } from '../../names/classify-name.ts';
import { isFileIdName } from '../../names/file-id.ts';
import { remembered } from '../../names/remembered.ts';
import { stemOf } from '../../names/stem.ts';

/** What the value of a key is taken for. */
export type KeyRole =
  /** A digest of a kind the key names: anything else in it is damaged. */
  | 'digest'
  /** A digest if it looks like one, of whatever kind its length or a key beside it says. */
  | 'any'
  /** Looks like a digest and is none of a file. */
  | 'never'
  /** Names a record, a machine, a session: never a digest, save for objects of VirusTotal. */
  | 'id'
  | 'name'
  | 'size'
  /** May name the algorithm of a digest beside it, or what kind of object this is. */
  | 'type'
  /** Kept as written for a format that knows this key. */
  | 'field'
  | 'other';

/** What one key says. Two keys of one object whose rules have the same stem speak of the same file. */
export interface KeyRule {
  readonly name: string;
  readonly role: KeyRole;
  /** Of an `id`: what its value is when it has the form of one (see sha1OfFileId). */
  readonly digest: DigestKind | null;
  /** What values of `never` and `id` are counted under. */
  readonly setAside: string;
  /** What is left of the key without words for digests and files: `initiating-process` of `InitiatingProcessSHA256`. */
  readonly stem: string;
  /** Of names the one with the highest rank is kept: path, file name, plain name. */
  readonly rank: number;
  /** True when the key itself says that its value is a digest; else only an algorithm beside it can promise one. */
  readonly isPromise: boolean;
  /** An object under this key says more about the file of the object around it: `hashes`, `attributes`. */
  readonly isContainer: boolean;
  /** True for keys that the Elastic Common Schema has in `event`, whose `hash` is one of the text of a log line. */
  readonly isOfLog: boolean;
  /** Digests anywhere below this key are counted under this name: `sections`, `x509`. */
  readonly scope: string | null;
}

/** What digests are counted under that our own documents state besides their rows. */
export const OWN_SCOPE = 'value of a report';

/** Keys of arrays and roots, which have none of their own. */
export const NO_KEY: KeyRule = rule('', 'other', '');

/** Elements of an outermost array: each should be a hash. */
export const ELEMENT: KeyRule = { ...NO_KEY, role: 'any', isPromise: true };

/** By what a `FileId` of Amcache is read. */
export const FILE_ID: KeyRule = { ...rule('FileId', 'digest', ''), digest: 'sha1', isPromise: true };

/** What a key says, whatever the object is. */
export function keyRule(name: string): KeyRule {
  const parts = nameInParts(name);
  const last = parts.slice(parts.lastIndexOf('-') + 1);
  const isContainer = CONTAINER.test(parts);
  const scope = SCOPES.find(([pattern]) => pattern.test(parts))?.[1] ?? null;
  const about = { isContainer, scope, isOfLog: OF_LOG.has(name) };
  const meaning = classifyName(name);
  if (meaning?.kind === 'digest' && speaksAbout(parts)) {
    return rule(name, 'any', stemOf(parts), about);
  }
  if (meaning?.kind === 'digest') {
    return rule(name, 'digest', stemOf(parts), { ...about, digest: meaning.digest, isPromise: true });
  }
  if (meaning?.kind === 'never') {
    return rule(name, 'never', '', { ...about, setAside: meaning.name, scope: scope ?? meaning.name });
  }
  if (TYPE.test(parts)) {
    return rule(name, 'type', '', about);
  }
  if (IDS.has(last)) {
    return rule(name, 'id', '', { ...about, setAside: 'identifier', digest: isFileIdName(name) ? 'sha1' : null });
  }
  if (meaning?.kind === 'any' || CONTENT.test(parts)) {
    return rule(name, 'any', stemOf(parts), { ...about, isPromise: PROMISE.test(parts) });
  }
  if (SIZE.test(parts)) {
    return rule(name, 'size', stemOf(parts.replace(SIZE, '')), about);
  }
  const named = NAMES.find(([pattern]) => pattern.test(parts));
  if (named !== undefined) {
    return rule(name, 'name', stemOf(parts.replace(named[0], '')), { ...about, rank: named[1] });
  }
  return rule(name, 'other', '', about);
}

/** The same for names that are met again and again where no key table is at hand. */
export const knownKeyRule = remembered(keyRule);

/** Longer texts under `type` and the like name no algorithm, in bytes. */
export const LONGEST_TYPE = 48;

/** What digests of an object of this `type` are counted under when it is no file, else null. */
export function setAsideByType(type: string): string | null {
  return type === 'x509-certificate' ? 'certificate hash' : null;
}

/**
 * True for the value of `hash` in an object `event` of the Elastic Common Schema, which its other keys tell
 * (https://www.elastic.co/guide/en/ecs/current/ecs-event.html); other programs put all they have to say under `event`.
 */
export function isHashOfLog(object: { readonly rule: KeyRule; readonly isOfLog: boolean }, name: string): boolean {
  return object.isOfLog && object.rule.name === 'event' && name === 'hash';
}

/** The rules for keys a format knows by itself, by their names. */
export function fieldRules(names: readonly string[]): ReadonlyMap<string, KeyRule> {
  return new Map(names.map((name) => [name, rule(name, 'field', '')]));
}

const OF_LOG = new Set(['kind', 'dataset', 'ingested']);
const CONTAINER = /(^|-)(hash(es)?|digests?|checksums?|attributes|carried)$/;
const TYPE = /^(.*-)?(alg|algo|algorithm|(hash|digest|checksum)-?(type|alg|algo|algorithm|kind|name))$|^type$/;
const PROMISE = /hash|digest|checksum/;
const CONTENT = /^(content|checksum-?value|digest-?value|hash-?value)$/;
const SIZE = /(^|-)(file-?)?(size|length)(-?(in-?)?bytes)?$/;
const IDS = new Set(
  'id ids oid aid cid uid sid gid rid spdxid key token nonce rev revision cookie salt mac hmac apikey secret'.split(
    ' ',
  ),
);

/** Paths tell more than names; users, hosts, rules and the like are no files. */
const NAMES: readonly (readonly [RegExp, number])[] = [
  [/(^|-)(file-?|full-?|folder-?|image-?|process-?|target-?|sample-?)?path$|(^|-)(full-name|image)$/, 3],
  [/(^|-)(file-?names?|image-?(file-?)?names?|target-?file-?name|meaningful-name|original-name|executable)$/, 2],
  [/^(names?|title|file|(process|sample|module|object|display|base|short)-?name)$/, 1],
];

/** What lies below is part of a file, or no file at all. */
const SCOPES: readonly (readonly [RegExp, string])[] = [
  [/(^|-)(sections?|section-?headers?|segments?|(file|optional)-header(-?hash(es)?)?|overlay)$/, 'section hash'],
  [/(^|-)(resources?|resource-?details)$/, 'resource hash'],
  [
    /(^|-)(x509|tls|ssl|certificates?|certs?|(counter-?)?signers?(-details)?|signature-?info|code-?signature)$/,
    'certificate hash',
  ],
  [/(^|-)(ja3s?|ja4\w*|jarm|hassh|fingerprints?)$/, 'network fingerprint'],
  [/(^|-)(main-?icon|fav-?icon|icon)$/, 'icon hash'],
  [/(^|-)(commits?|vcs|git)$/, 'git commit'],
  [/(^|-)external-references?$/, 'reference hash'],
  [/^assay-(row|answer|report|manifest|note)$/, OWN_SCOPE],
  // Columns of our own exports nobody chose digests from; names in them still count.
  [/^carried$/, 'value of a carried column'],
];

/** True for `sha256_first_seen` and the like: something about a digest, rarely one itself. */
function speaksAbout(parts: string): boolean {
  return stemOf(parts.slice(parts.search(/md5|sha/))) !== '';
}

function rule(name: string, role: KeyRole, stem: string, rest: Partial<KeyRule> = {}): KeyRule {
  return {
    name,
    role,
    stem,
    digest: null,
    setAside: '',
    rank: 0,
    isPromise: false,
    isContainer: false,
    isOfLog: false,
    scope: null,
    ...rest,
  };
}
