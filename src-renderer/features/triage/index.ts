export { OpenAsDialog } from './reading/open-as-dialog.tsx';
export { TriageView } from './triage-view.tsx';
