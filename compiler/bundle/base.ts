import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { chmod, copyFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from './esbuild.ts'
import { cached } from './build-cache.ts'
import { packageRoot, requireFromRoot } from './package-root.ts'
import { strip } from './strip.ts'

const run = promisify(execFile)

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/**
 * A stripped `node` that starts `runtime/native/launch.ts`: the part that all executables share. Injecting a script takes
 * postject 1.7 s on 109 MB; it is done once per machine, and each compile appends its payload to a copy (30 ms).
 */
export async function prepareBase(): Promise<string> {
  const launcher = await bundleLauncher()
  const { size, mtimeMs } = await stat(process.execPath)
  const key = createHash('sha256')
    .update(`${process.version} ${process.arch} ${size} ${mtimeMs}\n`)
    .update(launcher)
    .digest('hex')
  const folder = await cached(`base-${key.slice(0, 32)}`, draft => prepare(launcher, draft))
  return join(folder, 'node')
}

async function bundleLauncher(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(packageRoot, 'runtime/native/launch.ts')],
    absWorkingDir: packageRoot,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true
  })
  return outputFiles[0]!.contents
}

async function prepare(launcher: Uint8Array, draft: string): Promise<void> {
  const node = join(draft, 'node')
  // Relative paths: the blob keeps the script's, and must not tell one machine from another.
  const sea = { main: 'launch.cjs', output: 'launch.blob', disableExperimentalSEAWarning: true }
  await writeFile(join(draft, sea.main), launcher)
  await writeFile(join(draft, 'sea.json'), JSON.stringify(sea))
  const args = ['--experimental-sea-config', 'sea.json']
  await run(process.execPath, args, { cwd: draft })
  await copyFile(process.execPath, node)
  await chmod(node, 0o755)
  await strip(node)
  // In a process of its own: postject's WebAssembly takes over the handling of uncaught errors.
  const postject = requireFromRoot.resolve('postject/dist/cli.js')
  const blob = join(draft, sea.output)
  await run(process.execPath, [postject, node, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE])
}
