// Records with headers of their own, as columns: dead letters, and those that are written back. miraclec's setup adds this file to
// the addon beside batches.h; `Producer` gets `produceLetters`.
#ifndef SRC_LETTERS_H_
#define SRC_LETTERS_H_

#include "src/batches.h"

namespace NodeKafka {
namespace Letters {

/** The number at `*pos`, which moves behind it. False: the bytes end before. */
inline bool ReadNumber(const char* bytes, size_t size, size_t* pos, int32_t* number) {
  if (*pos + sizeof(int32_t) > size) return false;
  memcpy(number, bytes + *pos, sizeof(int32_t));
  *pos += sizeof(int32_t);
  return true;
}

/** What `Batches::PackHeaders` packs, for the client; null: it is not within the bytes. */
inline rd_kafka_headers_t* UnpackHeaders(const char* bytes, size_t size, size_t pos) {
  int32_t count;
  if (!ReadNumber(bytes, size, &pos, &count)) return nullptr;
  rd_kafka_headers_t* headers = rd_kafka_headers_new(count < 0 ? 0 : count);
  for (; count > 0; count--) {
    int32_t name;
    int32_t value;
    if (!ReadNumber(bytes, size, &pos, &name) || !ReadNumber(bytes, size, &pos, &value) || name < 0 ||
        pos + name + (value < 0 ? 0 : value) > size) {
      rd_kafka_headers_destroy(headers);
      return nullptr;
    }
    const char* at = bytes + pos;
    rd_kafka_header_add(headers, at, name, value < 0 ? nullptr : at + name, value < 0 ? 0 : value);
    pos += name + (value < 0 ? 0 : value);
  }
  return headers;
}

/** Hands one record over, copied. */
inline rd_kafka_resp_err_t Produce(rd_kafka_t* client, rd_kafka_topic_t* topic, int32_t partition,
                                   const void* key, size_t key_length, const void* value,
                                   size_t value_length, rd_kafka_headers_t* headers) {
  rd_kafka_resp_err_t error = rd_kafka_producev(
      client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_VALUE(const_cast<void*>(value), value_length), RD_KAFKA_V_KEY(key, key_length),
      RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
  // The client's from now on, unless it took nothing.
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

/**
 * produceLetters(topic, partition, bytes, from, count, keyStart, keyEnd, valueStart, valueEnd, headers): as `produceBatch`, with
 * the headers that are packed at these places of the bytes.
 */
inline NAN_METHOD(ProduceLetters) {
  Nan::HandleScope scope;
  if (info.Length() < 10) return Nan::ThrowError("produceLetters takes 10 arguments");
  Producer* producer = Nan::ObjectWrap::Unwrap<Producer>(info.This());
  Nan::Utf8String topic(info[0]);
  int32_t partition = Nan::To<int32_t>(info[1]).FromJust();
  const char* bytes = node::Buffer::Data(info[2]);
  size_t size = node::Buffer::Length(info[2]);
  uint32_t from = Nan::To<uint32_t>(info[3]).FromJust();
  uint32_t count = Nan::To<uint32_t>(info[4]).FromJust();
  Nan::TypedArrayContents<int32_t> key_start(info[5]);
  Nan::TypedArrayContents<int32_t> key_end(info[6]);
  Nan::TypedArrayContents<int32_t> value_start(info[7]);
  Nan::TypedArrayContents<int32_t> value_end(info[8]);
  Nan::TypedArrayContents<int32_t> packed(info[9]);
  if (key_start.length() < count || key_end.length() < count || value_start.length() < count ||
      value_end.length() < count || packed.length() < count) {
    return Nan::ThrowError("produceLetters: a column is too short");
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
    rd_kafka_headers_t* headers = nullptr;
    if (!Batches::FindPart(bytes, size, (*key_start)[i], (*key_end)[i], &key, &key_length) ||
        !Batches::FindPart(bytes, size, (*value_start)[i], (*value_end)[i], &value, &value_length) ||
        (*packed)[i] < 0 || (headers = UnpackHeaders(bytes, size, (*packed)[i])) == nullptr) {
      Nan::ThrowError("produceLetters: a record is not within the bytes");
      break;
    }
    if (Produce(client, handle, partition, key, key_length, value, value_length, headers) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      break;
    }
  }
  rd_kafka_topic_destroy(handle);
  info.GetReturnValue().Set(i);
}

}  // namespace Letters
}  // namespace NodeKafka

#endif  // SRC_LETTERS_H_
