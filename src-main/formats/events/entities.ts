const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  shy: '\u00ad',
  zwsp: '\u200b',
  ZeroWidthSpace: '\u200b',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  colon: ':',
  equals: '=',
  lowbar: '_',
  hyphen: '‐',
};

/** Text with its character references resolved, each once; unknown ones stay as written. */
export function decodeEntities(text: string): string {
  return text.includes('&')
    ? text.replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,16}));/g, (whole, decimal, hex, name) =>
        decimal === undefined && hex === undefined
          ? (NAMED[String(name)] ?? whole)
          : characterOf(decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal), whole),
      )
    : text;
}

function characterOf(code: number, whole: string): string {
  return code > 0 && code <= 0x10_ff_ff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
}
