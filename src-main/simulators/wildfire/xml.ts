import type { ApiAnswer } from '../server/api.ts';

/** One `<get-verdict-info>`: undefined leaves an element out, an empty text leaves it empty. */
export interface VerdictInfo {
  readonly sha256?: string;
  readonly verdict?: string;
  readonly md5?: string;
}

const HEADERS = { 'content-type': 'text/xml; charset=UTF-8' };
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** Verdicts as the API guide's samples show them. `blank` are lines before the declaration. */
export function verdictDocument(infos: readonly VerdictInfo[], blank: string): ApiAnswer {
  const entries = infos.map(
    ({ sha256, verdict, md5 }) =>
      `    <get-verdict-info>\n${element('sha256', sha256)}${element('verdict', verdict)}${element('md5', md5)}    </get-verdict-info>\n`,
  );
  return {
    status: 200,
    headers: HEADERS,
    body: `${blank}${DECLARATION}\n<wildfire>\n${entries.join('')}</wildfire>\n`,
  };
}

/** An error: its message stands in single quotes. */
export function errorDocument(status: number, message: string): ApiAnswer {
  const body = `${DECLARATION}\n<error>\n    <error-message>'${escaped(message)}'</error-message>\n</error>\n`;
  return { status, headers: HEADERS, body };
}

function element(name: string, text: string | undefined): string {
  return text === undefined ? '' : `        <${name}>${escaped(text)}</${name}>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
