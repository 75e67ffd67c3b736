import { readFileSync } from 'node:fs'

/** What of the process is in memory and is no copy of a file, and of files as much as at the first call: code, mostly. */
export function makeResidentReader(): () => number {
  let code: number | null = null
  return () => {
    const status = readFileSync('/proc/self/status', 'latin1')
    const of = (name: string): number =>
      Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024
    const files = of('RssFile')
    code ??= files
    return of('RssAnon') + of('RssShmem') + Math.min(code, files)
  }
}
