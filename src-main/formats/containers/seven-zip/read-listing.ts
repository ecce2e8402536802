import type { ListedEntry } from './messages.ts';

/** Methods that meet an impossible state soon when they are fed wrong bytes. */
const CHECKING_METHODS = /LZMA|BZip2|Deflate/i;
const UNIX_MODE = /^[-dlbcps][-rwxsStT]{9}$/;
const ENTRIES_FOLLOW = '----------';

/** Reads what `7z l -slt` writes: a block of `Key = value` lines for each entry, divided by empty lines. */
export class ListingReader {
  readonly #onEntry: (entry: ListedEntry) => void;
  #areEntries = false;
  #fields = new Map<string, string>();

  constructor(onEntry: (entry: ListedEntry) => void) {
    this.#onEntry = onEntry;
  }

  line(line: string): void {
    if (!this.#areEntries) {
      this.#areEntries = line === ENTRIES_FOLLOW;
      return;
    }
    if (line === '') {
      this.end();
      return;
    }
    const divider = line.indexOf(' = ');
    const key = divider < 0 ? line.replace(/ =$/, '') : line.slice(0, divider);
    // The first one counts: no later line may rename an entry.
    if (!this.#fields.has(key)) {
      this.#fields.set(key, divider < 0 ? '' : line.slice(divider + 3));
    }
  }

  /** To be called after the last line. */
  end(): void {
    const fields = this.#fields;
    const name = fields.get('Path');
    if (name !== undefined) {
      const method = fields.get('Method') ?? '';
      this.#onEntry({
        name,
        type: typeOf(fields),
        size: sizeOf(fields.get('Size') ?? ''),
        isEncrypted: fields.get('Encrypted') === '+',
        hasChecksum: (fields.get('CRC') ?? '') !== '',
        isChecking: CHECKING_METHODS.test(method),
      });
    }
    this.#fields = new Map();
  }
}

/** `Attributes` holds letters for those of Windows, a unix mode such as `lrwxrwxrwx`, or both with a blank between. */
function typeOf(fields: ReadonlyMap<string, string>): ListedEntry['type'] {
  const parts = (fields.get('Attributes') ?? '').split(' ');
  const mode = parts.find((part) => UNIX_MODE.test(part)) ?? '';
  const letters = parts.filter((part) => !UNIX_MODE.test(part)).join('');
  const isNamed = (field: string): boolean => (fields.get(field) ?? '') !== '';
  if (mode.startsWith('l') || letters.includes('L') || isNamed('Symbolic Link') || isNamed('Hard Link')) {
    return 'link';
  }
  const hasContent = (fields.get('Size') ?? '0') !== '0';
  // A file may be marked as anything; 7-Zip gives its content all the same.
  if (!hasContent && (mode.startsWith('d') || letters.includes('D') || fields.get('Folder') === '+')) {
    return 'folder';
  }
  // What 7-Zip packs from its standard input is marked as the pipe it came through.
  const isDevice = /^[bcps]/.test(mode) && !hasContent;
  return fields.get('Anti') === '+' || isDevice ? 'other' : 'file';
}

function sizeOf(text: string): number | null {
  const size = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : null;
}
