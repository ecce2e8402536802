import { uuidBytes } from '../../../platform/uuid-v5.ts';

/** Namespace of everything Assay names by itself, as 16 bytes; chosen once. */
export const ASSAY_NAMESPACE = uuidBytes('6f2c5a0e-8d1b-4c53-9a47-1e6d0b7f3c92');
