/** Zones reach 14 hours from UTC. */
const FARTHEST_ZONE_MS = 14 * 60 * 60 * 1000;

/** The condition on Last Modified where `buildTql` puts it: behind everything but the inactive ones. */
const AT_THE_END =
  /( and lastModified >= )"([^"]+Z)"((?: and \(indicatorActive = true or indicatorActive = false\))?\))$/;

/**
 * A query of `buildTql` with Last Modified written without a zone, so early that no zone the server takes it in makes it
 * later; null when it has no such condition. `own` is the user's TQL, whose times are left as they are.
 */
export function withPlainTime(tql: string, own: string): string | null {
  const found = AT_THE_END.exec(tql);
  const at = Date.parse(found?.[2] ?? '');
  if (found === null || Number.isNaN(at) || tql === `(${own.trim().replace(/[\r\n\t]+/g, ' ')})`) {
    return null;
  }
  const plain = new Date(Math.max(0, at - FARTHEST_ZONE_MS)).toISOString().slice(0, 19).replace('T', ' ');
  return `${tql.slice(0, found.index)}${found[1]}"${plain}"${found[3]}`;
}
