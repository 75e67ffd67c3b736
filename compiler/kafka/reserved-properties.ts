/** A property that a pipeline sets itself: every value but those in `allowed` is refused, and `why` says why. */
export interface ReservedProperty {
  readonly allowed: readonly string[]
  /** Full sentences. */
  readonly why: string
}

const brokers = "Set the parameter 'brokers' instead."

export const reservedProperties: Readonly<Record<string, ReservedProperty>> = {
  'metadata.broker.list': { allowed: [], why: brokers },
  'group.id': { allowed: [], why: "Set the parameter 'group_id' instead." },
  'auto.offset.reset': { allowed: [], why: "Set the parameter 'auto_offset_reset' instead." },
  'enable.auto.commit': {
    allowed: ['false'],
    why: 'Offsets are committed after the outputs that they caused are acknowledged: committing by the clock would lose records.'
  },
  'auto.commit.interval.ms': {
    allowed: [],
    why: "Offsets are never committed by the clock alone. Use SET commit_interval = '100 ms' instead."
  },
  'enable.auto.offset.store': {
    allowed: ['false'],
    why: 'The pipeline stores an offset when the outputs that it caused are acknowledged: storing it earlier would lose records.'
  },
  'enable.partition.eof': {
    allowed: ['false'],
    why: 'The ends of partitions would be taken for errors.'
  },
  'delivery.report.only.error': {
    allowed: ['false'],
    why: 'Without reports of delivery the pipeline could not know what it may commit.'
  },
  'request.required.acks': {
    allowed: ['all', '-1', ...Array.from({ length: 1000 }, (_, i) => String(i + 1))],
    why: 'Without an acknowledgement by the broker a record may be lost after its offset is committed.'
  },
  'transactional.id': {
    allowed: [],
    why: "Transactions belong to SET delivery = 'exactly_once', which names them itself."
  }
}

type ReservedProperties = Readonly<Record<string, ReservedProperty>>

/** What a pipeline that delivers exactly once sets itself, too. */
export const exactlyOnceProperties: Readonly<Record<'source' | 'sink', ReservedProperties>> = {
  source: {
    'isolation.level': {
      allowed: ['read_committed'],
      why: 'The source would read records that a transaction took back, and what comes of them would be seen.'
    }
  },
  sink: {
    'enable.idempotence': {
      allowed: ['true'],
      why: 'Without it a record that is sent again may be there twice, in a transaction too.'
    },
    'request.required.acks': {
      allowed: ['all', '-1'],
      why: 'A transaction is committed when all replicas have its records.'
    },
    'max.in.flight.requests.per.connection': {
      allowed: ['1', '2', '3', '4', '5'],
      why: 'Brokers tell records that are sent again from new ones among the last 5 requests only.'
    },
    'message.timeout.ms': {
      allowed: [],
      why: "A record does not time out by itself: its transaction is tried again. 'transaction.timeout.ms' bounds a try."
    }
  }
}

/** Properties whose value is a secret: it belongs in the environment or a file, not in a script. */
export const secretProperties: ReadonlySet<string> = new Set([
  'sasl.password',
  'ssl.key.password',
  'ssl.keystore.password',
  'ssl.key.pem',
  'sasl.oauthbearer.client.secret',
  'sasl.oauthbearer.assertion.private.key.passphrase',
  'sasl.oauthbearer.assertion.private.key.pem',
  'schema.registry.basic.auth.user.info',
  'schema.registry.bearer.auth.token',
  'schema.registry.ssl.key.password'
])
