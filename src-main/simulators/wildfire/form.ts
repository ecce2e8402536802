import type { ApiRequest } from '../server/api.ts';

/** Fields of a form by name; a file counts as a field. */
export type Form = ReadonlyMap<string, string>;

/** Reads a posted form, multipart (RFC 7578) or URL-encoded. Null when the body is neither. */
export function readForm(request: ApiRequest): Form | null {
  const type = request.headers['content-type'] ?? '';
  const text = request.body.toString('utf8');
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    return new Map(new URLSearchParams(text));
  }
  const boundary = /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  return boundary === null ? null : readParts(text, boundary[1] ?? boundary[2] ?? '');
}

function readParts(text: string, boundary: string): Form | null {
  const pieces = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (pieces.at(-1)?.startsWith('--') !== true) {
    return null;
  }
  const fields = new Map<string, string>();
  for (const piece of pieces.slice(1, -1)) {
    const split = piece.indexOf('\r\n\r\n');
    const name = /;\s*name="([^"]*)"/i.exec(piece.slice(0, split))?.[1];
    if (split === -1 || name === undefined) {
      return null;
    }
    fields.set(name, piece.slice(split + 4));
  }
  return fields;
}
