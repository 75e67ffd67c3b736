import { readFileSync } from 'node:fs'
import { EnvironmentError } from '../../observe/environment-error.ts'

/** Properties with `${NAME}` from the environment and `${file:/path}` from a file, as the script says. Never logged. */
export function resolveProperties(
  properties: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      resolveValue(name, value, environment)
    ])
  )
}

function resolveValue(
  name: string,
  value: string,
  environment: Readonly<Record<string, string | undefined>>
): string {
  return value.replace(/\$\{([^}]*)\}/g, (_, reference: string) => {
    if (reference.startsWith('file:')) return readSecret(name, reference.slice('file:'.length))
    const found = environment[reference]
    if (found === undefined) {
      throw new EnvironmentError(
        `property '${name}' needs the environment variable ${reference}, which is not set`
      )
    }
    return found
  })
}

function readSecret(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    throw new EnvironmentError(
      `property '${name}': cannot read ${path}: ${(error as Error).message}`
    )
  }
}
