import type { HttpResponse } from '../../../net/port.ts';

/** What the body of an answer is. `page` is HTML of whatever stands in between; `other` is text, XML among it. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'page'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'other'; readonly text: string };

/** Shorter secrets stand in names by chance. Sessions and tokens are much longer. */
const SHORTEST_SECRET = 12;

/**
 * Reads a body by what it holds: its announced type says little about pages of gateways, and quick-add announces none. Names
 * and words of it are kept and shown: what it repeats of the secrets is taken out, whole ones only.
 */
export function bodyOf(response: Pick<HttpResponse, 'body'>, secrets: readonly string[] = []): Body {
  const text = secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret.toWellFormed())])
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .reduce((rest, form) => rest.replaceAll(form, '(key)'), new TextDecoder().decode(response.body))
    .trim();
  if (text === '') {
    return { kind: 'empty' };
  }
  if (text.startsWith('<')) {
    return { kind: /<(!doctype\s+html|html|head|body)[\s>]/i.test(text.slice(0, 2000)) ? 'page' : 'other', text };
  }
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    // What is not JSON has no other reading: the caller says so to the user.
    return { kind: 'other', text };
  }
}
