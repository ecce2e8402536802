import type { CostAtSize } from './cost-at-size.ts';

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 48;
const TOP = 36;
const BOTTOM = 32;
const PANEL = (WIDTH - 2 * LEFT - 40) / 2;

/** Two small line charts side by side: milliseconds a look-up, microseconds an upsert, over the number of items. */
export function costChart(costs: readonly CostAtSize[]): string {
  const lookup = panel(LEFT, 'Look-up of one hash, ms', costs, [
    { name: 'median', value: (cost) => cost.lookupP50 },
    { name: 'p99', value: (cost) => cost.lookupP99 },
  ]);
  const upsert = panel(LEFT + PANEL + 40 + LEFT, 'Upsert of one item, µs', costs, [
    { name: 'mean', value: (cost) => cost.upsert },
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Cost of a look-up and of an upsert by the number of items" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
${lookup}
${upsert}
</svg>
`;
}

interface Line {
  readonly name: string;
  readonly value: (cost: CostAtSize) => number;
}

function panel(left: number, title: string, costs: readonly CostAtSize[], lines: readonly Line[]): string {
  const width = PANEL - LEFT / 2;
  const most = niceAbove(Math.max(...costs.flatMap((cost) => lines.map((line) => line.value(cost)))));
  const largest = Math.max(...costs.map((cost) => cost.items));
  const x = (items: number): number => left + (items / largest) * width;
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const grid = [0, most / 2, most]
    .map(
      (value) =>
        `<line x1="${left}" x2="${left + width}" y1="${y(value)}" y2="${y(value)}" stroke="${value === 0 ? '#6b7280' : '#d1d5db'}"/>` +
        `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end" fill="#4b5563">${value}</text>`,
    )
    .join('\n');
  const ticks = costs
    .map(
      (cost) =>
        `<text x="${x(cost.items)}" y="${HEIGHT - 12}" text-anchor="middle" fill="#4b5563">${cost.items / 1_000_000}M</text>`,
    )
    .join('\n');
  const drawn = lines
    .map((line, index) => {
      const points = costs.map((cost) => [x(cost.items), y(line.value(cost))] as const);
      const [lastX, lastY] = points.at(-1) ?? [0, 0];
      const stroke = index === 0 ? '#1d4ed8' : '#64748b';
      return (
        `<polyline fill="none" stroke="${stroke}" stroke-width="2" points="${points.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ')}"/>` +
        points.map(([a, b]) => `<circle cx="${a.toFixed(1)}" cy="${b.toFixed(1)}" r="3" fill="${stroke}"/>`).join('') +
        `<text x="${lastX - 4}" y="${lastY - 8}" text-anchor="end" fill="${stroke}">${line.name}</text>`
      );
    })
    .join('\n');
  return `<text x="${left}" y="20" fill="#111827" font-weight="600">${title}</text>\n${grid}\n${ticks}\n${drawn}`;
}

/** 1, 2 or 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
