/**
 * What a known set is made from: a list in any format, an NSRL RDSv3 database, a delta onto the edition in force, or a Bloom
 * filter, which only says what is possible.
 */
export const SET_FORMS = ['list', 'nsrl-rdsv3', 'nsrl-delta', 'bloom'] as const;
export type SetForm = (typeof SET_FORMS)[number];
