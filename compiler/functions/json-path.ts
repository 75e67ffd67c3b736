const STEP =
  /\.([A-Za-z_$][\w$-]*)|\."((?:[^"\\]|\\.)*)"|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y

/** `$.a[0]."b c"` to its steps; null if it is not a path. Wildcards and filters are none: they give several values. */
export function parseJsonPath(text: string): readonly (string | number)[] | null {
  const path = text.trim()
  if (path[0] !== '$') return null
  const steps: (string | number)[] = []
  for (STEP.lastIndex = 1; STEP.lastIndex < path.length;) {
    const match = STEP.exec(path)
    if (match === null) return null
    const quoted = match[2] ?? match[4] ?? match[5]
    if (match[3] !== undefined) steps.push(Number(match[3]))
    else steps.push(match[1] ?? quoted!.replace(/\\(.)/g, '$1'))
  }
  return steps
}
