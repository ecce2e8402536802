import type { z } from 'zod';

/** The part of a refusal by a schema that is put into words. */
type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  string: 'a text',
  object: 'an object',
};

/** What a value must be, for somebody who typed another one: "it must be at least 1". */
export function misfit(issue: Issue | undefined): string {
  switch (issue?.code) {
    case 'invalid_type':
      return `it must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `it must be ${issue.values.map(String).join(' or ')}`;
    case 'too_small':
      return `it must ${issue.origin === 'string' ? 'have' : 'be'} at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `it must ${issue.origin === 'string' ? 'have' : 'be'} at most ${issue.maximum}${unitOf(issue.origin)}`;
    default:
      return issue?.message ?? 'it does not fit';
  }
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : '';
}
