/** How one kind of XML writes files and their digests. Elements are named without prefix. */
export interface FileDialect {
  readonly label: string;
  /** Elements that stand for one file each. */
  readonly files: ReadonlySet<string>;
  /** Elements whose text is a digest, when they lie in a file. */
  readonly hashes: ReadonlySet<string>;
  /** The attribute that names the algorithm; '' where the element itself is named after it. */
  readonly algorithm: string;
  /** Children of a file that say its name or its size. */
  readonly names: ReadonlySet<string>;
  readonly sizes: ReadonlySet<string>;
  /** Digests anywhere below these elements are none of the file; the name is what they are counted under. */
  readonly aside: ReadonlyMap<string, string>;
  /** What tells this kind besides its root, or ''. */
  readonly mark: string;
}

const none: ReadonlySet<string> = new Set();
const only = (...names: readonly string[]): ReadonlySet<string> => new Set(names);

/** `fciv -xml`; digests are in base64. */
const FCIV: FileDialect = {
  label: 'FCIV',
  files: only('FILE_ENTRY'),
  hashes: only('MD5', 'SHA1'),
  algorithm: '',
  names: only('name'),
  sizes: none,
  aside: new Map(),
  mark: '',
};

/** https://cyclonedx.org/docs/1.6/xml/ */
const CYCLONEDX: FileDialect = {
  label: 'CycloneDX',
  files: only('component'),
  hashes: only('hash'),
  algorithm: 'alg',
  names: only('name'),
  sizes: none,
  aside: new Map([
    ['externalReferences', 'reference hash'],
    ['tool', 'hash of a tool'],
  ]),
  mark: 'cyclonedx',
};

/** Digital Forensics XML, as hashdeep -d and fiwalk write it: https://github.com/dfxml-working-group/dfxml_schema */
const DFXML: FileDialect = {
  label: 'DFXML',
  files: only('fileobject', 'original_fileobject'),
  hashes: only('hashdigest'),
  algorithm: 'type',
  names: only('filename'),
  sizes: only('filesize'),
  aside: new Map([['byte_run', 'piece hash']]),
  mark: '',
};

/** Metalink 4 (RFC 5854) and 3 (metalinker.org). */
const METALINK: FileDialect = {
  label: 'Metalink',
  files: only('file'),
  hashes: only('hash'),
  algorithm: 'type',
  names: none,
  sizes: only('size'),
  aside: new Map([['pieces', 'piece hash']]),
  mark: 'metalink',
};

/** By the name of the root. */
const DIALECTS: ReadonlyMap<string, FileDialect> = new Map([
  ['FCIV', FCIV],
  ['bom', CYCLONEDX],
  ['dfxml', DFXML],
  ['fiwalk', DFXML],
  ['metalink', METALINK],
]);

/** The kind of XML a document with this root is, or null. */
export function dialectOf(root: string): FileDialect | null {
  return DIALECTS.get(root) ?? null;
}
