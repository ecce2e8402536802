import { StrictMode, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { PanelData } from '#shared/contract/usage.ts';
import { panelOf } from '#shared/domain/usage/panels.ts';
import { ChartLegend, chartPng, ChartTable, CursorScope, TimeChart, type Zone } from '#renderer/charts/index.ts';

export interface Shown {
  readonly charts: readonly PanelData[];
  /** How often each of them is shown; once, when left out. */
  readonly times?: number;
  readonly zone?: Zone;
  readonly width?: number;
  readonly height?: number;
  readonly table?: boolean;
}

export interface ChartPage {
  /** Shows charts and returns how long it took from data to pixels, milliseconds. */
  readonly show: (shown: Shown) => number;
  /** The same several times, each from nothing. */
  readonly showAgain: (shown: Shown, runs: number) => readonly number[];
  readonly png: (data: PanelData) => Promise<string>;
  readonly brushed: (readonly [number, number])[];
}

const root = createRoot(document.querySelector('#root') ?? document.body);
const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const brushed: (readonly [number, number])[] = [];

function Board({ charts, times = 1, zone = 'utc', width = 380, height = 132, table = false }: Shown): ReactNode {
  return (
    <main
      style={{
        display: 'flex',
        flexWrap: 'wrap',
        gap: 8,
        padding: 8,
        height: '100%',
        overflow: 'auto',
        background: 'var(--surface-content)',
      }}
    >
      <h1 className="visually-hidden">Charts</h1>
      <CursorScope>
        {Array.from({ length: times }, () => charts)
          .flat()
          .map((data, index) => (
            <section key={index} aria-label={panelOf(data.panel).title} style={{ width, minWidth: 0 }}>
              <h2>{panelOf(data.panel).title}</h2>
              <ChartLegend panel={panelOf(data.panel)} data={data} totals />
              <div style={{ height, marginBottom: 8, overflow: 'hidden' }}>
                {table ? (
                  <ChartTable panel={panelOf(data.panel)} data={data} zone={zone} />
                ) : (
                  <TimeChart
                    panel={panelOf(data.panel)}
                    data={data}
                    zone={zone}
                    onBrush={(from, to) => brushed.push([from, to])}
                  />
                )}
              </div>
            </section>
          ))}
      </CursorScope>
    </main>
  );
}

const chartPage: ChartPage = {
  show: (shown) => {
    const started = performance.now();
    flushSync(() =>
      root.render(
        <StrictMode>
          <Board {...shown} />
        </StrictMode>,
      ),
    );
    // A pixel of each, read where reading is cheap, waits for all drawing before it.
    for (const canvas of document.querySelectorAll('canvas')) {
      pixel?.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
      pixel?.getImageData(0, 0, 1, 1);
    }
    return performance.now() - started;
  },
  showAgain: (shown, runs) =>
    Array.from({ length: runs }, () => {
      chartPage.show({ charts: [] });
      return chartPage.show(shown);
    }),
  png: (data) => chartPng({ panel: panelOf(data.panel), data }),
  brushed,
};
Object.assign(globalThis, { chartPage });
document.title = 'Ready';
