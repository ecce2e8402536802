const BACKSLASH = 92;
const LETTER_U = 117;
/** What stands for what behind a backslash; all others stand for themselves. */
const SHORT: Readonly<Record<number, number>> = { 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };
const REPLACEMENT = 0xfffd;

/** The bytes of a JSON text without its escapes (RFC 8259, section 7). Lone surrogates become U+FFFD. */
export function unescapeJson(bytes: Buffer, from: number, end: number): Buffer {
  // No escape stands for more bytes than it takes.
  const plain = Buffer.allocUnsafe(end - from);
  let length = 0;
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte !== BACKSLASH || at + 1 === end) {
      plain[length] = byte;
      length += 1;
      at += 1;
      continue;
    }
    const mark = bytes[at + 1] as number;
    const unit = mark === LETTER_U ? unitAt(bytes, at + 2, end) : -1;
    if (unit < 0) {
      plain[length] = SHORT[mark] ?? mark;
      length += 1;
      at += 2;
      continue;
    }
    const low =
      isHigh(unit) && bytes[at + 6] === BACKSLASH && bytes[at + 7] === LETTER_U ? unitAt(bytes, at + 8, end) : -1;
    const isPair = low >= 0xdc00 && low < 0xe000;
    length = writeCharacter(plain, length, isPair ? (unit - 0xd800) * 0x400 + low - 0xdc00 + 0x10000 : unit);
    at += isPair ? 12 : 6;
  }
  return plain.subarray(0, length);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** The number four hex digits stand for, or -1. */
function unitAt(bytes: Buffer, from: number, end: number): number {
  if (from + 4 > end) {
    return -1;
  }
  const digits = bytes.toString('latin1', from, from + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

function writeCharacter(bytes: Buffer, at: number, code: number): number {
  const isLone = code >= 0xd800 && code < 0xe000;
  return at + bytes.write(String.fromCodePoint(isLone ? REPLACEMENT : code), at, 'utf8');
}
