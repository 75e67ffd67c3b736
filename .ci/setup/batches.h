// Records as columns: one call for many of them, and no object for each. miraclec's setup adds this file to the addon before it
// builds it (.ci/setup/addon.mjs); `KafkaConsumer` gets `consumeBatch`, `Producer` gets `produceBatch`, and a delivery report the
// headers of its record, packed.
#ifndef SRC_BATCHES_H_
#define SRC_BATCHES_H_

#include <nan.h>
#include <node_buffer.h>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "rdkafka.h"  // NOLINT
#include "src/kafka-consumer.h"
#include "src/producer.h"
#include "src/workers.h"

namespace NodeKafka {
namespace Batches {

/** A batch has about so many bytes at most. */
constexpr size_t kMaxBytes = 64 << 20;

inline void Append(std::string* out, int32_t number) {
  out->append(reinterpret_cast<const char*>(&number), sizeof(number));
}

/**
 * A record's headers: their number, then for each the lengths of name and value (-1: null) and their bytes; all numbers of 32 bits,
 * little endian as the machine is. Empty where there are none.
 */
inline std::string PackHeaders(RdKafka::Message* message) {
  std::string out;
  RdKafka::Headers* headers = message->headers();
  if (headers == nullptr || headers->size() == 0) return out;
  std::vector<RdKafka::Headers::Header> all = headers->get_all();
  Append(&out, static_cast<int32_t>(all.size()));
  for (const RdKafka::Headers::Header& one : all) {
    const std::string name = one.key();
    const bool is_null = one.value() == nullptr;
    Append(&out, static_cast<int32_t>(name.size()));
    Append(&out, is_null ? -1 : static_cast<int32_t>(one.value_size()));
    out.append(name);
    if (!is_null) out.append(static_cast<const char*>(one.value()), one.value_size());
  }
  return out;
}

/** Gives a delivery report its record's headers, where there are any. */
inline void SetHeaders(v8::Local<v8::Object> report, const std::string& headers) {
  if (headers.empty()) return;
  Nan::Set(report, Nan::New("headers").ToLocalChecked(),
           Nan::CopyBuffer(headers.data(), headers.size()).ToLocalChecked());
}

/**
 * Collects messages as `consume` does, and packs them on its own thread into one block: `offset` and `timestamp` as doubles, then
 * 32-bit integers `partition`, `valueStart`, `valueEnd`, `keyStart`, `keyEnd`, `headers`, then all values, all keys, all headers.
 * Places count from the first value; -1: there is none.
 */
class ConsumeWorker : public Workers::ErrorAwareWorker {
 public:
  ConsumeWorker(Nan::Callback* callback, KafkaConsumer* consumer,
                uint32_t limit, int timeout_ms)
      : ErrorAwareWorker(callback), m_consumer(consumer), m_limit(limit),
        m_timeout_ms(timeout_ms) {}

  ~ConsumeWorker() { free(m_block); }

  void Execute() override {
    std::vector<RdKafka::Message*> messages;
    int timeout_ms = m_timeout_ms;
    bool looping = true;
    size_t bytes = 0;
    while (looping && messages.size() < m_limit && bytes < kMaxBytes) {
      Baton baton = m_consumer->Consume(timeout_ms);
      if (baton.err() != RdKafka::ERR_NO_ERROR) {
        if (messages.empty()) SetErrorBaton(baton);
        break;
      }
      RdKafka::Message* message = baton.data<RdKafka::Message*>();
      switch (message->err()) {
        case RdKafka::ERR_NO_ERROR:
          messages.push_back(message);
          bytes += message->len() + message->key_len();
          // More that are there already, but no waiting for them.
          timeout_ms = 1;
          continue;
        case RdKafka::ERR__PARTITION_EOF:
          m_ends++;
          looping = false;
          break;
        case RdKafka::ERR__TIMED_OUT:
        case RdKafka::ERR__TIMED_OUT_QUEUE:
          looping = false;
          break;
        default:
          if (messages.empty()) SetErrorBaton(Baton(message->err()));
          looping = false;
      }
      delete message;
    }
    Pack(messages);
    for (RdKafka::Message* message : messages) delete message;
  }

  void HandleOKCallback() override {
    Nan::HandleScope scope;
    v8::Local<v8::Value> block = Nan::Null();
    if (m_block != nullptr) {
      block = Nan::NewBuffer(m_block, m_size).ToLocalChecked();
      m_block = nullptr;
    }
    v8::Local<v8::Value> argv[] = {Nan::Null(), block,
                                   Nan::New<v8::Number>(m_count),
                                   Nan::New<v8::Number>(m_ends)};
    callback->Call(4, argv);
  }

  void HandleErrorCallback() override {
    Nan::HandleScope scope;
    v8::Local<v8::Value> argv[] = {GetErrorObject()};
    callback->Call(1, argv);
  }

 private:
  void Pack(const std::vector<RdKafka::Message*>& messages) {
    m_count = messages.size();
    if (m_count == 0) return;
    size_t bytes = 0;
    std::vector<std::string> headers(m_count);
    for (size_t i = 0; i < m_count; i++) {
      headers[i] = PackHeaders(messages[i]);
      bytes += messages[i]->len() + messages[i]->key_len() + headers[i].size();
    }
    size_t columns = m_count * (2 * sizeof(double) + 6 * sizeof(int32_t));
    m_size = columns + bytes;
    m_block = static_cast<char*>(malloc(m_size));
    double* offset = reinterpret_cast<double*>(m_block);
    double* timestamp = offset + m_count;
    int32_t* partition = reinterpret_cast<int32_t*>(timestamp + m_count);
    int32_t* value_start = partition + m_count;
    int32_t* value_end = value_start + m_count;
    int32_t* key_start = value_end + m_count;
    int32_t* key_end = key_start + m_count;
    int32_t* header = key_end + m_count;
    char* data = m_block + columns;
    int32_t pos = 0;
    for (size_t i = 0; i < m_count; i++) {
      RdKafka::Message* message = messages[i];
      offset[i] = static_cast<double>(message->offset());
      timestamp[i] = static_cast<double>(message->timestamp().timestamp);
      partition[i] = message->partition();
      pos = Put(data, pos, message->payload(), message->len(), &value_start[i]);
      value_end[i] = pos;
    }
    for (size_t i = 0; i < m_count; i++) {
      RdKafka::Message* message = messages[i];
      pos = Put(data, pos, message->key_pointer(), message->key_len(), &key_start[i]);
      key_end[i] = pos;
    }
    for (size_t i = 0; i < m_count; i++) {
      const void* packed = headers[i].empty() ? nullptr : headers[i].data();
      pos = Put(data, pos, packed, headers[i].size(), &header[i]);
    }
  }

  static int32_t Put(char* data, int32_t pos, const void* bytes, size_t length,
                     int32_t* start) {
    *start = bytes == nullptr ? -1 : pos;
    if (bytes == nullptr) return pos;
    memcpy(data + pos, bytes, length);
    return pos + static_cast<int32_t>(length);
  }

  KafkaConsumer* m_consumer;
  const uint32_t m_limit;
  const int m_timeout_ms;
  size_t m_count = 0;
  uint32_t m_ends = 0;
  char* m_block = nullptr;
  size_t m_size = 0;
};

/** consumeBatch(timeout, limit, (error, block, count, ends) => ...) */
inline NAN_METHOD(ConsumeBatch) {
  Nan::HandleScope scope;
  if (info.Length() < 3 || !info[2]->IsFunction()) {
    return Nan::ThrowError("consumeBatch(timeout, limit, callback)");
  }
  int timeout_ms = Nan::To<int32_t>(info[0]).FromJust();
  uint32_t limit = Nan::To<uint32_t>(info[1]).FromJust();
  KafkaConsumer* consumer = Nan::ObjectWrap::Unwrap<KafkaConsumer>(info.This());
  Nan::Callback* callback = new Nan::Callback(info[2].As<v8::Function>());
  Nan::AsyncQueueWorker(new ConsumeWorker(callback, consumer, limit, timeout_ms));
  info.GetReturnValue().Set(Nan::Null());
}

/** A key or a value: null where its start is -1. False: it is not within the bytes. */
inline bool FindPart(const char* bytes, size_t size, int32_t start, int32_t end,
                     const void** part, size_t* length) {
  *part = nullptr;
  *length = 0;
  if (start < 0) return true;
  if (end < start || static_cast<size_t>(end) > size) return false;
  *part = bytes + start;
  *length = end - start;
  return true;
}

/**
 * produceBatch(topic, partition, bytes, from, count, keyStart, keyEnd, valueStart, valueEnd, op, header): hands the records `from`
 * to `count` over, copied. A start of -1: null. `op`: null, or a byte for each record that, where it is not 0, becomes the value
 * of a header named `header`. Answers the number of the first record that was not taken: `count` where all were.
 */
inline NAN_METHOD(ProduceBatch) {
  Nan::HandleScope scope;
  if (info.Length() < 11) return Nan::ThrowError("produceBatch takes 11 arguments");
  Producer* producer = Nan::ObjectWrap::Unwrap<Producer>(info.This());
  Nan::Utf8String topic(info[0]);
  int32_t partition = Nan::To<int32_t>(info[1]).FromJust();
  const char* bytes = node::Buffer::Data(info[2]);
  size_t size = node::Buffer::Length(info[2]);
  // An empty part is not a null, not even of a buffer that has no memory.
  if (bytes == nullptr) bytes = "";
  uint32_t from = Nan::To<uint32_t>(info[3]).FromJust();
  uint32_t count = Nan::To<uint32_t>(info[4]).FromJust();
  Nan::TypedArrayContents<int32_t> key_start(info[5]);
  Nan::TypedArrayContents<int32_t> key_end(info[6]);
  Nan::TypedArrayContents<int32_t> value_start(info[7]);
  Nan::TypedArrayContents<int32_t> value_end(info[8]);
  const char* op = info[9]->IsNull() ? nullptr : node::Buffer::Data(info[9]);
  Nan::Utf8String header(info[10]);
  if (key_start.length() < count || key_end.length() < count ||
      value_start.length() < count || value_end.length() < count ||
      (op != nullptr && node::Buffer::Length(info[9]) < count)) {
    return Nan::ThrowError("produceBatch: a column is too short");
  }
  info.GetReturnValue().Set(from);
  scoped_shared_read_lock lock(producer->connection_lock());
  if (!producer->IsConnected()) return;
  rd_kafka_t* client = producer->client()->c_ptr();
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, *topic, nullptr);
  if (handle == nullptr) return;
  uint32_t i = from;
  for (; i < count; i++) {
    const void* key;
    const void* value;
    size_t key_length;
    size_t value_length;
    if (!FindPart(bytes, size, (*key_start)[i], (*key_end)[i], &key, &key_length) ||
        !FindPart(bytes, size, (*value_start)[i], (*value_end)[i], &value, &value_length)) {
      Nan::ThrowError("produceBatch: a record is not within the bytes");
      break;
    }
    rd_kafka_resp_err_t error;
    if (op == nullptr || op[i] == 0) {
      error = rd_kafka_producev(
          client, RD_KAFKA_V_RKT(handle), RD_KAFKA_V_PARTITION(partition),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_VALUE(const_cast<void*>(value), value_length),
          RD_KAFKA_V_KEY(key, key_length), RD_KAFKA_V_END);
    } else {
      error = rd_kafka_producev(
          client, RD_KAFKA_V_RKT(handle), RD_KAFKA_V_PARTITION(partition),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_VALUE(const_cast<void*>(value), value_length),
          RD_KAFKA_V_KEY(key, key_length),
          RD_KAFKA_V_HEADER(*header, &op[i], 1), RD_KAFKA_V_END);
    }
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) break;
  }
  rd_kafka_topic_destroy(handle);
  info.GetReturnValue().Set(i);
}

}  // namespace Batches
}  // namespace NodeKafka

#endif  // SRC_BATCHES_H_
