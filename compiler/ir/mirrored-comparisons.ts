/** What a comparison is called when its sides change places. */
export const mirroredComparisons: Readonly<Record<string, string>> = {
  equal: 'equal',
  less: 'greater',
  lessEqual: 'greaterEqual',
  greater: 'less',
  greaterEqual: 'lessEqual'
}
