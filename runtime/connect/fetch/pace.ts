/** Between two requests to a broker that answers with little, in ms. */
const LEAST = 2
/** An answer with so many bytes is what a broker has when somebody reads a backlog. */
const MUCH = 1 << 18

/**
 * How many ms to wait before a broker is asked again that took `elapsed` ms for an answer of `bytes`. While records trickle in it would
 * answer for each few of them, and brokers pay by the request; one that comes alone has made its broker wait, and is not waited for.
 */
export function pauseAfter(elapsed: number, bytes: number): number {
  return bytes < MUCH ? Math.max(0, LEAST - elapsed) : 0
}
