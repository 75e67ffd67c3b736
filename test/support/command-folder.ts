import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../architecture/source-files.ts'

export interface Finished {
  /** Null: it was killed. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder in which the real `miraclec` runs. */
export interface CommandFolder {
  readonly path: string
  /** Writes a file and gives its name back. */
  write(name: string, content: string | Uint8Array): string
  has(name: string): boolean
  /** Runs the command to its end; after `timeout` milliseconds it is killed. */
  miraclec(words: readonly string[], timeout: number): Finished
  remove(): void
}

export function makeCommandFolder(): CommandFolder {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
  return {
    path: folder,
    write(name, content) {
      writeFileSync(join(folder, name), content)
      return name
    },
    has: name => existsSync(join(folder, name)),
    miraclec(words, timeout) {
      const options = { cwd: folder, encoding: 'utf8', timeout } as const
      const { status, stdout, stderr, error } = spawnSync(
        join(root, 'compiler/miraclec'),
        words,
        options
      )
      if (
        error !== undefined &&
        status === null &&
        !('code' in error && error.code === 'ETIMEDOUT')
      ) {
        throw error
      }
      return { status, stdout, stderr }
    },
    remove: () => rmSync(folder, { recursive: true, force: true })
  }
}
