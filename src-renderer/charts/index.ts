export { ChartTable } from './chart-table.tsx';
export { chartPng } from './chart-png.ts';
export { hasDirectLabels } from './chart-model.ts';
export { beforeWords, changeWords, rangeWords, valueWords, type Zone } from './chart-words.ts';
export { CursorScope } from './cursors.tsx';
export { BeforeKey, ChartLegend, SourceLegend } from './legend.tsx';
export { Sparkline } from './sparkline.tsx';
export { TimeChart } from './time-chart.tsx';
