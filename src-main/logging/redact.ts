/** Whatever a name of one of these words holds is never written. */
const SECRET_WORDS = new Set(['key', 'keys', 'auth', 'cookie', 'cookies', 'pwd', 'pass', 'bearer', 'session', 'pin']);
const SECRET_PARTS = /token|secret|passw|passphrase|authoriz|credential|apikey|privatekey|signature/;

const HIDDEN = '[redacted]';
const LONGEST_TEXT = 2_000;
const LONGEST_ARRAY = 20;
const DEEPEST = 5;
/** A line may name a hash; it must not hand on a list of them. */
const HASHES_IN_TEXT = 3;
const DIGEST = /(?<![0-9a-zA-Z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9a-zA-Z])/g;

/** A value as it may be written to a log: plain data, secrets and hash lists taken out, long things cut. Never throws. */
export function redact(value: unknown): unknown {
  return cleaned(value, 0, new Set());
}

/** Whether what a field of this name holds is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return SECRET_PARTS.test(words.join('')) || words.some((word) => SECRET_WORDS.has(word));
}

function cleaned(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  switch (typeof value) {
    case 'string':
      return cleanText(value);
    case 'bigint':
    case 'symbol':
      return String(value);
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? null : cleanObject(value, depth, above);
    default:
      return value;
  }
}

function cleanObject(value: object, depth: number, above: ReadonlySet<object>): unknown {
  if (above.has(value)) {
    return '[circular]';
  }
  if (depth >= DEEPEST) {
    return '[deeper]';
  }
  const path = new Set([...above, value]);
  const inner = (item: unknown): unknown => cleaned(item, depth + 1, path);
  if (value instanceof Date) {
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  if (value instanceof Error) {
    return inner(describeError(value));
  }
  if (Array.isArray(value)) {
    return cleanArray(value, inner);
  }
  if (value instanceof Map || value instanceof Set) {
    return `[${value.size} entries]`;
  }
  return Object.fromEntries(
    Object.keys(value).map((name) => [name, isSecretName(name) ? HIDDEN : inner(read(value, name))]),
  );
}

function cleanArray(items: readonly unknown[], inner: (item: unknown) => unknown): unknown {
  const hashes = items.filter(
    (item) => typeof item === 'string' && /^[0-9a-fA-F]+$/.test(item) && isDigestLength(item),
  );
  if (hashes.length > 1) {
    return `[${hashes.length} hashes]`;
  }
  const kept = items.slice(0, LONGEST_ARRAY).map(inner);
  return items.length > LONGEST_ARRAY ? [...kept, `[${items.length - LONGEST_ARRAY} more]`] : kept;
}

function cleanText(text: string): string {
  const short = text.length > LONGEST_TEXT * 4 ? text.slice(0, LONGEST_TEXT * 4) : text;
  const open = short
    .replaceAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN)
    .replaceAll(/\b(bearer|basic|digest|negotiate)\s+[\w+/=.~-]{6,}/gi, `$1 ${HIDDEN}`)
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${HIDDEN}@`)
    .replaceAll(/([\w-]+)(["']?\s*[=:]\s*["']?)([^\s"'&,;]+)/g, (whole, name: string, link: string) =>
      isSecretName(name) && !whole.endsWith(HIDDEN) ? `${name}${link}${HIDDEN}` : whole,
    );
  const hashes = open.match(DIGEST)?.length ?? 0;
  const clean = hashes > HASHES_IN_TEXT ? open.replaceAll(DIGEST, '[hash]') : open;
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}

function isDigestLength(text: string): boolean {
  return text.length === 32 || text.length === 40 || text.length === 64;
}

/** An error as data; the stack only of defects, which have no code. */
function describeError(error: Error): Record<string, unknown> {
  const code = 'code' in error ? error.code : undefined;
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(error.cause === undefined ? {} : { cause: error.cause }),
    ...(code === undefined ? { stack: error.stack } : {}),
  };
}

function read(value: object, name: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[name];
  } catch {
    // A getter that throws must not cost the line.
    return '[unreadable]';
  }
}
