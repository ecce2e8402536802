/** What a known set is made from: a list in any format, an NSRL RDSv3 database, or a delta onto the edition in force. */
export const SET_FORMS = ['list', 'nsrl-rdsv3', 'nsrl-delta'] as const;
export type SetForm = (typeof SET_FORMS)[number];
