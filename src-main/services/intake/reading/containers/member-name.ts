/** Characters that would change what stands around a name, or that cannot be seen: control, bidirectional, line ends, lone surrogates. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * A member's name as it is shown and kept. Whatever cannot be seen is written as `\u{202e}`, so that no name poses as
 * another; `..` and leading slashes stay, for no name is ever used as a place on disk.
 */
export function memberName(name: string): string {
  return name.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
