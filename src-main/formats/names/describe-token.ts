const OTHER_LENGTHS: Readonly<Record<number, string>> = {
  8: 'CRC-32 length',
  48: 'Tiger length',
  56: 'SHA-224 length',
  96: 'SHA-384 length',
  128: 'SHA-512 or BLAKE2b length',
};
const KINDS = 'MD5 has 32, SHA-1 40, SHA-256 64';

/**
 * Why a text that stands where a digest should stand is not one: wrong length or one foreign character. Null when it
 * does not look like an attempt at a digest at all.
 */
export function whyNoDigest(token: string): string | null {
  if (token.length < 8 || token.length > 4096) {
    return token.length > 4096 && /^[0-9a-fA-F]+$/.test(token) ? `${token.length} hex digits; ${KINDS}` : null;
  }
  const foreign = token.replaceAll(/[0-9a-fA-F]/g, '');
  if (foreign === '') {
    if (token.length < 16 && !(token.length in OTHER_LENGTHS)) {
      return null;
    }
    const known = OTHER_LENGTHS[token.length];
    return `${token.length} hex digits${known === undefined ? '' : ` (${known})`}; ${KINDS}`;
  }
  if (token.length < 28 || /\s/.test(token) || foreign.length > token.length / 8) {
    return null;
  }
  const place = token.search(/[^0-9a-fA-F]/);
  return `“${token.charAt(place)}” at place ${place + 1} is not a hex digit`;
}
