import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A transcript: one exchange byte by byte, and what everybody has to make of it. A file starts with comment lines (`# `),
 * followed by sections, each after a line `=== name`:
 *
 * - `asked`: JSON, what the adapter is asked
 * - `request`: the bytes it has to send; BOUNDARY stands for whatever boundary it chose
 * - `response`: the bytes that come back
 * - `simulator`: JSON, what a simulator has to be told so that it answers the same; may be left out
 * - `read as`: JSON, what the adapter has to make of the response
 *
 * The line feed before a `===` belongs to the marker.
 */
export interface Transcript {
  readonly name: string;
  readonly comment: string;
  readonly request: Message;
  readonly response: Message;
  readonly asked: unknown;
  readonly simulator: unknown;
  readonly readAs: unknown;
}

/** A message of HTTP/1.1, bytes kept as latin1 text. */
export interface Message {
  readonly start: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes: string;
}

const FOLDER = fileURLToPath(new URL('../fixtures/transcripts/', import.meta.url));

/** The transcripts of a source, by name. */
export function transcriptsOf(source: string): Transcript[] {
  return readdirSync(join(FOLDER, source))
    .filter((name) => name.endsWith('.http'))
    .sort()
    .map((name) => parse(name.replace(/\.http$/, ''), readFileSync(join(FOLDER, source, name), 'latin1')));
}

function parse(name: string, text: string): Transcript {
  const [comment = '', ...rest] = `\n${text.replace(/\n$/, '')}`.split(/\n=== (?=[a-z ]+\n)/);
  const sections = new Map(rest.map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]));
  const section = (title: string): string => {
    const found = sections.get(title);
    if (found === undefined) {
      throw new Error(`${name} has no section "${title}"`);
    }
    return found;
  };
  return {
    name,
    comment: comment.trim(),
    request: messageOf(section('request')),
    response: messageOf(section('response')),
    asked: JSON.parse(section('asked')),
    simulator: JSON.parse(sections.get('simulator') ?? 'null'),
    readAs: JSON.parse(section('read as')),
  };
}

/** Takes a message apart. */
export function messageOf(bytes: string): Message {
  const end = bytes.indexOf('\r\n\r\n');
  const [start = '', ...lines] = bytes.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { start, headers, body: bytes.slice(end + 4), bytes };
}

export interface Replay {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Requests as they arrived. */
  readonly requests: readonly Message[];
  close(): Promise<void>;
}

/** Sends the same bytes back to whoever asks, once a request arrived whole, and closes the connection. */
export function replay(response: Message): Promise<Replay> {
  return answering(() => response.bytes);
}

/** Answers each request, once it arrived whole, with the bytes for its place in the order, and closes the connection. */
export async function answering(bytesFor: (index: number) => string): Promise<Replay> {
  const requests: Message[] = [];
  const server = createServer((socket) => {
    let got = '';
    socket.setEncoding('latin1').on('data', (piece) => {
      got += String(piece);
      const message = got.includes('\r\n\r\n') ? messageOf(got) : null;
      if (message !== null && message.body.length >= Number(message.headers['content-length'] ?? 0)) {
        requests.push(message);
        socket.end(bytesFor(requests.length - 1), 'latin1');
      }
    });
    socket.on('error', () => socket.destroy());
  });
  await listening(server);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** Sends a request's own bytes and returns the answer's: no client adds, retries or decodes anything. */
export function sendAsIs(origin: string, request: Message): Promise<Message> {
  const head = request.bytes.slice(0, request.bytes.length - request.body.length - 2);
  const rest = `Host: ${new URL(origin).host}\r\nConnection: close\r\nContent-Length: ${request.body.length}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => {
      socket.write(`${head}${rest}${request.body}`, 'latin1');
    });
    socket
      .setEncoding('latin1')
      .on('data', (piece) => (got += String(piece)))
      .on('error', reject)
      .on('close', () => resolve(messageOf(got)));
  });
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => void server.once('error', reject).listen(0, '127.0.0.1', resolve));
}

/** A request's bytes with the boundary it chose written as BOUNDARY. */
export function withPlainBoundary(message: Message): Message {
  const boundary = /boundary=([^;\s]+)/.exec(message.headers['content-type'] ?? '')?.[1];
  return boundary === undefined ? message : messageOf(message.bytes.replaceAll(boundary, 'BOUNDARY'));
}
