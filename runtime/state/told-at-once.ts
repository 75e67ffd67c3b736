/** So many rows are told, in some ms, before others get a turn. */
export const TOLD_AT_ONCE = 1000
