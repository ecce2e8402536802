import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answering, messageOf, type Message, type Replay } from '../providers/transcript.ts';

/**
 * A conversation byte by byte, and what has to be made of it. A file starts with comment lines (`# `), followed by
 * sections, each after a line `=== name`: `asked` (JSON: settings that differ, and the calls in their order), then as many
 * pairs of `request` and `response` as there have to be exchanges, and `read as` (JSON: what each call says, and how the
 * exchanges are recorded). HOST stands for the server's address with its port.
 *
 * The line feed before a `===` belongs to the marker.
 */
export interface Conversation {
  readonly name: string;
  readonly asked: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly calls: readonly (readonly [string, ...unknown[]])[];
  };
  readonly exchanges: readonly { readonly request: Message; readonly response: Message }[];
  readonly readAs: { readonly results: readonly unknown[]; readonly recorded: readonly string[] };
}

const FOLDER = fileURLToPath(new URL('../fixtures/transcripts/tanium/', import.meta.url));

/** All of them, by name. */
export function conversations(): Conversation[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.http'))
    .sort()
    .map((name) => parse(name.replace(/\.http$/, ''), readFileSync(join(FOLDER, name), 'latin1')));
}

function parse(name: string, text: string): Conversation {
  const [, ...parts] = `\n${text.replace(/\n$/, '')}`.split(/\n=== (?=[a-z ]+\n)/);
  const sections = parts.map((part) => {
    const end = part.indexOf('\n');
    return { title: part.slice(0, end), content: part.slice(end + 1) };
  });
  const all = (title: string): string[] => sections.filter((one) => one.title === title).map((one) => one.content);
  const [requests, responses] = [all('request'), all('response')];
  const [asked, readAs] = [all('asked')[0], all('read as')[0]];
  if (asked === undefined || readAs === undefined || requests.length !== responses.length) {
    throw new Error(`${name} is not whole`);
  }
  return {
    name,
    asked: JSON.parse(asked) as Conversation['asked'],
    exchanges: requests.map((request, index) => ({
      request: messageOf(request),
      response: messageOf(responses[index] ?? ''),
    })),
    readAs: JSON.parse(readAs) as Conversation['readAs'],
  };
}

/** Answers one request after the other with these bytes, and closes the connection each time. */
export function play(responses: readonly Message[]): Promise<Replay> {
  return answering((index) => responses[index]?.bytes ?? 'HTTP/1.1 599 Not in the transcript\r\n\r\n');
}
