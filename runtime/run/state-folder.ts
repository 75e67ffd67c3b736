import { isAbsolute, join } from 'node:path'

/** As the XDG specification says; null without a home: then a restart reads whole changelogs. */
export function usualStateFolder(
  name: string,
  environment: Readonly<Record<string, string | undefined>>
): string | null {
  const { XDG_STATE_HOME: state, HOME: home } = environment
  if (state !== undefined && isAbsolute(state)) return join(state, 'miraclec', name)
  return home === undefined ? null : join(home, '.local/state/miraclec', name)
}
