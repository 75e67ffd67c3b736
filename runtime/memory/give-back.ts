/** Between two times, in ms: what one burst has left the next one takes again, if it comes soon. */
const INTERVAL = 30_000

/** Now and then has memory that nobody uses given back to the system. Returns what ends that. */
export function giveBack(trim: () => boolean): () => void {
  const timer = setInterval(trim, INTERVAL)
  timer.unref()
  return () => clearInterval(timer)
}
