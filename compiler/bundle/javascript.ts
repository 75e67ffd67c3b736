import type { BuildOptions, OutputFile, Plugin } from 'esbuild'
import { basename, join } from 'node:path'
import type { BundleInput } from './bundle-input.ts'
import { build } from './esbuild.ts'
import { nativePlugin } from './native-plugin.ts'
import { packageRoot } from './package-root.ts'
import { type BundledPackage, bundledPackages } from './sbom/bundled-packages.ts'
import { type CodeOrigins, type CodeRange, findStartCode } from './start-code.ts'

export interface BundledScript {
  /** The ESM bundle, its source map, and for executables the same program as a CommonJS function. */
  readonly module: Uint8Array
  readonly map: Uint8Array
  readonly main: Uint8Array
  readonly mainMap: Uint8Array
  /** Of the CommonJS function. */
  readonly startCode: readonly CodeRange[]
  readonly packages: readonly BundledPackage[]
}

/** Exports the definition for people who import it, and runs it when it is what Node was started with. */
const entry = `
import { pipeline } from './pipeline.ts'
import { runPipeline } from '#runtime'
export { pipeline }
if (import.meta.main) runPipeline(pipeline)
`

/** Bundles generated code with the runtime. The source map goes through the emitter's: bundle -> TypeScript -> SQL. */
export function bundleScript(input: BundleInput, executable: boolean): Promise<BundledScript> {
  return bundleLater(Promise.resolve(input), executable)
}

/** The same; the runtime is read at once, most of the work, and what the script became when it is there. */
export async function bundleLater(
  input: Promise<BundleInput>,
  executable: boolean
): Promise<BundledScript> {
  const source = input.then(({ source }) => source)
  const shared = {
    stdin: { contents: entry, resolveDir: packageRoot, sourcefile: 'entry.ts', loader: 'ts' },
    absWorkingDir: packageRoot,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'silent',
    // As if it were in miraclec's folder: comments and source maps say where files are, and are the same wherever it is written to.
    plugins: [nativePlugin(join(packageRoot, 'pipeline.ts'), source), leaveOutOnnx(input)]
  } satisfies BuildOptions
  const [esm, cjs] = await Promise.all([
    build({ ...shared, ...moduleOptions(), metafile: true }),
    executable ? build({ ...shared, ...mainOptions, metafile: true }) : null
  ])
  return {
    module: output(esm.outputFiles, '.mjs'),
    map: output(esm.outputFiles, '.map'),
    ...(cjs === null ? NO_MAIN : readMain(cjs.outputFiles)),
    packages: await bundledPackages((cjs ?? esm).metafile)
  }
}

type Main = Pick<BundledScript, 'main' | 'mainMap' | 'startCode'>

const NO_MAIN: Main = { main: new Uint8Array(), mainMap: new Uint8Array(), startCode: [] }

function readMain(files: readonly OutputFile[]): Main {
  const map = JSON.parse(Buffer.from(output(files, '.map')).toString('utf8')) as CodeOrigins
  return {
    main: output(files, '.cjs'),
    mainMap: Buffer.from(JSON.stringify(withoutFolders(map))),
    startCode: findStartCode(map)
  }
}

/** Without a model nothing asks for ONNX Runtime; leaving it out keeps its code out of the bundle. */
function leaveOutOnnx(input: Promise<BundleInput>): Plugin {
  return {
    name: 'leave-out-onnx',
    setup({ onResolve }) {
      onResolve({ filter: /^onnxruntime-node$/ }, async ({ path }) => {
        const { models } = await input
        return models.length === 0 ? { path, external: true } : undefined
      })
    }
  }
}

function moduleOptions(): BuildOptions {
  // Node's packages are CommonJS and call `require`; an ES module has none of its own.
  const banner =
    "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"
  return {
    format: 'esm',
    outfile: join(packageRoot, 'pipeline.mjs'),
    sourcemap: 'linked',
    banner: { js: banner }
  }
}

/**
 * One function expression for the launcher: it has no module around it, so `import.meta` is answered here. Without white
 * space the text holds no path of this machine's folders either: same input, same bytes.
 */
export const mainOptions = {
  format: 'cjs',
  outfile: 'main.cjs',
  sourcemap: 'external',
  sourcesContent: false,
  minifyWhitespace: true,
  minifySyntax: true,
  charset: 'ascii',
  define: {
    'import.meta.main': 'true',
    'import.meta.url': '"file:///main.cjs"',
    'import.meta.filename': '"/main.cjs"',
    'import.meta.dirname': '"/"'
  },
  banner: { js: '(function(require){const module={exports:{}};' },
  footer: { js: '})' }
} satisfies BuildOptions

function output(files: readonly OutputFile[] | undefined, extension: string): Uint8Array {
  const file = files?.find(({ path }) => path.endsWith(extension))
  if (file === undefined) throw new Error(`esbuild wrote no ${extension} file`)
  return file.contents
}

/** Sources outside of miraclec's own folder are the user's: their names are enough, and the same on every machine. */
function withoutFolders(map: CodeOrigins): CodeOrigins {
  const sources = map.sources.map(path => (path.startsWith('..') ? basename(path) : path))
  return { ...map, sources }
}
