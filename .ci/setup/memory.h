// Added to the addon by .ci/setup/addon.mjs.
#ifndef SRC_MEMORY_H_
#define SRC_MEMORY_H_

#include <malloc.h>

namespace NodeKafka {
namespace Memory {

/**
 * glibc gives each thread an arena of its own, up to eight for each core, and what one thread allocates and another frees leaves holes
 * in them: after a few outages a pipeline kept 40 MB that nobody used. From now on threads share the arenas that there are.
 */
inline void Init() {
#ifdef M_ARENA_MAX
  mallopt(M_ARENA_MAX, 2);
#endif
}

}  // namespace Memory
}  // namespace NodeKafka

#endif  // SRC_MEMORY_H_
