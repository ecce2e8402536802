export { KnownSetsView } from './known-sets-view.tsx';
