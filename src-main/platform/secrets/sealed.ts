import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';

/** Work factors of scrypt; 2^17, 8, 1 takes 128 MiB and about a third of a second. */
export interface Cost {
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}

/** What files are sealed with. */
export const COST: Cost = { log2N: 17, r: 8, p: 1 };
/** What is accepted when a file is opened: no weaker than 2^15, and nothing that exhausts the machine. */
const ACCEPTED = { log2N: [15, 20], r: [8, 16], p: [1, 4] } as const;

const MAGIC = Buffer.from('ASSAYSEC', 'latin1');
const VERSION = 1;
const SALT = 16;
const NONCE = 12;
const TAG = 16;
const CHECKSUM = 32;
const FACTORS_AT = MAGIC.length + 1;
const SALT_AT = FACTORS_AT + 3;
const NONCE_AT = SALT_AT + SALT;
const SEALED_AT = NONCE_AT + NONCE;

export type Opened =
  | { readonly kind: 'opened'; readonly plain: Uint8Array }
  | { readonly kind: 'wrong-passphrase' }
  | { readonly kind: 'damaged' }
  /** Written by a later version. */
  | { readonly kind: 'unknown-version' };

/**
 * Bytes locked with a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM (NIST SP 800-38D) seals, with a salt
 * and a nonce of their own every time. Layout: magic, version, work factors, salt, nonce, sealed bytes, tag, SHA-256 of
 * all that. The last tells damage apart from a wrong passphrase; what protects is the tag, which covers the header too.
 */
export async function seal(plain: Uint8Array, passphrase: string, cost: Cost = COST): Promise<Uint8Array> {
  const salt = randomBytes(SALT);
  const nonce = randomBytes(NONCE);
  const header = Buffer.concat([MAGIC, Buffer.from([VERSION, cost.log2N, cost.r, cost.p]), salt, nonce]);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt, cost), nonce);
  cipher.setAAD(header);
  const body = Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** Undoes `seal`. */
export async function unseal(file: Uint8Array, passphrase: string): Promise<Opened> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < SEALED_AT + TAG + CHECKSUM || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    return { kind: 'damaged' };
  }
  if (bytes[MAGIC.length] !== VERSION) {
    return { kind: 'unknown-version' };
  }
  const body = bytes.subarray(0, bytes.length - CHECKSUM);
  const cost = costOf(body);
  if (cost === null || !createHash('sha256').update(body).digest().equals(bytes.subarray(body.length))) {
    return { kind: 'damaged' };
  }
  const key = await keyOf(passphrase, body.subarray(SALT_AT, NONCE_AT), cost);
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(NONCE_AT, SEALED_AT));
  decipher.setAAD(body.subarray(0, SEALED_AT));
  decipher.setAuthTag(body.subarray(body.length - TAG));
  try {
    const plain = Buffer.concat([decipher.update(body.subarray(SEALED_AT, body.length - TAG)), decipher.final()]);
    return { kind: 'opened', plain };
  } catch {
    // GCM says no more than that key, header and contents do not belong together.
    return { kind: 'wrong-passphrase' };
  }
}

function costOf(body: Buffer): Cost | null {
  const [log2N = 0, r = 0, p = 0] = body.subarray(FACTORS_AT, SALT_AT);
  const isWithin = (value: number, [least, most]: readonly [number, number]): boolean =>
    value >= least && value <= most;
  return isWithin(log2N, ACCEPTED.log2N) && isWithin(r, ACCEPTED.r) && isWithin(p, ACCEPTED.p) ? { log2N, r, p } : null;
}

function keyOf(passphrase: string, salt: Uint8Array, { log2N, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** log2N;
  // The same passphrase typed on another system may come in another Unicode form.
  const text = passphrase.normalize('NFC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, 32, { N, r, p, maxmem: 128 * N * r * p + 16 * 1024 * 1024 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
