const words = new Set(['and', 'or', 'unless', 'bool', 'inf', 'nan'])

/** The metrics that an expression of PromQL asks for. */
export function metricsOf(expression: string): string[] {
  const bare = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/\boffset\s+\w+/g, ' ')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w*\s*\()/g)].map(([name]) => name)
  return [...new Set(names)].filter(name => !words.has(name.toLowerCase()))
}

/** The labels that an expression of PromQL asks for. */
export function labelsOf(expression: string): string[] {
  const lists = [...expression.matchAll(/\b(?:by|without|on|ignoring)\s*\(([^)]*)\)/g)]
  const grouped = lists.flatMap(([, list]) => list!.split(',').map(label => label.trim()))
  const matched = [...expression.matchAll(/[{,]\s*(\w+)\s*(?:=~|!~|!=|=)\s*"/g)]
  return [...new Set([...grouped, ...matched.map(([, label]) => label!)])].filter(Boolean)
}
