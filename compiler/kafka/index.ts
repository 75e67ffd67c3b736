export {
  compressions,
  decimalFormats,
  errorActions,
  errorParameters,
  lateActions,
  lateParameters,
  modelParameters,
  missingActions,
  offsetResets,
  parameterNames,
  settingParameters,
  sinkFormats,
  sinkParameters,
  sourceFormats,
  sourceParameters,
  timestampUnits,
  keyFormats,
  sinkValueFormats,
  valueFormats,
  type ClauseParameter
} from './clause-parameters.ts'
export {
  dottedName,
  expectedValue,
  findProperty,
  isDeferred,
  propertyNames,
  type Client,
  type FoundProperty
} from './find-property.ts'
export type { KafkaProperty } from './librdkafka-properties.ts'
export {
  exactlyOnceProperties,
  reservedProperties,
  secretProperties
} from './reserved-properties.ts'
export { AUTO_REGISTER, REGISTRY_PREFIX } from './registry-properties.ts'
