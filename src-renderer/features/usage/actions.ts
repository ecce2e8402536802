import { exportPanels } from './board/export.ts';
import { chartsOf, tablesOf } from './board/layout.ts';
import { LAST_RANGES, sentenceOf, stretchOf } from './board/ranges.ts';
import { openUsage, presentBoard, resetLayout, setBoard, setTables, useBoardState } from './board/store.ts';
import { nowSeconds } from '../../components/words.ts';

/** What the palette offers of the board, from any view. */
export const USAGE_ACTIONS: readonly { readonly id: string; readonly label: string; readonly run: () => void }[] = [
  ...LAST_RANGES.map((range) => ({
    id: `usage-${range}`,
    label: `Usage: ${sentenceOf({ range, from: 0, to: 0 }, 'utc')}`,
    run: () => openUsage(range),
  })),
  {
    id: 'usage-custom',
    label: 'Usage: another range…',
    run: () => {
      openUsage();
      useBoardState.setState({ isCustomOpen: true });
    },
  },
  {
    id: 'usage-compare',
    label: 'Usage: compare with the time before, or not',
    run: () => {
      openUsage();
      setBoard({ compare: !presentBoard().compare });
    },
  },
  {
    id: 'usage-tables',
    label: 'Usage: tables or charts',
    run: () => {
      openUsage();
      setTables(!presentBoard().tables);
    },
  },
  { id: 'usage-csv', label: 'Usage: write all panels as CSV…', run: () => write('csv') },
  { id: 'usage-html', label: 'Usage: write the whole board as HTML…', run: () => write('html') },
  {
    id: 'usage-reset',
    label: 'Usage: reset the layout of the board',
    run: () => {
      openUsage();
      resetLayout();
    },
  },
];

function write(format: 'csv' | 'html'): void {
  const board = presentBoard();
  openUsage();
  void exportPanels(format, stretchOf(board, nowSeconds()), chartsOf(board), format === 'html' ? tablesOf(board) : []);
}
