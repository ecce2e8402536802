import type { ReactNode } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { KEYS, keyName } from './keys.ts';
import { setOverlay, useApp } from '../store.ts';

export function KeyMap(): ReactNode {
  return (
    <Dialog title="Keyboard" onClose={() => setOverlay('none')}>
      <div className="scrollbox" tabIndex={0} role="region" aria-label="Keys">
        <KeyTable />
      </div>
    </Dialog>
  );
}

export function KeyTable(): ReactNode {
  const platform = useApp((state) => state.boot?.platform);
  return (
    <table className="sheet keys">
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Does</th>
          <th scope="col">Where</th>
        </tr>
      </thead>
      <tbody>
        {KEYS.map(({ keys, does, where }) => (
          <tr key={keys + does}>
            <td>
              <kbd>{keyName(keys, platform)}</kbd>
            </td>
            <td>{does}</td>
            <td className="t2">{where}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
