import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'

const OTHERS_CAN_WRITE = 0o022

/**
 * Where native parts may be kept, best first. Code is loaded from there, so every level that is ours belongs to us alone.
 * A relative XDG_CACHE_HOME is ignored, as the XDG specification says.
 */
export function cacheCandidates(env: NodeJS.ProcessEnv): readonly (readonly string[])[] {
  const shared = [env['XDG_CACHE_HOME'], env['HOME'] ? join(env['HOME'], '.cache') : undefined]
  const home = shared.find(path => path !== undefined && isAbsolute(path))
  const temporary = [join(tmpdir(), `miraclec-${ownUser()}`), 'native']
  return home === undefined ? [temporary] : [[join(home, 'miraclec'), 'native'], temporary]
}

/** Makes `levels[0]/levels[1]/...`, mode 0700, and returns its path. Throws when a level isn't ours alone. */
export function makePrivateFolder(levels: readonly string[]): string {
  let path = ''
  for (const level of levels) {
    path = path === '' ? level : join(path, level)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    checkPrivate(path)
  }
  return path
}

/** Throws when another user owns `path` or may write to it: what is loaded from there could be anything. */
export function checkPrivate(path: string): void {
  const stat = lstatSync(path)
  if (!stat.isDirectory()) throw new Error(`${path} is not a folder`)
  if (stat.uid !== ownUser()) throw new Error(`${path} belongs to another user (${stat.uid})`)
  if ((stat.mode & OTHERS_CAN_WRITE) !== 0) throw new Error(`${path} can be written by other users`)
}

function ownUser(): number {
  return process.geteuid?.() ?? 0
}
