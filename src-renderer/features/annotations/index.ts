export { AnnotateDialog } from './annotate-dialog.tsx';
export { TagCell } from './tag-cell.tsx';
export { TagStrip } from './tag-strip.tsx';
export { useWritten, type Written } from './use-written.ts';
export { WrittenOn } from './written-on.tsx';
