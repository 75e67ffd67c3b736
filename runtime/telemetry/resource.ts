import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes
} from '@opentelemetry/resources'
import type { ObservedPipeline } from '../observe/telemetry-part.ts'

/** Who it is that sends; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word. */
export function resourceOf({ name, version }: ObservedPipeline): Resource {
  const own = resourceFromAttributes({
    'service.name': name,
    'service.version': version,
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'process.pid': process.pid
  })
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }))
}
