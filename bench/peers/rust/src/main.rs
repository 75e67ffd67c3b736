// data/verdicts.ts on librdkafka and sonic-rs as somebody would write it who knows both well: records are read in place, three fields
// are parsed, one buffer is written to.
//
//     verdicts <brokers> <input> <output> <group>
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde::Deserialize;
use std::time::{Duration, Instant};

const COMMIT_INTERVAL: Duration = Duration::from_secs(1);
/// Records between two looks at the clock and at what the brokers have answered.
const TURN: u32 = 1024;

#[derive(Deserialize)]
struct Transaction {
    transaction_id: i64,
    amount: f64,
    timestamp: i64,
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let (brokers, input, output, group) = (&words[1], &words[2], &words[3], &words[4]);
    let consumer = open_consumer(brokers, group);
    let producer = open_producer(brokers);
    consumer.subscribe(&[input]).unwrap();
    let mut verdict = Vec::with_capacity(256);
    let mut committed = Instant::now();
    let mut left = TURN;
    loop {
        match consumer.poll(Duration::from_millis(100)) {
            Some(message) => {
                let message = message.unwrap();
                if judge(message.payload().unwrap(), &mut verdict) {
                    send(&producer, output, message.partition(), &verdict);
                }
                left -= 1;
            }
            None => left = 0,
        }
        if left == 0 {
            left = TURN;
            producer.poll(Duration::ZERO);
            if committed.elapsed() > COMMIT_INTERVAL {
                // At least once: what was judged is acknowledged first.
                producer.flush(Duration::from_secs(10)).unwrap();
                match consumer.commit_consumer_state(CommitMode::Async) {
                    Err(error) if error.rdkafka_error_code() != Some(RDKafkaErrorCode::NoOffset) => panic!("{error}"),
                    _ => committed = Instant::now(),
                }
            }
        }
    }
}

fn open_consumer(brokers: &str, group: &str) -> BaseConsumer {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", group)
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", "false")
        .set("fetch.message.max.bytes", "4194304")
        .set("fetch.max.bytes", "16777216")
        .set("queued.min.messages", "200000")
        .set("queued.max.messages.kbytes", "65536")
        // Or it waits a second each time its queue is full.
        .set("fetch.queue.backoff.ms", "10")
        .create()
        .unwrap()
}

fn open_producer(brokers: &str) -> BaseProducer {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("acks", "all")
        .set("linger.ms", "10")
        .set("batch.size", "524288")
        .set("batch.num.messages", "100000")
        .set("queue.buffering.max.messages", "1000000")
        .set("queue.buffering.max.kbytes", "262144")
        .create()
        .unwrap()
}

/// False: it is dropped.
fn judge(transaction: &[u8], out: &mut Vec<u8>) -> bool {
    let Transaction { transaction_id, amount, timestamp } = sonic_rs::from_slice(transaction).unwrap();
    if !(amount > 500.0) {
        return false;
    }
    let verdict = if amount > 950.0 { "BLOCK" } else if amount > 900.0 { "REVIEW" } else { "APPROVE" };
    let mut integer = itoa::Buffer::new();
    out.clear();
    out.extend_from_slice(b"{\"transaction_id\":");
    out.extend_from_slice(integer.format(transaction_id).as_bytes());
    out.extend_from_slice(b",\"amount\":");
    out.extend_from_slice(ryu::Buffer::new().format(amount).as_bytes());
    out.extend_from_slice(b",\"verdict\":\"");
    out.extend_from_slice(verdict.as_bytes());
    out.extend_from_slice(b"\",\"timestamp\":");
    out.extend_from_slice(integer.format(timestamp).as_bytes());
    out.push(b'}');
    true
}

fn send(producer: &BaseProducer, topic: &str, partition: i32, value: &[u8]) {
    let mut record = BaseRecord::<(), [u8]>::to(topic).payload(value).partition(partition);
    while let Err((error, refused)) = producer.send(record) {
        assert_eq!(error.rdkafka_error_code(), Some(RDKafkaErrorCode::QueueFull));
        producer.poll(Duration::from_millis(5));
        record = refused;
    }
}
