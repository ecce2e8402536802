export { HashListView } from './hash-list-view.tsx';
export { tell } from './list-actions.ts';
