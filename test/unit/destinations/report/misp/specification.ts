import { z } from 'zod';

/**
 * An event as MISP imports it: misp-core-format (Internet-Draft draft-dulaunoy-misp-core-format), sections 2.2 to 2.10, and
 * the public template of `file` objects. Strict: nothing is in it that the format does not have.
 */
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const timestamp = z.string().regex(/^\d+$/);
/** Tags have a column of 255 characters in MISP's database. */
const tag = z.strictObject({ name: z.string().min(1).max(255) });
const HEX = { md5: /^[0-9a-f]{32}$/, sha1: /^[0-9a-f]{40}$/, sha256: /^[0-9a-f]{64}$/ };

const common = {
  uuid,
  timestamp,
  distribution: z.literal('5'),
  comment: z.string(),
  to_ids: z.boolean(),
  disable_correlation: z.boolean().optional(),
  Tag: z.array(tag).optional(),
};
const digest = <K extends keyof typeof HEX>(kind: K) =>
  z.strictObject({
    ...common,
    type: z.literal(kind),
    object_relation: z.literal(kind),
    category: z.literal('Payload delivery'),
    value: z.string().regex(HEX[kind]),
  });
const attribute = z.discriminatedUnion('type', [
  digest('md5'),
  digest('sha1'),
  digest('sha256'),
  z.strictObject({
    ...common,
    type: z.literal('filename'),
    object_relation: z.literal('filename'),
    category: z.literal('Payload delivery'),
    // MISP's own check of such values: one line.
    value: z.string().regex(/^[^\n]+$/),
  }),
  z.strictObject({
    ...common,
    type: z.literal('text'),
    object_relation: z.literal('fullpath'),
    category: z.literal('Other'),
    value: z.string().min(1),
  }),
  z.strictObject({
    ...common,
    type: z.literal('size-in-bytes'),
    object_relation: z.literal('size-in-bytes'),
    category: z.literal('Other'),
    value: z.string().regex(/^\d+$/),
  }),
]);
const object = z.strictObject({
  uuid,
  name: z.literal('file'),
  'meta-category': z.literal('file'),
  template_uuid: z.literal('688c46fb-5edb-40a3-8273-1af7923e2215'),
  template_version: z.string().regex(/^\d+$/),
  timestamp,
  distribution: z.literal('5'),
  comment: z.string(),
  ObjectReference: z
    .array(z.strictObject({ uuid, referenced_uuid: uuid, relationship_type: z.string(), comment: z.string() }))
    .optional(),
  Attribute: z.array(attribute).min(1),
});

export const mispFile = z.strictObject({
  Event: z.strictObject({
    uuid,
    info: z.string().min(1),
    date: z.string().regex(/^\d{4}-\d\d-\d\d$/),
    timestamp,
    threat_level_id: z.enum(['1', '2', '3', '4']),
    analysis: z.enum(['0', '1', '2']),
    distribution: z.literal('0'),
    published: z.literal(false),
    Orgc: z.strictObject({ uuid, name: z.string().min(1) }),
    Attribute: z.array(attribute),
    Object: z.array(object),
    Tag: z.array(tag),
    EventReport: z.array(
      z.strictObject({ uuid, name: z.string(), content: z.string(), distribution: z.literal('5'), timestamp }),
    ),
  }),
  // Beside the event, where importers do not look.
  assay_report: z.record(z.string(), z.unknown()),
  assay_manifest: z.looseObject({ assayReport: z.literal(1) }),
});
export type MispFile = z.infer<typeof mispFile>;
