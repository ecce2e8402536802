import { z } from 'zod';
import { AVOIDED_BY, OUTCOMES, PURPOSES } from '../domain/outcome.ts';
import { countSchema, idSchema, kindSchema, nothing, pageRequest, sourceSchema } from './common.ts';
import { call } from './define.ts';
import { momentSchema } from './sources.ts';

export const queueGroupSchema = z.strictObject({
  source: sourceSchema,
  purpose: z.enum(PURPOSES),
  /** Null for look-ups and what belongs to no intake. */
  intakeId: z.int().nullable(),
  /** The intake's title, or what the group is. */
  title: z.string(),
  waiting: countSchema,
  /** Hashes of it that are on their way. A group without any of either is there only for what it has done. */
  onTheWay: countSchema,
  done: countSchema,
  dropped: countSchema,
  paused: z.boolean(),
  /** What it waits for, as a phrase: "4 a minute", "its day, 00:00 UTC", "another try, 09:31 UTC". Empty when it is being sent. */
  waitingFor: z.string(),
  /** When it will be done at this pace; null when that cannot be told. */
  endsAt: momentSchema.nullable(),
});

export const outboundStateSchema = z.strictObject({
  /** Which process asks sources; null when none does. */
  owner: z.strictObject({ pid: z.int(), shell: z.string(), since: momentSchema, isThis: z.boolean() }).nullable(),
  offline: z.boolean(),
  /** What is going on, in one sentence. */
  sentence: z.string(),
  depth: countSchema,
  /** Requests on their way now. */
  inFlight: countSchema,
  /** Hashes answered a second, over the last minute. */
  perSecond: z.number().nonnegative(),
  /** (hash, source) pairs that needed no call since 00:00 UTC, by what answered. */
  avoidedToday: z.strictObject({ total: countSchema, by: z.record(z.enum(AVOIDED_BY), countSchema) }),
  /** What waits or is on its way, and of lists of which something does also what has been asked whole. */
  groups: z.array(queueGroupSchema),
});

/** Which part of the queue: of one source, one intake, one purpose, or all. */
export const queuePartSchema = z.strictObject({
  source: sourceSchema.optional(),
  intakeId: idSchema.optional(),
  purpose: z.enum(PURPOSES).optional(),
});

export const requestViewSchema = z.strictObject({
  id: idSchema,
  source: sourceSchema,
  at: momentSchema,
  purpose: z.enum(PURPOSES),
  kind: kindSchema,
  hashes: countSchema,
  /** One hash, by the call of its source that tells everything. */
  single: z.boolean(),
  /** Null while it is on its way. */
  outcome: z.enum(OUTCOMES).nullable(),
  httpStatus: z.int().nullable(),
  elapsedMs: countSchema.nullable(),
  billed: countSchema,
  message: z.string(),
});

export const outboundCalls = {
  'outbound.state': call('Who asks sources, what waits, and what for.', nothing, outboundStateSchema),
  'outbound.pause': call(
    'Holds a part of the queue back. A whole source (or all) stops sending; what is on its way is still heard.',
    queuePartSchema,
    outboundStateSchema,
  ),
  'outbound.resume': call('Lets a part of the queue go on.', queuePartSchema, outboundStateSchema),
  'outbound.cancel': call(
    'Takes a part of the queue out, unasked. What is on its way is still heard and kept.',
    queuePartSchema,
    z.strictObject({ removed: countSchema }),
  ),
  'outbound.requests': call(
    'The record of what left this machine, newest first.',
    z.strictObject({ source: sourceSchema.optional(), ...pageRequest }),
    z.strictObject({ total: countSchema, rows: z.array(requestViewSchema) }),
  ),
  'outbound.requestHashes': call(
    'Which hashes one request asked about, and what came of each.',
    z.strictObject({ requestId: idSchema }),
    z.strictObject({
      hashes: z.array(z.strictObject({ hash: z.string(), outcome: z.enum(OUTCOMES).nullable() })),
    }),
  ),
} as const;

export type OutboundState = z.infer<typeof outboundStateSchema>;
export type QueueGroupView = z.infer<typeof queueGroupSchema>;
export type QueuePart = z.infer<typeof queuePartSchema>;
export type RequestView = z.infer<typeof requestViewSchema>;
