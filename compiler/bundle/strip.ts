import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Removes symbols from an ELF file in place. Where there is no `strip` the file stays as it is: larger, not wrong. */
export async function strip(path: string): Promise<void> {
  const child = spawn('strip', ['--strip-unneeded', path], { stdio: 'ignore' })
  await once(child, 'close').catch(() => null)
}
