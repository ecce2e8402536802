/** Opens the platform's file chooser; resolves with nothing when it is closed without a choice. */
export function chooseFiles(what: 'files' | 'one' | 'folder' = 'files', accept = ''): Promise<readonly File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = what === 'files';
    input.accept = accept;
    input.webkitdirectory = what === 'folder';
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
