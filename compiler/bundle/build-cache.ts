import { randomBytes } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { BundleError } from './bundle-error.ts'

/**
 * Returns `<cache>/miraclec/build/<key>`, made by `fill` on first use. Written under another name and renamed, so that two
 * compiles at once are safe; what is in it goes into executables, so the folder must be this user's alone.
 */
export async function cached(
  key: string,
  fill: (folder: string) => Promise<void>
): Promise<string> {
  const folder = join(cacheRoot(), key)
  if (await exists(folder)) return folder
  const draft = `${folder}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    await mkdir(draft, { mode: 0o700 })
    await fill(draft)
    await rename(draft, folder)
  } catch (error) {
    // Another compile may have been first: a folder that is there is complete.
    if (!(await exists(folder))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

function cacheRoot(): string {
  const configured = process.env['XDG_CACHE_HOME']
  const base =
    configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.cache')
  const own = [join(base, 'miraclec'), join(base, 'miraclec/build')]
  for (const folder of own) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = lstatSync(folder)
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) {
      throw new BundleError(
        `${folder} can be changed by other users; set XDG_CACHE_HOME to a private folder`
      )
    }
  }
  return join(base, 'miraclec/build')
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false
  )
}
