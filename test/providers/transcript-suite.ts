import { afterEach, describe, expect, it } from 'vitest';
import { createNetwork } from '#main/net/network.ts';
import type { HttpClient } from '#main/net/port.ts';
import type { RequestFault } from '#main/providers/port.ts';
import type { Simulator, SimulatorOptions } from '#main/simulators/port.ts';
import { jsonShape } from './json-shape.ts';
import { replay, sendAsIs, transcriptsOf, type Message } from './transcript.ts';

/** Sunday, 22 November 2026, 09:00 UTC: the time of every transcript. */
export const NOW = Date.UTC(2026, 10, 22, 9);

interface Tested {
  /** The connection is tested, instead of a question asked. */
  readonly test?: boolean;
}

/** One source's adapter and simulator, as its transcripts speak to them. */
export interface Played<Asked extends Tested, Told> {
  /** The folder of its transcripts. */
  readonly source: string;
  /** How many there have to be at least. */
  readonly least: number;
  /** Headers of an answer that a simulator has to send alike. */
  readonly headers: readonly string[];
  /** A simulator that was told what the transcript says. */
  simulate(told: Told): Promise<Simulator>;
  /** What the adapter makes of the answer of a server, as transcripts state it. */
  read(asked: Asked, origin: string, http: HttpClient): Promise<unknown>;
  /** What was read without all that a simulator draws for itself. */
  withoutContent(read: unknown): unknown;
  /** What two bodies of the same meaning have in common; the shape of JSON unless given. */
  readonly shape?: (body: string) => unknown;
  /** The value of a header that counts; all of it unless given. */
  readonly headerValue?: (value: string | undefined, name: string) => string | undefined;
  /** Headers every request has beside those of the transcript. */
  readonly alsoSent?: Readonly<Record<string, unknown>>;
  /** A request as transcripts write it down; as it was sent unless given. */
  readonly asWritten?: (request: Message) => Message;
}

/** Plays every transcript of a source to its adapter and to its simulator: both have to make of it what it states. */
export function playTranscripts<Asked extends Tested, Told>(played: Played<Asked, Told>): void {
  const { shape = jsonShape, headerValue = (value) => value, asWritten = (request) => request } = played;
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) {
      await step();
    }
  });
  const simulated = async (told: unknown): Promise<Simulator> => {
    const simulator = await played.simulate(told as Told);
    undo.push(() => simulator.close());
    return simulator;
  };
  const adapterReads = async (asked: unknown, origin: string): Promise<unknown> => {
    const http = plainClient();
    undo.push(() => http.close());
    return played.read(asked as Asked, origin, http);
  };
  const transcripts = transcriptsOf(played.source);

  it('there are enough of them', () => {
    expect(transcripts.length).toBeGreaterThanOrEqual(played.least);
  });

  describe.each(transcripts)('$name', ({ asked, request, response, simulator: told, readAs }) => {
    it('the adapter sends these bytes and reads the answer as stated', async () => {
      const server = await replay(response);
      undo.push(() => server.close());
      expect(await adapterReads(asked, server.origin)).toEqual(readAs);
      // A question is one request; a test may look at a quota as well.
      expect(server.requests.length).toBeLessThanOrEqual((asked as Tested).test === true ? 2 : 1);
      const [sent] = server.requests.map(asWritten);
      expect(sent?.start).toBe(request.start);
      expect(sent?.headers).toMatchObject({ ...request.headers, ...played.alsoSent });
      expect(sent?.body).toBe(request.body);
    });

    it('the simulator answers these bytes in the same shape', async () => {
      const simulator = await simulated(told);
      const answer = await sendAsIs(new URL(simulator.url).origin, request);
      expect(answer.start.split(' ')[1]).toBe(response.start.split(' ')[1]);
      for (const name of played.headers) {
        expect(headerValue(answer.headers[name], name), name).toBe(headerValue(response.headers[name], name));
      }
      expect(shape(answer.body)).toEqual(shape(response.body));
    });

    it('the adapter reads the simulator alike', async () => {
      const simulator = await simulated(told);
      const read = await adapterReads(asked, new URL(simulator.url).origin);
      expect(played.withoutContent(read)).toEqual(played.withoutContent(readAs));
    });
  });
}

/** A simulator without limits, faults and waiting, at the time of the transcripts. */
export function plainOptions(key: string, limits: Partial<SimulatorOptions['limits']> = {}, seed = 1) {
  return {
    port: 0,
    key,
    limits: { perMinute: null, perDay: null, perMonth: null, ...limits },
    latencyMs: { least: 0, most: 0 },
    faultShare: 0,
    seed,
    now: () => NOW,
    minuteMs: 60_000,
    tls: null,
  } satisfies SimulatorOptions;
}

/** How long a fault asks to wait, in seconds; null when it does not say. */
export function waitSeconds({ until }: RequestFault): number | null {
  return until === null ? null : (until - NOW) / 1000;
}

function plainClient(): HttpClient {
  return createNetwork({ isOffline: async () => false, directory: 'simulated' }, {}).client({
    verifyTls: true,
    caFile: null,
    proxy: { kind: 'none' },
    proxyCredentials: null,
    concurrency: 1,
  });
}
