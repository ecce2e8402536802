export { USAGE_ACTIONS } from './actions.ts';
export { UsageStrip } from './strip/usage-strip.tsx';
export { UsageView } from './usage-view.tsx';
