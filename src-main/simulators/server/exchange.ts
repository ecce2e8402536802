import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, LoggedRequest, SimulatorOptions } from '../port.ts';
import type { ApiAnswer, ApiReading, ApiRequest, ApiWorld, SimulatedApi } from './api.ts';
import { seededRandom } from './draw.ts';
import { countsAsCall, playFault, RANDOM_FAULTS } from './fault-player.ts';
import type { Limits } from './limits.ts';
import { readBody } from './read-body.ts';
import { sendAnswer } from './send-answer.ts';

type Entry = { -readonly [K in keyof LoggedRequest]: LoggedRequest[K] };

/** What all exchanges of one simulator share. */
export interface ExchangeParts {
  readonly api: SimulatedApi;
  readonly options: SimulatorOptions;
  readonly limits: Limits;
  readonly apiWorld: ApiWorld;
  readonly log: LoggedRequest[];
  readonly scripted: Fault[];
  /** Responses that a fault leaves without an end. */
  readonly hung: Set<ServerResponse>;
}

/** Answers requests one by one: log, fault, limits, latency, answer. Never throws for what a client sends. */
export function createExchange(parts: ExchangeParts): (request: IncomingMessage, response: ServerResponse) => void {
  const { options, log } = parts;
  const latency = seededRandom(options.seed ^ 0x1a7e);
  const trouble = seededRandom(options.seed ^ 0xfa17);
  return (request, response) => {
    const entry: Entry = {
      at: options.now(),
      method: request.method ?? '',
      path: loggedPath(targetOf(request).path),
      hashes: [],
      status: 0,
      billed: 0,
      ...(options.tellsSaid === true ? { said: [] } : {}),
    };
    log.push(entry);
    if (log.length > (options.keepLog ?? Infinity)) {
      log.shift();
    }
    response.once('close', () => options.onRequest?.(entry));
    const scripted =
      parts.scripted.shift() ?? randomFault(trouble, options.faultShare, parts.api.faults ?? RANDOM_FAULTS);
    const fault = scripted?.kind === 'none' ? null : scripted;
    const { least, most } = options.latencyMs;
    const waitMs = least + latency() * (most - least);
    meet({ parts, request, response, entry, fault, waitMs }).catch((error: unknown) => fail(response, entry, error));
  };
}

async function meet(exchange: {
  readonly parts: ExchangeParts;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: Entry;
  readonly fault: Fault | null;
  readonly waitMs: number;
}): Promise<void> {
  const { parts, request, response, entry, fault, waitMs } = exchange;
  const body = await readBody(request);
  if (body === null) {
    response.destroy();
    return;
  }
  const reading = parts.api.read(apiRequest(request, body, parts.api.basePath), overheard(parts.apiWorld, entry));
  entry.hashes = reading.hashes;
  if (reading.about !== undefined) {
    entry.about = reading.about;
  }
  if (fault !== null) {
    entry.fault = fault.kind;
  }
  const ordinary = decide(reading, entry, fault, parts);
  const wholeMs = waitMs + (fault?.kind === 'slow' ? fault.ms : 0);
  if (wholeMs >= 1) {
    await delay(wholeMs);
  }
  if (response.destroyed) {
    if (reading.kind === 'asked' && reading.isDoneAlone === true && isAnswered(fault)) {
      ordinary();
    }
    return;
  }
  if (fault?.kind === 'hang') {
    parts.hung.add(response);
    response.once('close', () => parts.hung.delete(response));
  }
  entry.status = fault === null ? sendAnswer(response, ordinary()) : playFault(fault, response, ordinary);
}

/** The world, with what it tells while this request is answered put into its entry. */
function overheard(world: ApiWorld, entry: Entry): ApiWorld {
  if (entry.said === undefined) {
    return world;
  }
  const said: [string, NonNullable<ReturnType<ApiWorld['find']>>['status'] | null][] = [];
  entry.said = said;
  return {
    ...world,
    find(hash) {
      const file = world.find(hash);
      said.push([hash.toLowerCase(), file?.status ?? null]);
      return file;
    },
  };
}

/** Counts the call, or finds the limit it would pass. A fault is met whatever the limits say, but its call counts. */
function decide(
  reading: ApiReading,
  entry: Entry,
  fault: Fault | null,
  { limits, api }: Pick<ExchangeParts, 'limits' | 'api'>,
): () => ApiAnswer {
  if (reading.kind !== 'asked') {
    return () => reading.answer;
  }
  const passed = fault === null ? limits.passed(entry.at, reading.cost) : null;
  if (passed !== null) {
    return () => reading.overLimit(passed.limit, passed.resetsAt);
  }
  if (fault === null || countsAsCall(fault, api.countsOnlyOk === true)) {
    limits.spend(entry.at, reading.cost);
    entry.billed = reading.cost;
  }
  return () => reading.answer();
}

/** True when the request is done, whatever becomes of its answer. */
function isAnswered(fault: Fault | null): boolean {
  return fault === null || fault.kind === 'slow' || fault.kind === 'lost';
}

function randomFault(trouble: () => number, share: number, faults: readonly Fault[]): Fault | null {
  if (share <= 0 || trouble() >= share) {
    return null;
  }
  return faults[Math.floor(trouble() * faults.length)] ?? null;
}

function apiRequest(request: IncomingMessage, body: Buffer, basePath: string): ApiRequest {
  const { path, query } = targetOf(request);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return {
    method: request.method ?? '',
    path: path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path,
    query,
    target: request.url ?? '/',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

/** A user may be named by a key, and a log may end in a file. */
function loggedPath(path: string): string {
  return path.replace(/\/users\/[^/]+/g, '/users/(id)');
}

function targetOf(request: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return mark === -1
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, mark), query: new URLSearchParams(target.slice(mark + 1)) };
}

/** A defect of the simulator itself is told to the client, who would wait for an answer otherwise. */
function fail(response: ServerResponse, entry: Entry, error: unknown): void {
  entry.status = 500;
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = error instanceof Error ? (error.stack ?? error.message) : String(error);
  sendAnswer(response, { status: 500, headers: { 'content-type': 'text/plain; charset=utf-8' }, body });
}
