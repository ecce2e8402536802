export { HashListView } from './hash-list-view.tsx';
