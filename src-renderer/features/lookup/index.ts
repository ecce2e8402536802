export { DigestRow } from './digest-row.tsx';
export { LookupView } from './lookup-view.tsx';
export { SourceAsk, SourcePage } from './source-ask.tsx';
