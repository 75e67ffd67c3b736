import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../tools.ts'

/** The program's path. The first time it takes minutes: librdkafka is built from its source. */
export function buildRust(): string {
  // Its lock file stays there: it names the registry of this machine.
  const folder = join(CACHE, 'rust')
  for (const part of ['Cargo.toml', 'src']) {
    cpSync(join(import.meta.dirname, part), join(folder, part), { recursive: true })
  }
  execFileSync('cargo', ['build', '--quiet', '--release'], { cwd: folder, stdio: 'inherit' })
  return join(folder, 'target/release/verdicts')
}
