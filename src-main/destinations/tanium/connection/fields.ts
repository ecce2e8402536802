/** A JSON object, as opposed to an array, a text or null. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An answer without the envelope `{"data": ...}` that Threat Response 4.x puts around every one and 3.x around none.
 */
export function unwrapped(value: unknown): unknown {
  return isObject(value) && Object.hasOwn(value, 'data') ? value['data'] : value;
}

/** A whole number that is no negative one, also written as a text; null otherwise. */
export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** A text; empty when the value is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
