import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../tools.ts'

/** The program's path, beside the packages that only it needs. */
export function buildPlatformatic(): string {
  const folder = join(CACHE, 'node')
  mkdirSync(folder, { recursive: true })
  for (const file of ['package.json', 'platformatic.mjs'])
    copyFileSync(join(import.meta.dirname, file), join(folder, file))
  if (!existsSync(join(folder, 'node_modules'))) {
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
  }
  return join(folder, 'platformatic.mjs')
}
