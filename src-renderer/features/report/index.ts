export { ReportDialog } from './report-dialog.tsx';
export { VerifyDialog } from './verify-dialog.tsx';
