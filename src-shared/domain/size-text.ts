const UNITS = ['kB', 'MB', 'GB', 'TB'];
const STEP = 1000;

/**
 * A number of bytes with three figures in the largest unit that keeps it at 1 or more: `999 bytes`, `65.0 MB`, `2.31 GB`.
 * Decimal units, as disks and downloads are sold; window, terminal and reports say the same of the same file.
 */
export function sizeText(bytes: number): string {
  const whole = Math.round(bytes);
  if (whole < STEP) {
    return whole === 1 ? '1 byte' : `${whole} bytes`;
  }
  let amount = whole / STEP;
  let unit = 0;
  // What rounds up to a thousand is one of the next unit.
  while (amount >= STEP - 0.5 && unit < UNITS.length - 1) {
    amount /= STEP;
    unit += 1;
  }
  return `${threeFigures(amount)} ${UNITS[unit] ?? ''}`;
}

function threeFigures(amount: number): string {
  if (amount < 9.995) {
    return amount.toFixed(2);
  }
  return amount < 99.95 ? amount.toFixed(1) : String(Math.round(amount));
}
