import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { cacheCandidates, checkPrivate, makePrivateFolder } from './private-folder.ts'
import { readEntry, type Payload } from './payload.ts'

/** File name inside an extracted folder: what the files looked like when they were written. */
const STAMP = 'stamp.json'
/** Of each file's hash, in the name of the folder: nobody but this user's own executables chooses them. */
const DIGITS = 16

/**
 * Extracts every file of the payload below `prefix` to a private folder named after their contents, once per machine and
 * user, and returns the folder. Later starts compare sizes and times with the stamp (some stat calls, no hashing).
 */
export function extractNative(payload: Payload, prefix: string, env: NodeJS.ProcessEnv): string {
  const names = Object.keys(payload.entries)
    .filter(name => name.startsWith(prefix))
    .sort()
  const refusals: string[] = []
  for (const levels of cacheCandidates(env)) {
    try {
      return extractTo(makePrivateFolder(levels), payload, prefix, names)
    } catch (error) {
      refusals.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Error(
    `no folder to unpack native parts to: ${refusals.join('; ')}. ` +
      'Set XDG_CACHE_HOME to a folder that only this user can write to.'
  )
}

function extractTo(
  root: string,
  payload: Payload,
  prefix: string,
  names: readonly string[]
): string {
  const target = join(root, contentAddress(payload, names))
  if (isIntact(target)) return target
  // Written under a name nobody else uses and then renamed: another process sees the whole folder or none.
  const draft = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeFiles(draft, payload, prefix, names)
    publish(draft, target)
  } finally {
    fs.rmSync(draft, { recursive: true, force: true })
  }
  if (!isIntact(target)) throw new Error(`${target} changed while it was written`)
  return target
}

/** Of hashes that are there: to make one of them all, each start would load Node's `crypto`, some 3 ms. */
function contentAddress({ entries }: Payload, names: readonly string[]): string {
  return names.map(name => entries[name]!.sha256.slice(0, DIGITS)).join('')
}

function writeFiles(
  draft: string,
  payload: Payload,
  prefix: string,
  names: readonly string[]
): void {
  fs.mkdirSync(draft, { mode: 0o700 })
  const stamp: Record<string, string> = {}
  for (const name of names) {
    const relative = name.slice(prefix.length)
    const path = join(draft, relative)
    fs.mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const bytes = readEntry(payload, name) ?? Buffer.alloc(0)
    if (createHash('sha256').update(bytes).digest('hex') !== payload.entries[name]?.sha256) {
      throw new Error(`${name} in this executable is damaged`)
    }
    // Synced before the rename: after a power cut the folder is whole or absent.
    fs.writeFileSync(path, bytes, { mode: 0o500, flag: 'wx', flush: true })
    stamp[relative] = describe(path)
  }
  fs.writeFileSync(join(draft, STAMP), JSON.stringify(stamp), {
    mode: 0o400,
    flag: 'wx',
    flush: true
  })
}

/** Another process may have been first: its folder is as good as ours. A damaged one is moved out of the way. */
function publish(draft: string, target: string): void {
  if (fs.existsSync(target) && !isIntact(target)) {
    const discarded = `${draft}.discarded`
    fs.renameSync(target, discarded)
    fs.rmSync(discarded, { recursive: true, force: true })
  }
  try {
    fs.renameSync(draft, target)
  } catch (error) {
    if (!isIntact(target)) throw error
  }
}

function isIntact(target: string): boolean {
  if (!fs.existsSync(target)) return false
  checkPrivate(target)
  try {
    const stamp = JSON.parse(fs.readFileSync(join(target, STAMP), 'utf8')) as Record<string, string>
    return Object.entries(stamp).every(([name, seen]) => describe(join(target, name)) === seen)
  } catch {
    return false
  }
}

function describe(path: string): string {
  const { size, mtimeMs, uid, mode } = fs.lstatSync(path)
  return `${size} ${mtimeMs} ${uid} ${mode}`
}
