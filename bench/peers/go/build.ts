import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { CACHE } from '../tools.ts'

/** The program's path. */
export function buildGo(): string {
  const path = join(CACHE, 'go/go-bench')
  execFileSync('go', ['build', '-o', path, '.'], { cwd: import.meta.dirname, stdio: 'inherit' })
  return path
}
