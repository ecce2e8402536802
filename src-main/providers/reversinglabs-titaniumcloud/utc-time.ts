/** After the year 2100 and before 1970 nothing was seen. */
const LATEST = 4_102_444_800;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A time as the service writes it, `YYYY-MM-DDTHH:MM:SS` without a zone, in UTC: seconds since the epoch; null when it is none. */
export function utcSeconds(text: string | null | undefined): number | null {
  const [, day, time, zone] = TIME.exec(text?.trim() ?? '') ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone ?? 'Z'}`) / 1000;
  return Number.isNaN(at) || at <= 0 || at > LATEST ? null : at;
}
