/** Null: none was given; a text: what is wrong with it. */
export function readPort(text: string | null, flag = '--port'): number | string | null {
  if (text === null) return null
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  return `${flag} is a number from 0 to 65535, not "${text}"`
}
