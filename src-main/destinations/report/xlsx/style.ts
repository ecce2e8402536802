import type { Status } from '#shared/domain/status.ts';

/** Places of the formats in styles.xml. */
export const STYLE = {
  plain: 0,
  header: 1,
  text: 2,
  /** Text that would be a formula, were it typed in. */
  quoted: 3,
  time: 4,
  decimal: 5,
  wrapped: 6,
  label: 7,
  title: 8,
  malicious: 9,
  suspicious: 10,
  'non-malicious': 11,
  pending: 12,
  unknown: 13,
  count: 14,
} as const;

/** Status is shape, word and colour: shape and word alone must do. */
export const STATUS_TEXT: Readonly<Record<Status, string>> = {
  malicious: '■ malicious',
  suspicious: '▲ suspicious',
  'non-malicious': '● non-malicious',
  pending: '◌ pending',
  unknown: '○ unknown',
};

const FILLS = ['FFEFF1F3', 'FFFDECEB', 'FFFCF2DF', 'FFE8F3EC', 'FFF5F6F7', 'FFEFF1F3'];
const COLOURS = ['FFAD1219', 'FF7D4B00', 'FF2A5F41', 'FF565D69', 'FF565D69'];
const TEXT_FORMAT = 49;
const TIME_FORMAT = 164;
const DECIMAL_FORMAT = 165;
/** The format for whole numbers, with separators. */
const COUNT_FORMAT = 3;

/** `xl/styles.xml`: ECMA-376, 18.8. The first two fills are fixed by the format. */
export function stylesXml(): string {
  const font = (more: string): string => `<font>${more}<name val="Calibri"/><family val="2"/></font>`;
  const fonts = [
    font('<sz val="11"/>'),
    font('<b/><sz val="11"/>'),
    font('<b/><sz val="14"/>'),
    ...COLOURS.map((colour) => font(`<b/><sz val="11"/><color rgb="${colour}"/>`)),
  ];
  const fills = [
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    ...FILLS.map((rgb) => `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/></patternFill></fill>`),
  ];
  const top = '<alignment vertical="top"/>';
  const wrap = '<alignment vertical="top" wrapText="1"/>';
  const formats = [
    xf(0, 0, 0, top),
    xf(TEXT_FORMAT, 1, 2, top),
    xf(TEXT_FORMAT, 0, 0, top),
    xf(TEXT_FORMAT, 0, 0, top, ' quotePrefix="1"'),
    xf(TIME_FORMAT, 0, 0, top),
    xf(DECIMAL_FORMAT, 0, 0, top),
    xf(TEXT_FORMAT, 0, 0, wrap),
    xf(TEXT_FORMAT, 1, 0, top),
    xf(TEXT_FORMAT, 2, 0, top),
    ...COLOURS.map((_, place) => xf(TEXT_FORMAT, 3 + place, 3 + place, top)),
    xf(COUNT_FORMAT, 0, 0, top),
  ];
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    `<numFmts count="2"><numFmt numFmtId="${TIME_FORMAT}" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/>` +
    `<numFmt numFmtId="${DECIMAL_FORMAT}" formatCode="0.0"/></numFmts>` +
    `<fonts count="${fonts.length}">${fonts.join('')}</fonts><fills count="${fills.length}">${fills.join('')}</fills>` +
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>' +
    `<cellXfs count="${formats.length}">${formats.join('')}</cellXfs>` +
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
  );
}

function xf(format: number, font: number, fill: number, alignment: string, more = ''): string {
  return (
    `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0"${more} applyNumberFormat="1" ` +
    `applyFont="1" applyFill="1" applyAlignment="1">${alignment}</xf>`
  );
}
