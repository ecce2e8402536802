import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

export const certificate = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/certificates/${name}`, import.meta.url));

/** The authority that signed every certificate of the tests. */
export const AUTHORITY = certificate('authority.pem');

/** What a CONNECT proxy heard, in order. */
export interface Tunnelled {
  readonly authority: string;
  readonly authorization: string | null;
}

const closers: (() => Promise<void>)[] = [];

/** Ends every server that was started since the last time. */
export async function closeServers(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

function certified(name: string): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readFileSync(certificate(`${name}.pem`)), key: readFileSync(certificate(`${name}.key`)) };
}

async function listening(server: ReturnType<typeof createTcpServer>, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closers.push(async () => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

export async function serveHttp(listener: RequestListener, host?: string): Promise<string> {
  const port = await listening(createHttpServer(listener), host);
  return `http://${host === '::1' ? '[::1]' : (host ?? '127.0.0.1')}:${port}`;
}

export async function serveHttps(listener: RequestListener, name = 'local'): Promise<string> {
  const server: Server = createHttpsServer(certified(name), listener);
  return `https://localhost:${await listening(server)}`;
}

/** Speaks raw bytes: `talk` gets every connection. */
export async function serveBytes(talk: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listening(createTcpServer(talk))}`;
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A proxy that opens tunnels to this machine. `answer` may refuse one with a status line instead; `wants` is the
 * authorization it asks for, `tls` the certificate it is itself spoken to with.
 */
export async function serveProxy(
  options: {
    readonly answer?: string;
    readonly wants?: string;
    readonly tls?: string;
    /** Told of every request for a tunnel. */
    readonly onConnect?: () => void;
  } = {},
): Promise<{ readonly url: string; readonly heard: Tunnelled[]; readonly plain: string[] }> {
  const heard: Tunnelled[] = [];
  const plain: string[] = [];
  const listener: RequestListener = (request, response) => {
    plain.push(request.url ?? '');
    response.writeHead(400).end();
  };
  const server =
    options.tls === undefined ? createHttpServer(listener) : createHttpsServer(certified(options.tls), listener);
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    const authorization = request.headers['proxy-authorization'] ?? null;
    heard.push({ authority: request.url ?? '', authorization });
    options.onConnect?.();
    socket.on('error', () => undefined);
    if (options.wants !== undefined && authorization !== options.wants) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    if (options.answer !== undefined) {
      socket.end(`${options.answer}\r\n\r\n`);
      return;
    }
    const port = Number((request.url ?? '').split(':').at(-1));
    const onward = connect({ port, host: '127.0.0.1' }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    socket.once('close', () => onward.destroy());
  });
  const port = await listening(server);
  return { url: options.tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`, heard, plain };
}
