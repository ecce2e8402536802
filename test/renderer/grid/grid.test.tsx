import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallError } from '#renderer/bridge/client.ts';
import { Grid, type GridProps } from '#renderer/grid/grid.tsx';
import { countSelected, NOTHING_SELECTED, type GridSelection } from '#renderer/grid/selection.ts';

configure({ asyncUtilTimeout: 60_000 });
const ROWS_SEEN = 10;
let viewport = 0;

interface Stage {
  readonly asked: number[];
  selection: GridSelection;
  failing: boolean;
}

function renderGrid(total: number, change: Partial<GridProps<string>> = {}): Stage {
  const stage: Stage = { asked: [], selection: NOTHING_SELECTED, failing: false };
  function Page() {
    const [selection, setSelection] = useState(NOTHING_SELECTED);
    return (
      <Grid<string>
        label="Rows"
        columns={COLUMNS}
        widths={{}}
        onWidth={() => undefined}
        rowHeight={28}
        total={total}
        queryKey="all"
        version={1}
        fetchRows={fetchRows}
        selection={selection}
        onSelection={(next) => {
          stage.selection = next;
          setSelection(next);
        }}
        onCurrent={() => undefined}
        empty={<p>Nothing here</p>}
        {...change}
      />
    );
  }
  const COLUMNS = [{ id: 'name', header: 'Name', width: 100, render: (row: string) => row }];
  const fetchRows = (offset: number, limit: number): Promise<readonly string[]> => {
    stage.asked.push(offset);
    return stage.failing
      ? Promise.reject(new CallError('IO', 'The file of the intake cannot be read.', true))
      : Promise.resolve(Array.from({ length: Math.min(limit, total - offset) }, (_, index) => `row ${offset + index}`));
  };
  render(<Page />);
  return stage;
}

const grid = (): HTMLElement => screen.getByRole('grid');
const current = (): string | null | undefined => grid().querySelector('.cur')?.getAttribute('data-row');

describe('the grid', () => {
  beforeEach(() => {
    viewport = 28 * (ROWS_SEEN + 1);
    Object.defineProperty(HTMLElement.prototype, 'clientHeight', { get: () => viewport, configurable: true });
  });
  afterEach(cleanup);

  it('draws only what is seen of a million rows and reaches the last one', async () => {
    renderGrid(1_000_000);
    expect(await screen.findByText('row 0')).toBeDefined();
    fireEvent.keyDown(grid(), { key: 'End' });
    const last = (await screen.findByText('row 999999')).closest('[role=row]');
    expect(last?.getAttribute('aria-rowindex')).toBe('1000001');
    expect(grid().getAttribute('aria-rowcount')).toBe('1000001');
    expect(grid().querySelectorAll('[data-row]').length).toBeLessThanOrEqual(ROWS_SEEN + 2);
    fireEvent.keyDown(grid(), { key: 'Home' });
    expect(await screen.findByText('row 0')).toBeDefined();
  });

  it('moves a page at a time and names the row the reader is on', async () => {
    renderGrid(1000);
    await screen.findByText('row 0');
    fireEvent.keyDown(grid(), { key: 'PageDown' });
    expect(current()).toBe(String(ROWS_SEEN - 1));
    fireEvent.keyDown(grid(), { key: 'PageUp' });
    expect(current()).toBe('0');
    const active = grid().getAttribute('aria-activedescendant');
    expect(document.getElementById(active ?? '')?.getAttribute('data-row')).toBe('0');
  });

  it('selects ranges and everything by key, and lets go with Escape', async () => {
    const stage = renderGrid(1000);
    await screen.findByText('row 0');
    fireEvent.keyDown(grid(), { key: 'ArrowDown' });
    fireEvent.keyDown(grid(), { key: 'ArrowDown', shiftKey: true });
    fireEvent.keyDown(grid(), { key: 'ArrowDown', shiftKey: true });
    expect([...stage.selection.positions]).toEqual([1, 2, 3]);
    fireEvent.keyDown(grid(), { key: 'a', ctrlKey: true });
    expect(countSelected(stage.selection, 1000)).toBe(1000);
    fireEvent.keyDown(grid(), { key: 'Escape' });
    expect(countSelected(stage.selection, 1000)).toBe(0);
  });

  it('selects by mouse: a box, a stretch with Shift, single rows with Ctrl', async () => {
    const stage = renderGrid(1000);
    const rowAt = async (at: number): Promise<Element> =>
      (await screen.findByText(`row ${at}`)).closest('[role=row]') as Element;
    fireEvent.click((await rowAt(1)).querySelector('.tickcell') as Element);
    fireEvent.click(await rowAt(4), { shiftKey: true });
    expect([...stage.selection.positions]).toEqual([1, 2, 3, 4]);
    fireEvent.click(await rowAt(2), { ctrlKey: true });
    expect([...stage.selection.positions]).toEqual([1, 3, 4]);
  });

  it('leaves keys alone that it does not know', async () => {
    renderGrid(10);
    await screen.findByText('row 0');
    expect(fireEvent.keyDown(grid(), { key: 'F5' })).toBe(true);
    expect(fireEvent.keyDown(grid(), { key: 'ArrowDown' })).toBe(false);
  });

  it('says a fault, keeps what it has, and tries again', async () => {
    const stage = renderGrid(1000);
    await screen.findByText('row 0');
    stage.failing = true;
    fireEvent.keyDown(grid(), { key: 'End' });
    expect((await screen.findByRole('alert')).textContent).toContain('The file of the intake cannot be read.');
    stage.failing = false;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('row 999')).toBeDefined();
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('says that there is nothing instead of showing nothing', () => {
    renderGrid(0);
    expect(screen.getByText('Nothing here')).toBeDefined();
    fireEvent.keyDown(grid(), { key: 'End' });
    expect(grid().getAttribute('aria-rowcount')).toBe('1');
  });
});
