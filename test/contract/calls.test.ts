import { anything, assert, asyncProperty, constantFrom } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createRouter } from '#main/ipc/router.ts';
import { calls, pushes, type CallName } from '#shared/contract/index.ts';
import { recordingHandlers } from '#test/unit/ipc/contract-handlers.ts';

const names = Object.keys(calls) as CallName[];
const { handlers, reached } = recordingHandlers();
const defects: unknown[] = [];
const router = createRouter<null>({
  handlers,
  trusts: () => true,
  registerPaths: () => ({ handle: '', names: [] }),
  onDefect: (where, error) => defects.push([where, error]),
});

const hostile: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['a text', 'intake.list'],
  ['a list', [{}]],
  ['a function', () => ({})],
  ['a symbol', Symbol('x')],
  ['an unknown key', { surprise: true }],
  ['a polluted prototype', JSON.parse('{"__proto__":{"admin":true}}')],
  ['numbers out of range', { offset: -1, limit: 1e9, intakeId: -1, id: 0, entry: -1, entries: [-1], ids: [0] }],
  ['numbers that are none', { offset: Number.NaN, limit: Number.POSITIVE_INFINITY, id: 1.5, intakeId: '1' }],
  ['a path where a handle belongs', { handle: `/${'etc/passwd/'.repeat(20)}` }],
  ['something like a text', { text: { length: 2e8 }, title: 'x'.repeat(300) }],
];

describe.each(names)('%s', (name) => {
  it.each(hostile)('refuses %s', async (_what, input) => {
    const reply = await router.call(null, name, input);
    expect(reply).toMatchObject({ ok: false, error: { code: 'INVALID_ARGUMENT', retryable: false } });
  });

  it('refuses an unknown key beside a valid input', async () => {
    const valid = sampleOf(calls[name].input);
    expect(await router.call(null, name, valid)).toMatchObject({ ok: true });
    expect(await router.call(null, name, { ...(valid as object), surprise: 1 })).toMatchObject({
      ok: false,
      error: { code: 'INVALID_ARGUMENT' },
    });
  });

  it('has a sentence that says what it guarantees', () => {
    expect(calls[name].doc).toMatch(/^[A-Z].{15,}\.$/s);
  });

  it('limits the size of every text and list that comes in', () => {
    expect(unlimited(z.toJSONSchema(calls[name].input, { io: 'input' }) as JsonSchema, 'input')).toEqual([]);
  });
});

it('nothing but valid inputs reaches a handler, whatever is thrown at it', async () => {
  reached.length = 0;
  await assert(
    asyncProperty(constantFrom(...names), anything({ withBigInt: true, withDate: true }), async (name, input) => {
      const before = reached.length;
      const reply = await router.call(null, name, input);
      const fits = calls[name].input.safeParse(input).success;
      expect(reply.ok).toBe(fits);
      expect(reached.length - before).toBe(fits ? 1 : 0);
    }),
    { numRuns: 500 },
  );
  expect(defects).toEqual([]);
});

it('every push has a sentence and a strict payload', () => {
  for (const [name, push] of Object.entries(pushes)) {
    expect(push.doc, name).toMatch(/^[A-Z].{15,}\.$/s);
    expect(push.payload.safeParse({ surprise: true }).success, name).toBe(false);
  }
});

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Places in a schema where a text or list may be of any length. */
function unlimited(schema: JsonSchema, place: string): string[] {
  const open =
    (schema.type === 'string' && !('enum' in schema || 'const' in schema) && schema.maxLength === undefined) ||
    (schema.type === 'array' && schema.maxItems === undefined);
  const more = schema.additionalProperties;
  return [
    ...(open ? [place] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => unlimited(inner, `${place}.${key}`)),
    ...(typeof more === 'object' ? unlimited(more, `${place}.*`) : []),
    ...(schema.items === undefined ? [] : unlimited(schema.items, `${place}[]`)),
    ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((inner) => unlimited(inner, place)),
  ];
}

/** The smallest input a schema takes, made from its JSON schema. */
function sampleOf(schema: z.ZodType): unknown {
  return smallest(z.toJSONSchema(schema, { io: 'input' }) as SampleSchema);
}

interface SampleSchema extends JsonSchema {
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
}

function smallest(schema: SampleSchema): unknown {
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) {
    return smallest(choice);
  }
  if (schema.const !== undefined || schema.enum !== undefined) {
    return schema.const ?? schema.enum?.[0];
  }
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, smallest(schema.properties?.[key] ?? { type: 'null' })]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items ?? {}));
    case 'string':
      return 'a'.repeat(schema.minLength ?? 0);
    case 'integer':
    case 'number':
      return schema.exclusiveMinimum === undefined ? (schema.minimum ?? 0) : schema.exclusiveMinimum + 1;
    case 'boolean':
      return false;
    default:
      return null;
  }
}
