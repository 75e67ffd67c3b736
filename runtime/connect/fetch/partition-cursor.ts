/** How far a partition is fetched and read. */
export class PartitionCursor {
  readonly partition: number
  /** The offset to fetch next. */
  fetched: number
  /** The first offset that is wanted of what was not handed out yet. */
  read: number
  /** Behind the last record that was handed out; null: none was. */
  handed: number | null = null
  /** What was fetched under another one is of before a seek: nobody wants it. */
  version = 0
  /** The node of the broker that leads it; -1: not known. */
  leader = -1
  leaderEpoch = -1
  /** Of the leader that wrote what was fetched last. */
  lastEpoch = -1
  /** Where the partition ends, open transactions included; null: not known. */
  end: number | null = null
  /** Parts of it that were fetched and are not read to their end. */
  waiting = 0
  /** Not to be fetched before, as `performance.now` counts. */
  notBefore = 0

  constructor(partition: number, offset: number) {
    this.partition = partition
    this.fetched = offset
    this.read = offset
  }

  /** Goes on from elsewhere. */
  seek(offset: number): void {
    this.fetched = offset
    this.read = offset
    this.handed = null
    this.lastEpoch = -1
    this.version++
  }

  /** Fetches again what was fetched and not read. */
  fetchAgain(): void {
    this.fetched = this.read
    this.version++
  }

  /** Where it goes on if all before `next` is consumed: behind what lies behind the last record and is none. */
  after(next: number): number {
    const isAllRead = this.waiting === 0 && (this.handed === null || this.handed === next)
    return isAllRead ? Math.max(next, this.fetched) : next
  }

  /** Records that are not consumed, if all before `next` is. */
  lag(next: number): number | null {
    return this.end === null ? null : Math.max(0, this.end - this.after(next))
  }
}
