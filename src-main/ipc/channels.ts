/** The only place where channel names are written. One channel carries every call; names travel as data. */
export const CALL_CHANNEL = 'assay:call';
export const REGISTER_CHANNEL = 'assay:register-files';
export const PUSH_CHANNEL = 'assay:push';
