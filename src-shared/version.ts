/** The version of Assay, as in package.json. */
export const ASSAY_VERSION = '0.1.0';
