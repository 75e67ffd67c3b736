import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'

/** Why an image can't be put together here; null: it can. */
export function imageMissing(): string | null {
  if (process.geteuid?.() !== 0) return 'only root may change the root folder'
  const { status } = spawnSync('unshare', ['--mount', 'true'])
  return status === 0 ? null : 'unshare is missing, or not allowed'
}

/**
 * The root folder of an image, made as its Dockerfile says of the libraries of this machine: Docker itself is not there. Only what is
 * installed is not installed again.
 */
export class ImageRoot {
  readonly folder = mkdtempSync(join(tmpdir(), 'miraclec-image-'))
  readonly #entry: string

  constructor(dockerfile: string, executable: string) {
    const instructions = DockerfileParser.parse(dockerfile).getInstructions()
    const runs = instructions.filter(one => one.getKeyword() === 'RUN')
    const [script] = runs
      .map(one => one.getArgumentsContent() ?? '')
      .filter(text => !text.includes('apt-get'))
    execFileSync('sh', [
      '-c',
      script!.replaceAll('\\\n', '\n').replaceAll('/image', `${this.folder}/image`)
    ])
    const entry = instructions.find(one => one.getKeyword() === 'ENTRYPOINT')!
    ;[this.#entry] = JSON.parse(entry.getArgumentsContent()!) as [string]
    const place = join(this.folder, 'image', this.#entry)
    mkdirSync(join(place, '..'), { recursive: true })
    copyFileSync(executable, place)
    chmodSync(place, 0o755)
    mkdirSync(join(this.folder, 'image/proc'))
  }

  /** As in a container: another root folder, which nobody can write to but for /cache and /tmp, and no rights. */
  run(words: readonly string[], environment: Record<string, string>) {
    const inside = [
      'mount --bind "$0" "$0"',
      'mount --bind /proc "$0/proc"',
      'mount -t tmpfs -o mode=1777 tmpfs "$0/cache"',
      'mount -o remount,ro,bind "$0"',
      'exec chroot --userspec=65532:65532 "$0" "$@"'
    ].join(' && ')
    const args = ['--mount', 'sh', '-c', inside, join(this.folder, 'image'), this.#entry]
    return spawnSync('unshare', [...args, ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...environment }
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
