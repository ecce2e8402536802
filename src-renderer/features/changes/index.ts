export { ChangesView } from './changes-view.tsx';
export { showFlips } from './store.ts';
