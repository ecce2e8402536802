import type { Body } from './body.ts';
import { isObject } from './fields.ts';

/**
 * What a refusal says in words: `text`, `errors[].message`, `message` or `error` of JSON, bare or inside `data`; the title or first
 * heading of a page; short plain text. Empty when it says nothing. As it came: secrets and control characters are for the caller.
 */
export function sayingOf(body: Body): string {
  if (body.kind === 'json') {
    return inJson(body.value);
  }
  if (body.kind === 'page') {
    return inPage(body.text);
  }
  return body.kind === 'empty' || body.text.startsWith('<') ? '' : body.text.slice(0, 500);
}

function inJson(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  if (!isObject(value)) {
    return '';
  }
  const several = Array.isArray(value['errors']) ? value['errors'].map(inJson) : [];
  const words = [value['text'], ...several, value['message'], value['error']]
    .map((said) => (isObject(said) ? inJson(said) : said))
    .filter((said): said is string => typeof said === 'string' && said.trim() !== '')
    .map((said) => said.trim());
  return words.length === 0 && isObject(value['data']) ? inJson(value['data']) : [...new Set(words)].join('; ');
}

/** Front ends say in the title or the first heading what they mean. */
function inPage(text: string): string {
  const found = /<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)</i.exec(text)?.[1] ?? '';
  return found.trim();
}
