export { requestRun } from './actions.ts';
export { ask as askSync, showJob } from './store.ts';
export { SyncView } from './sync-view.tsx';
