/** What is on the disk is not what was put there: it is forgotten, and made anew from the changelogs. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
}
