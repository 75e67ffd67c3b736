/** A project that `init` makes: the folders of `templates/init` that are laid over each other, and what is its own in them. */
export interface Template {
  readonly summary: string
  /** Later ones win. */
  readonly layers: readonly string[]
  /** What docker-compose creates, without the name of the pipeline that they begin with. */
  readonly topics: readonly string[]
}

export const templates = {
  filter: {
    summary: 'each record by itself: a condition, a projection; scales by more processes',
    layers: ['common', 'deployment', 'filter'],
    topics: ['payments', 'alerts']
  },
  windows: {
    summary: 'a row per account and minute, by event time, in four tasks',
    layers: ['common', 'statefulset', 'windows'],
    topics: ['payments', 'totals']
  },
  join: {
    summary: 'events with what a topic that is a table knows of them',
    layers: ['common', 'statefulset', 'join'],
    topics: ['orders', 'customers', 'enriched-orders']
  },
  cdc: {
    summary:
      "a database's table from its changes (Debezium), and a part of it published as it changes",
    layers: ['common', 'statefulset', 'cdc'],
    topics: ['orders', 'open-orders']
  },
  model: {
    summary: 'each record scored by an ONNX model that is compiled in',
    layers: ['common', 'deployment', 'model'],
    topics: ['payments', 'alerts']
  }
} as const satisfies Readonly<Record<string, Template>>

export type TemplateName = keyof typeof templates

export const templateNames = Object.keys(templates) as readonly TemplateName[]
