export { SecretField } from './keys/secret-field.tsx';
export { SecretStoreNotice } from './keys/secret-store.tsx';
export { StoreRow } from './keys/store-row.tsx';
export { useAttempt } from './keys/use-attempt.ts';
export { proxyFault, urlFault } from './settings/address-faults.ts';
export { SourcesView } from './sources-view.tsx';
