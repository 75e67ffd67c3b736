// What clients free goes back to the system. miraclec's setup adds this file to the addon before it builds it (.ci/setup/addon.mjs); the
// binding gets `trimMemory` where the C library is glibc.
#ifndef SRC_MEMORY_H_
#define SRC_MEMORY_H_

#include <malloc.h>
#include <nan.h>

namespace NodeKafka {
namespace Memory {

#ifdef __GLIBC__

/** trimMemory(): pages that nobody uses, also between those that are in use. True: there were some. */
inline NAN_METHOD(Trim) { info.GetReturnValue().Set(malloc_trim(0) != 0); }

/**
 * glibc gives each thread an arena of its own, up to eight for each core, and what one thread allocates and another frees leaves holes
 * in them: after a few outages a pipeline kept 40 MB that nobody used. From now on threads share the arenas that there are. Holes
 * that are left all the same are given back by `trimMemory`: by itself glibc only does so at the end of an arena.
 */
inline void Init(v8::Local<v8::Object> exports) {
  mallopt(M_ARENA_MAX, 2);
  Nan::SetMethod(exports, "trimMemory", Trim);
}

#else

inline void Init(v8::Local<v8::Object>) {}

#endif

}  // namespace Memory
}  // namespace NodeKafka

#endif  // SRC_MEMORY_H_
