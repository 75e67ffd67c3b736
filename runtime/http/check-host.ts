import type { IncomingMessage } from 'node:http'

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/** A page in a browser on this machine reaches the port under a name of its own: false. */
export function isForThisHost({ headers }: IncomingMessage): boolean {
  return LOOPBACK.test(headers.host ?? '')
}
