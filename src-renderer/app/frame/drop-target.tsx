import { useState, type DragEvent, type ReactNode } from 'react';
import { readFiles, readText } from '../store.ts';

/** The whole window takes files, folders and text, in every view. */
export function DropTarget({ children }: { readonly children: ReactNode }): ReactNode {
  const [over, setOver] = useState(false);
  const onOver = (event: DragEvent): void => {
    event.preventDefault();
    const isFree = document.querySelector('dialog[open]') === null;
    event.dataTransfer.dropEffect = isFree ? 'copy' : 'none';
    setOver(isFree);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const files = [...event.dataTransfer.files];
    if (files.length > 0) {
      void readFiles(files);
    } else {
      const text = event.dataTransfer.getData('text/plain');
      if (text.trim() !== '') {
        void readText(text);
      }
    }
  };
  return (
    <div
      className={over ? 'window over' : 'window'}
      onDragEnter={onOver}
      onDragOver={onOver}
      onDragLeave={(event) => {
        if (event.relatedTarget === null) {
          setOver(false);
        }
      }}
      onDrop={onDrop}
    >
      {children}
      {over ? (
        <div className="dropveil" aria-hidden="true">
          <p>Drop to read</p>
        </div>
      ) : null}
    </div>
  );
}
