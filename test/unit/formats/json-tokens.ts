import { JsonTokenizer } from '#main/formats/json/tokens/tokenizer.ts';
import { unescapeJson } from '#main/formats/json/tokens/unescape.ts';
import { chunksOf } from './collect.ts';

export type JsonToken = string | { readonly key: string } | { readonly text: string } | { readonly scalar: string };

/** What the tokenizer tells about a text that comes in chunks of the given sizes; numbers as JavaScript writes them. */
export function tokensOf(written: string, sizes: readonly number[]): JsonToken[] {
  const tokens: JsonToken[] = [];
  const plain = (bytes: Buffer, from: number, end: number): string => unescapeJson(bytes, from, end).toString('utf8');
  const tokenizer = new JsonTokenizer(
    {
      open: (isObject) => tokens.push(isObject ? '{' : '['),
      close: (isObject) => tokens.push(isObject ? '}' : ']'),
      key: (bytes, from, end) => tokens.push({ key: plain(bytes, from, end) }),
      text: (bytes, from, end) => tokens.push({ text: plain(bytes, from, end) }),
      scalar(bytes, from, end) {
        const value: unknown = JSON.parse(bytes.toString('latin1', from, end));
        tokens.push({ scalar: String(value) });
      },
      overlong: () => tokens.push('overlong'),
      broken: (reason) => tokens.push(reason),
      cut: () => tokens.push('cut'),
    },
    false,
  );
  for (const chunk of chunksOf(Buffer.from(written), sizes)) {
    tokenizer.push(chunk);
    chunk.fill(0xee);
  }
  tokenizer.end();
  return tokens;
}
