import { copyFile, cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stop } from 'esbuild'
import { BundleError } from './bundle-error.ts'
import { SBOM, writeExecutable } from './executable.ts'
import { type BundledScript, bundleLater } from './javascript.ts'
import { type LazyPart, prepareLazyParts } from './lazy-parts.ts'
import { prepareNative, type AddonName } from './native-parts.ts'
import { makeSbom } from './sbom/make-sbom.ts'
import type { BundleInput } from './bundle-input.ts'

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
  using begun = beginBundle(options.format)
  return await begun.finish(input, options.directory)
}

/** A bundle whose script is not compiled yet. What is not finished when it is disposed is given up. */
export interface BegunBundle extends Disposable {
  /** As `bundlePipeline`; once. */
  finish(input: BundleInput, directory: string): Promise<Bundled>
}

/** Has esbuild read the runtime from now on, in its own process. */
export function beginBundle(format: BundleOptions['format']): BegunBundle {
  const { promise, resolve: hand } = Promise.withResolvers<BundleInput>()
  const script = bundleLater(promise, format === 'executable')
  // Whoever finishes hears of it; where nobody does, nobody wants to know.
  script.catch(() => {})
  let isWanted = false
  return {
    finish(input, directory) {
      isWanted = true
      hand(input)
      return writeBundle(input, script, { directory, format })
    },
    [Symbol.dispose]() {
      // Or this process waits for a bundle that waits for its script.
      if (!isWanted) void stop()
    }
  }
}

async function writeBundle(
  input: BundleInput,
  script: Promise<BundledScript>,
  options: BundleOptions
): Promise<Bundled> {
  const directory = resolve(options.directory)
  try {
    await mkdir(directory, { recursive: true })
    const addons = addonsOf(input)
    const [bundled, parts] = await Promise.all([
      script,
      prepareLazyParts(addons),
      writeFile(join(directory, 'pipeline.ts'), input.source),
      writeFile(join(directory, 'plan.txt'), input.plan)
    ])
    const sbom = await makeSbom(input, {
      packages: [bundled, ...parts].flatMap(({ packages }) => packages),
      addons,
      hasNode: options.format === 'executable'
    })
    await Promise.all([
      writeFile(join(directory, 'pipeline.mjs'), bundled.module),
      writeFile(join(directory, 'pipeline.mjs.map'), bundled.map),
      writeFile(join(directory, SBOM), sbom)
    ])
    if (options.format !== 'executable') {
      await placeBeside(input, parts, directory, options.format === 'linked')
      return { directory, main: join(directory, 'pipeline.mjs') }
    }
    const executable = join(directory, input.name)
    await writeExecutable(executable, input, { ...bundled, parts, sbom }, addons)
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

async function placeBeside(
  input: BundleInput,
  parts: readonly LazyPart[],
  directory: string,
  link: boolean
): Promise<void> {
  const place = async (from: string, to: string): Promise<void> => {
    await rm(to, { recursive: true, force: true })
    await (link ? symlink(from, to) : cp(from, to, { recursive: true }))
  }
  await mkdir(join(directory, 'native'), { recursive: true })
  for (const addon of addonsOf(input)) {
    const { folder } = await prepareNative(addon)
    await place(folder, join(directory, 'native', addon))
  }
  for (const { name, path } of parts) await place(path, join(directory, name))
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
