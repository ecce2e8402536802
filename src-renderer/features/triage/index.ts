export { TriageView } from './triage-view.tsx';
