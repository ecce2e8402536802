import { useState, type ReactNode } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { openTextAs } from './open-as.ts';
import { readText, setOverlay } from './store.ts';

/** For hands that would rather see the text before it is read. */
export function PasteDialog(): ReactNode {
  const [text, setText] = useState('');
  return (
    <Dialog
      title="Read pasted text"
      action="Read"
      disabled={text.trim() === ''}
      onClose={() => setOverlay('none')}
      onAction={() => void readText(text)}
      aside={
        <button type="button" className="button" disabled={text.trim() === ''} onClick={() => openTextAs(text)}>
          Choose how…
        </button>
      }
    >
      <label className="stack">
        <span className="small t2">Hashes, a list, or a log. Every MD5, SHA-1 and SHA-256 in it is answered.</span>
        <textarea
          className="field area mono"
          rows={12}
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
    </Dialog>
  );
}
