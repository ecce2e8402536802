import { useLayoutEffect, type RefObject } from 'react';

/**
 * Opens a dialog element above the page for as long as its component is shown. It is closed while it is still in the
 * page: only then does the browser give the keyboard back to where it was.
 */
export function useModal(dialog: RefObject<HTMLDialogElement | null>): void {
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, [dialog]);
}
