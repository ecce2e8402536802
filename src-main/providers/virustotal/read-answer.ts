import type { HttpResponse } from '../../net/port.ts';
import { errorSchema, fileSchema, type ErrorAnswer, type FileAnswer } from './schema.ts';

/** What the body of an answer is. `page` is HTML; `other` is nothing this source sends. */
export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'page' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'other' };

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
    return { kind: 'other' };
  }
}

/** The error object of the API, or null when the body is none. */
export function readError(body: Body): ErrorAnswer['error'] | null {
  const parsed = body.kind === 'json' ? errorSchema.safeParse(body.value) : null;
  return parsed?.success === true ? parsed.data.error : null;
}

/** The file object of the API, or where it is not one. */
export function readFile(body: Body & { kind: 'json' }): FileAnswer | { readonly unreadableAt: string } {
  const parsed = fileSchema.safeParse(body.value);
  if (parsed.success) {
    return parsed.data;
  }
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  return { unreadableAt: path === '' ? 'the top' : path };
}
