import type { ContainerFormat } from './port.ts';

/** A kind of container Assay can open. Its reader is loaded when the first one is opened, so that starting pays nothing. */
export interface ContainerKind {
  /** What `reading.format` says to have it opened whatever it looks like. */
  readonly id: string;
  readonly label: string;
  /** `archive`: files, each a list or a sample. `document`: its text is a list when it holds a digest; else it is a sample. */
  readonly holds: 'archive' | 'document';
  load(): Promise<ContainerFormat>;
}

/** Every kind of container that can be opened, in the order a chooser shows them. */
export const CONTAINERS: readonly ContainerKind[] = [
  { id: 'zip', label: 'Zip archive', holds: 'archive', load: async () => (await import('./zip/zip.ts')).zip },
  {
    id: '7z',
    label: '7z archive',
    holds: 'archive',
    load: async () => (await import('./seven-zip/seven-zip.ts')).sevenZip,
  },
  { id: 'xlsx', label: 'Excel workbook', holds: 'document', load: async () => (await import('./xlsx/xlsx.ts')).xlsx },
  { id: 'pdf', label: 'PDF document', holds: 'document', load: async () => (await import('./pdf/pdf.ts')).pdf },
];

/** The kind with this id; null when Assay opens none that is called so. */
export function findContainer(id: string): ContainerKind | null {
  return CONTAINERS.find((kind) => kind.id === id) ?? null;
}
