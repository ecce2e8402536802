import { z } from 'zod';

/**
 * The objects a report uses, as the STIX 2.1 OASIS Standard (10 June 2021) defines them: sections 3.2 (common properties),
 * 4.4, 4.6, 4.12 (malware analysis), 4.13 (note), 4.16 (report), 5.1, 6.7, 7.2, 7.3 and 8 (bundle). Strict: a property
 * the specification does not have is an error.
 */
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const id = (type: string) => z.string().regex(new RegExp(`^${type}--${UUID}$`));
const anyId = id('[a-z][a-z0-9-]+');
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
/** `created` and `modified` are precise to the millisecond: 3.2. */
const precise = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const text = z.string().min(1);
const extensions = z.record(
  id('extension-definition'),
  z.looseObject({ extension_type: z.literal('property-extension') }),
);

const observable = {
  spec_version: z.literal('2.1'),
  object_marking_refs: z.array(id('marking-definition')).min(1).optional(),
};
const domain = {
  ...observable,
  created_by_ref: id('identity').optional(),
  created: precise,
  modified: precise,
  labels: z.array(text).min(1).optional(),
  confidence: z.int().min(0).max(100).optional(),
  external_references: z
    .array(z.strictObject({ source_name: text, external_id: text }))
    .min(1)
    .optional(),
  extensions: extensions.optional(),
};

const identity = z.strictObject({
  ...domain,
  type: z.literal('identity'),
  id: id('identity'),
  name: text,
  description: text.optional(),
  identity_class: z.enum(['individual', 'group', 'system', 'organization', 'class', 'unknown']),
});
const extensionDefinition = z.strictObject({
  ...domain,
  type: z.literal('extension-definition'),
  id: id('extension-definition'),
  created_by_ref: id('identity'),
  name: text,
  description: text.optional(),
  schema: text,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  extension_types: z.array(z.enum(['property-extension', 'new-sdo', 'new-sco', 'new-sro'])).min(1),
});
const file = z.strictObject({
  ...observable,
  type: z.literal('file'),
  id: id('file'),
  hashes: z
    .strictObject({
      MD5: z.string().length(32).optional(),
      'SHA-1': z.string().length(40).optional(),
      'SHA-256': z.string().length(64).optional(),
    })
    .refine((hashes) => Object.keys(hashes).length > 0),
  size: z.int().nonnegative().optional(),
  name: text.optional(),
});
const malwareAnalysis = z.strictObject({
  ...domain,
  type: z.literal('malware-analysis'),
  id: id('malware-analysis'),
  product: z.string().regex(/^[a-z0-9-]+$/),
  version: text.optional(),
  analysis_ended: timestamp.optional(),
  result_name: text.optional(),
  result: z.enum(['malicious', 'suspicious', 'benign', 'unknown']),
  sample_ref: id('file'),
});
const indicator = z.strictObject({
  ...domain,
  type: z.literal('indicator'),
  id: id('indicator'),
  name: text.optional(),
  description: text.optional(),
  indicator_types: z.array(z.enum(['anomalous-activity', 'malicious-activity', 'benign', 'unknown'])).min(1),
  pattern: z.string().regex(/^\[file:hashes\.'(MD5|SHA-1|SHA-256)' = '[0-9a-f]+'\]$/),
  pattern_type: z.literal('stix'),
  valid_from: timestamp,
});
const note = z.strictObject({
  ...domain,
  type: z.literal('note'),
  id: id('note'),
  abstract: text.optional(),
  content: text,
  object_refs: z.array(anyId).min(1),
});
const relationship = z.strictObject({
  ...domain,
  type: z.literal('relationship'),
  id: id('relationship'),
  relationship_type: z.string().regex(/^[a-z0-9-]+$/),
  description: text.optional(),
  source_ref: anyId,
  target_ref: anyId,
});
const report = z.strictObject({
  ...domain,
  type: z.literal('report'),
  id: id('report'),
  name: text,
  description: text.optional(),
  report_types: z.array(z.enum(['observed-data', 'indicator', 'malware', 'threat-report'])).min(1),
  published: timestamp,
  object_refs: z.array(anyId).min(1),
});
const marking = z.strictObject({
  type: z.literal('marking-definition'),
  spec_version: z.literal('2.1'),
  id: id('marking-definition'),
  created: precise,
  name: text.optional(),
  definition_type: z.literal('tlp').optional(),
  definition: z.strictObject({ tlp: z.enum(['white', 'green', 'amber', 'red']) }).optional(),
  extensions: extensions.optional(),
});

export const stixObject = z.discriminatedUnion('type', [
  identity,
  extensionDefinition,
  file,
  malwareAnalysis,
  indicator,
  note,
  relationship,
  report,
  marking,
]);
/** Where nothing stands in place of a left-out property: STIX 2.1, 2.3, 2.11 and 3.1, know no null, empty list or dictionary. */
function emptyPlaces(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return value === null ? [place] : [];
  }
  const entries = Object.entries(value);
  return entries.length === 0 ? [place] : entries.flatMap(([key, one]) => emptyPlaces(one, `${place}.${key}`));
}

export const stixBundle = z
  .strictObject({
    type: z.literal('bundle'),
    id: id('bundle'),
    objects: z.array(stixObject),
  })
  .superRefine((bundle, context) => {
    for (const place of emptyPlaces(bundle)) {
      context.addIssue({ code: 'custom', message: `nothing stands at ${place}` });
    }
  });
export type StixBundle = z.infer<typeof stixBundle>;
export type StixType = z.infer<typeof stixObject>['type'];
