import type { ApiAnswer } from '../server/api.ts';

/** An answer in JSON with status 200. */
export function jsonAnswer(value: unknown): ApiAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** An answer in XML with status 200: what comes where JSON was not asked for. Lists become repeated elements. */
export function xmlAnswer(root: string, value: unknown): ApiAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}\n`,
  };
}

/** Anything but an answer. The documentation names statuses and shows no bodies. */
export function statusAnswer(
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): ApiAnswer {
  return { status, headers: { 'content-type': 'text/plain', ...headers }, body: `${reason}\n` };
}

function element(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((one: unknown) => element(name, one)).join('');
  }
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([child, part]) => element(child, part))
          .join('')
      : escaped(String(value));
  return `<${name}>${inside}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
