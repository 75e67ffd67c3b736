import packageJson from '../package.json' with { type: 'json' }

/** The compiler's version: in generated headers, in the pipeline's version hash, and in `--version`. */
export const version: string = packageJson.version
