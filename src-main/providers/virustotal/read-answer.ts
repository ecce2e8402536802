import type { Body } from '../read-body.ts';
import { errorSchema, fileSchema, type ErrorAnswer, type FileAnswer } from './schema.ts';

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
