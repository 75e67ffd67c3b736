import { hash, timingSafeEqual } from 'node:crypto'

/** Whether what stands behind `Authorization` is the token. It takes as long whatever is given. */
export type CheckToken = (authorization: string | undefined) => boolean

/** `token` null: there is none that could be given. */
export function makeTokenCheck(token: string | null): CheckToken {
  if (token === null) return () => false
  const expected = digest(token)
  return authorization => {
    const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    return given !== undefined && timingSafeEqual(digest(given), expected)
  }
}

/** Hashes have the same length, so comparing any two takes as long. */
function digest(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
