const SHORT = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** The bytes of a JSON text without its escapes (RFC 8259, section 7). Lone surrogates become U+FFFD. */
export function unescapeJson(bytes: Buffer, from: number, end: number): Buffer {
  // Latin-1 both ways leaves bytes that are no escapes as they are.
  const written = bytes.toString('latin1', from, end);
  const plain = written.replaceAll(
    /\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([^]))/g,
    (_, high?: string, low?: string, unit?: string, one?: string) => {
      if (one !== undefined) {
        return SHORT.get(one) ?? one;
      }
      const text =
        unit === undefined
          ? String.fromCharCode(Number.parseInt(high ?? '', 16), Number.parseInt(low ?? '', 16))
          : String.fromCharCode(Number.parseInt(unit, 16));
      return Buffer.from(text, 'utf8').toString('latin1');
    },
  );
  return Buffer.from(plain, 'latin1');
}
