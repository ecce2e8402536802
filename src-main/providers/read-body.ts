import type { HttpResponse } from '../net/port.ts';

/** What the body of an answer is. `page` is HTML; `other`, with its text, is nothing a source that speaks JSON sends. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'page' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'other'; readonly text: string };

/** Reads a body by what it holds: its announced type says little about pages of gateways. */
export function readBody(response: Pick<HttpResponse, 'body'>): Body {
  const text = new TextDecoder().decode(response.body).trim();
  if (text === '') {
    return { kind: 'empty' };
  }
  if (/<(!doctype\s+html|html|head|body)[\s>]/i.test(text.slice(0, 2000)) && text.startsWith('<')) {
    return { kind: 'page' };
  }
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    // What is not JSON has no other reading: the caller says so to the user.
    return { kind: 'other', text };
  }
}
