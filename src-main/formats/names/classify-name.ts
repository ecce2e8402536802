import type { DigestKind } from '#shared/domain/hash.ts';

/** What a column header, an algorithm label or a word in front of a digest says about it. */
export type NameMeaning =
  /** A digest of the file, of this kind. */
  | { readonly kind: 'digest'; readonly digest: DigestKind }
  /** A digest of a kind not told. */
  | { readonly kind: 'any' }
  /** Something that looks like a digest but is not one Assay looks up; `name` is what it is counted under. */
  | { readonly kind: 'never'; readonly name: string };

/**
 * Names are matched in parts: lower case, parts joined by a dash, `SHA-256` and `sha 256` as `sha256`. The order matters:
 * `PESHA256` must be met before `SHA256`.
 */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [/(^|-)imp-?(hash|fuzzy)|(^|-)import-?(table-?)?(hash|md5|sha\d+)|(^|-)gimphash|(^|-)imp$/, 'imphash'],
  [/(^|-)exp(ort)?-?hash/, 'exphash'],
  [/authenti(hash|code)?/, 'authentihash'],
  [/(^|-)pe-?(sha)?256($|-)/, 'pesha256'],
  [/(^|-)pe-?sha1?($|-)/, 'pesha1'],
  [/(^|-)pe-?hash/, 'pehash'],
  [/(^|-)rich(-?pe|-?header)?(-?hash)?($|-)|(^|-)rh-?hash/, 'rich header'],
  [/(^|-)v-?hash/, 'vhash'],
  [/tlsh/, 'tlsh'],
  [/ssdeep|sdhash|spamsum|fuzzy-?hash|nilsimsa|mrsh/, 'ssdeep'],
  [/telfhash/, 'telfhash'],
  [/(^|-)(sym-?hash|macho-?csec|permhash|lib-?hash)/, 'symbol hash'],
  [/(^|-)cd-?hash/, 'code directory hash'],
  [/(^|-)crc-?(\d+c?)?($|-)|(^|-)adler-?\d*/, 'crc32'],
  [/description-?md5/, 'description-md5'],
  [/(^|-)(uuid|guid|clsid|guids|uuids)($|-)/, 'uuid'],
  [
    /thumbprint|(^|-)(certificate|cert|x509|issuer)($|-)|(^|-)(tls|ssl|ssh|pgp|gpg)-?fingerprint|(^|-)tls-(client|server)-hash/,
    'certificate hash',
  ],
  // Of the text of a log line, in the Elastic Common Schema.
  [/^event-hash$/, 'event hash'],
  [/signature|(^|-)(signer|signing|signed)($|-)|countersign/, 'signature hash'],
  [/(^|-)(serial)($|-)/, 'serial number'],
  [/(^|-)(d|p|a)-?hash($|-)|(^|-)(fav)?icon(-|$)/, 'icon hash'],
  [/(^|-)(ja3s?|ja4[a-z]*|hassh(server)?|jarm)($|-)/, 'network fingerprint'],
  [/(^|-)sections?-?(hash|md5|sha\d+)/, 'section hash'],
  [/build-?id/, 'build id'],
  [/first-?bytes|magic-?bytes/, 'first bytes'],
  [/verification-?code/, 'verification code'],
  [/(^|-)commit($|-)|(^|-)git-?(head|sha1?|hash|rev(ision)?)($|-)|(^|-)(head|merge|tree)-?sha1?($|-)/, 'git commit'],
  [/(^|-)e-?tag($|-)/, 'etag'],
  [/(^|-)(tx|txn|transaction|block|wallet|contract)-?(hash|address)($|-)/, 'blockchain identifier'],
  [/(^|-)(ntlm|nt-?hash|lm-?hash|password|passwd)($|-)/, 'password hash'],
  [
    /(^|-)(url|uri|e?mail|domain|user-?name|device|session|tenant|machine|trace|span|request)-?(hash|md5|sha\d+|id)($|-)|(^|-)(message|content|event|process|program|correlation|transaction|client|user|account|customer|thread|job|task|install|installation)-?ids?($|-)|^in-reply-to$/,
    'identifier',
  ],
  [
    /sess(ion)?-?id($|-)|(^|-)(api|auth|access|secret|private|session|encryption|licen[cs]e)-?key($|-)|(^|-)(token|secret|nonce|salt|cookie|csrf|xsrf)($|-)/,
    'key or token',
  ],
  [/hmac/, 'hmac'],
  [/sha(2-)?512/, 'sha512'],
  [/sha(2-)?384/, 'sha384'],
  [/sha3(?!84)|keccak|shake/, 'sha3'],
  [/sha(2-)?224/, 'sha224'],
  [/blake-?[23]|(^|-)b[23]-?sum/, 'blake'],
  [/whirlpool/, 'whirlpool'],
  [/(^|-)(tiger|tth|tree-?tiger)/, 'tiger'],
  [/ripe-?md|(^|-)rmd-?\d+/, 'ripemd'],
  [/(^|-)md-?[246]($|-)/, 'md4'],
  [
    /(^|-)(sm3|gost\d*|streebog|snefru\d*|has-?160|edon-?r?\d*|ed2-?k|aich|btih|xxh\w*|mac-?triple-?des)/,
    'other algorithm',
  ],
  // What services for files make of parts of a file, as rclone names them.
  [/(^|-)(quick-?xor|mail-?ru|hi-?drive|dropbox)(-?hash)?$/, 'other algorithm'],
];

const ANY_NEVER = new RegExp(NEVER.map(([pattern]) => pattern.source).join('|'));
const SHA256 = /sha(2-?)?256/;
const SHA1 = /sha1(?!\d)|(^|-)sha($|-)/;
const MD5 = /md5/;
const ANY =
  /(^|-)(hash(es)?|digests?|checksums?|sums?|indicators?|ioc|iocs|observables?|value|artifact|sha2?)($|-)|filehash|hashvalue|hash$/;

const known = new Map<string, NameMeaning | null>();
const KNOWN_LIMIT = 5_000;

/** What a name says, or null when it says nothing about digests. */
export function classifyName(name: string): NameMeaning | null {
  const before = known.get(name);
  if (before !== undefined) {
    return before;
  }
  const meaning = classify(nameInParts(name));
  if (known.size >= KNOWN_LIMIT) {
    known.clear();
  }
  known.set(name, meaning);
  return meaning;
}

/** Lower-case parts joined by dashes: `InitiatingProcessSHA256` is `initiating-process-sha256`. */
export function nameInParts(name: string): string {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z]{2,})/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .replaceAll(/(^|-)(sha|md|crc|pesha)-(?=\d)/g, '$1$2');
}

function classify(parts: string): NameMeaning | null {
  if (parts === '') {
    return null;
  }
  if (ANY_NEVER.test(parts)) {
    const [, name = ''] = NEVER.find(([pattern]) => pattern.test(parts)) ?? [];
    return { kind: 'never', name };
  }
  if (SHA256.test(parts)) {
    return { kind: 'digest', digest: 'sha256' };
  }
  if (SHA1.test(parts)) {
    return { kind: 'digest', digest: 'sha1' };
  }
  if (MD5.test(parts)) {
    return { kind: 'digest', digest: 'md5' };
  }
  return ANY.test(parts) ? { kind: 'any' } : null;
}
