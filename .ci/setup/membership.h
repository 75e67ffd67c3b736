// What a consumer is in its group: a producer that is not librdkafka's commits the group's offsets in its transactions, and has to say
// for whom. miraclec's setup adds this file to the addon before it builds it (.ci/setup/addon.mjs); `KafkaConsumer` gets `membership`.
#ifndef SRC_MEMBERSHIP_H_
#define SRC_MEMBERSHIP_H_

#include <nan.h>

#include "rdkafka.h"  // NOLINT
#include "src/kafka-consumer.h"

namespace NodeKafka {
namespace Membership {

inline void SetText(v8::Local<v8::Object> object, const char* name, const char* text) {
  v8::Local<v8::Value> value = Nan::Null();
  if (text != nullptr) value = Nan::New(text).ToLocalChecked();
  Nan::Set(object, Nan::New(name).ToLocalChecked(), value);
}

/** membership(): { group, member, generation, instance }; -1 and an empty member where it is none. Null: not connected. */
inline NAN_METHOD(Of) {
  Nan::HandleScope scope;
  KafkaConsumer* consumer = Nan::ObjectWrap::Unwrap<KafkaConsumer>(info.This());
  info.GetReturnValue().Set(Nan::Null());
  scoped_shared_read_lock lock(consumer->connection_lock());
  if (!consumer->IsConnected()) return;
  rd_kafka_consumer_group_metadata_t* found =
      rd_kafka_consumer_group_metadata(consumer->client()->c_ptr());
  if (found == nullptr) return;
  v8::Local<v8::Object> result = Nan::New<v8::Object>();
  SetText(result, "group", rd_kafka_consumer_group_metadata_group_id(found));
  SetText(result, "member", rd_kafka_consumer_group_metadata_member_id(found));
  SetText(result, "instance", rd_kafka_consumer_group_metadata_group_instance_id(found));
  Nan::Set(result, Nan::New("generation").ToLocalChecked(),
           Nan::New(rd_kafka_consumer_group_metadata_generation_id(found)));
  rd_kafka_consumer_group_metadata_destroy(found);
  info.GetReturnValue().Set(result);
}

}  // namespace Membership
}  // namespace NodeKafka

#endif  // SRC_MEMBERSHIP_H_
