/**
 * A watermark behind every time: no more rows come, so what waits for some is told. Infinity is said where nobody tells time, and then
 * nothing is over.
 */
export const END_OF_TIME = Number.MAX_SAFE_INTEGER
