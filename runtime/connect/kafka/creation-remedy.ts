const POLICY_VIOLATION = 44
/** Of the topic, of the cluster. */
const NOT_AUTHORIZED = [29, 31]

/** What to do where brokers refuse to create a topic. */
export function creationRemedy(code: number, topic: string): string {
  if (NOT_AUTHORIZED.includes(code)) {
    return `Create it, or allow this user to: kafka-acls.sh --bootstrap-server <broker> --add --allow-principal User:<name> --operation Create --topic ${topic}`
  }
  return code === POLICY_VIOLATION
    ? "Create it as the brokers' policy for topics wants it, or give it a name that the policy takes."
    : creationCommand(topic)
}

/** For a topic that somebody has to create. */
export function creationCommand(topic: string): string {
  return `Create it: kafka-topics.sh --bootstrap-server <broker> --create --topic ${topic}`
}
