/** A whole number with its digits in groups: `1,907`. By hand: the first use of Intl takes longer than a small triage. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
