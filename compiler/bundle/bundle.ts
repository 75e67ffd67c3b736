import { copyFile, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { BundleError } from './bundle-error.ts'
import { writeExecutable } from './executable.ts'
import { bundleScript } from './javascript.ts'
import { prepareLazyParts } from './lazy-parts.ts'
import { prepareNative, type AddonName } from './native-parts.ts'

export interface BundleInput {
  /** Names the executable. */
  readonly name: string
  /** The emitted TypeScript, importing '#runtime' and exporting `pipeline`, with an inline source map to the SQL. */
  readonly source: string
  readonly plan: string
  readonly models: readonly { readonly sha256: string; readonly path: string }[]
  /** Where its state is; absent: in memory. */
  readonly backend?: 'memory' | 'lmdb'
}

export interface BundleOptions {
  /** Where everything goes: `dist-pipelines/<name>`. */
  readonly directory: string
  /**
   * `executable`: one file that needs nothing. `bundle`: `pipeline.mjs` with native parts and models beside it, for people
   * who have Node. `linked`: the same with links instead of copies, for a run on this machine.
   */
  readonly format: 'executable' | 'bundle' | 'linked'
}

export interface Bundled {
  readonly directory: string
  /** What to start: the executable, or `pipeline.mjs`. */
  readonly main: string
}

/** Writes TypeScript, bundle, source map, plan and, by format, the executable or its parts. Throws BundleError. */
export async function bundlePipeline(input: BundleInput, options: BundleOptions): Promise<Bundled> {
  const directory = resolve(options.directory)
  try {
    await mkdir(directory, { recursive: true })
    const script = bundleScript(input, options.format === 'executable')
    await Promise.all([
      writeFile(join(directory, 'pipeline.ts'), input.source),
      writeFile(join(directory, 'plan.txt'), input.plan)
    ])
    const bundled = await script
    await writeFile(join(directory, 'pipeline.mjs'), bundled.module)
    await writeFile(join(directory, 'pipeline.mjs.map'), bundled.map)
    if (options.format !== 'executable') {
      await placeBeside(input, directory, options.format === 'linked')
      return { directory, main: join(directory, 'pipeline.mjs') }
    }
    const executable = join(directory, input.name)
    await writeExecutable(executable, input, bundled, addonsOf(input))
    return { directory, main: executable }
  } catch (error) {
    throw asBundleError(error)
  }
}

function addonsOf(input: BundleInput): readonly AddonName[] {
  return [
    'kafka',
    ...(input.models.length > 0 ? (['onnx'] as const) : []),
    ...(input.backend === 'lmdb' ? (['lmdb'] as const) : [])
  ]
}

async function placeBeside(input: BundleInput, directory: string, link: boolean): Promise<void> {
  const place = async (from: string, to: string): Promise<void> => {
    await rm(to, { recursive: true, force: true })
    await (link ? symlink(from, to) : cp(from, to, { recursive: true }))
  }
  await mkdir(join(directory, 'native'), { recursive: true })
  for (const addon of addonsOf(input)) {
    const parts = await prepareNative(addon)
    await place(parts.folder, join(directory, 'native', addon))
  }
  for (const { name, path } of await prepareLazyParts(addonsOf(input))) {
    await place(path, join(directory, name))
  }
  if (input.models.length === 0) return
  await mkdir(join(directory, 'models'), { recursive: true })
  for (const { path, sha256 } of input.models) {
    await copyFile(path, join(directory, 'models', `${sha256}.onnx`))
  }
}

/** A failed system call is the machine's doing; everything else is a bug and keeps its stack. */
function asBundleError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof BundleError || !('syscall' in error))
    return error
  return new BundleError(`cannot write the pipeline: ${error.message}`, { cause: error })
}
