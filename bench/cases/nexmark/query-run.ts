/** One run of a query over all events. */
export interface QueryRun {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly outputs: number
  readonly peakMegabytes: number
}
