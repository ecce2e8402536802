/** Parameters in the order they are sent. */
export type Parameters = readonly (readonly [name: string, value: string])[];

/**
 * A query string as it goes on the wire, without the question mark. A space is `%20`: what `+` means to the server that
 * checks the signature is not documented. `'` is encoded as well, as every URL parser would after the signature was made.
 */
export function queryText(parameters: Parameters): string {
  return parameters.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("'", '%27');
}
