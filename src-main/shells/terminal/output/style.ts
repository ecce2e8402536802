import type { Status } from '#shared/domain/status.ts';

/** Status is shape + word + colour; the shape and the word alone must do. */
export const STATUS_SHAPE: Readonly<Record<Status, string>> = {
  malicious: '■',
  suspicious: '▲',
  'non-malicious': '●',
  unknown: '○',
  pending: '◌',
};

const STATUS_COLOUR: Readonly<Record<Status, string>> = {
  malicious: '31',
  suspicious: '33',
  'non-malicious': '32',
  unknown: '90',
  pending: '90',
};

/** Colours, or nothing where they do not belong. */
export interface Style {
  readonly status: (status: Status, text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain: Style = { status: (_, text) => text, strong: (text) => text, faint: (text) => text };

/** Colours only on a terminal that wants them: not with NO_COLOR, `--no-color` or a dumb terminal. */
export function createStyle(
  isTerminal: boolean,
  wanted: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const refused = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (!isTerminal || !wanted || refused) {
    return plain;
  }
  const paint = (code: string, text: string): string => `\u001b[${code}m${text}\u001b[0m`;
  return {
    status: (status, text) => paint(STATUS_COLOUR[status], text),
    strong: (text) => paint('1', text),
    faint: (text) => paint('90', text),
  };
}
