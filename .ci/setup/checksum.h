// CRC-32C by the processor's own instruction: record batches are checked and signed with it. miraclec's setup adds this file to the
// addon before it builds it (.ci/setup/addon.mjs); the binding gets `crc32c`. Where there is no such instruction it does not.
#ifndef SRC_CHECKSUM_H_
#define SRC_CHECKSUM_H_

#include <nan.h>
#include <node_buffer.h>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace NodeKafka {
namespace Checksum {

#if defined(__x86_64__)

inline bool IsThere() { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) inline uint64_t Step8(uint64_t crc, const char* at) {
  uint64_t word;
  memcpy(&word, at, sizeof(word));
  return _mm_crc32_u64(crc, word);
}

__attribute__((target("sse4.2"))) inline uint64_t Step1(uint64_t crc, const char* at) {
  return _mm_crc32_u8(static_cast<uint32_t>(crc), static_cast<uint8_t>(*at));
}

#define MIRACLEC_CRC_TARGET __attribute__((target("sse4.2")))

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

inline bool IsThere() { return true; }

inline uint64_t Step8(uint64_t crc, const char* at) {
  uint64_t word;
  memcpy(&word, at, sizeof(word));
  return __crc32cd(static_cast<uint32_t>(crc), word);
}

inline uint64_t Step1(uint64_t crc, const char* at) {
  return __crc32cb(static_cast<uint32_t>(crc), static_cast<uint8_t>(*at));
}

#define MIRACLEC_CRC_TARGET

#else

inline bool IsThere() { return false; }
inline uint64_t Step8(uint64_t crc, const char*) { return crc; }
inline uint64_t Step1(uint64_t crc, const char*) { return crc; }

#define MIRACLEC_CRC_TARGET

#endif

// The instruction takes three cycles, and another one may begin in each: three parts of so many bytes are gone through at a time.
constexpr size_t kPart = 1024;

// What each byte of a checksum becomes behind `kPart` bytes that are zero: the parts' checksums are put together by it.
struct Shift {
  uint32_t of[4][256];
};

MIRACLEC_CRC_TARGET inline Shift MakeShift() {
  const char zeros[8] = {};
  Shift shift = {};
  for (int bit = 0; bit < 32; bit++) {
    uint64_t crc = uint64_t{1} << bit;
    for (size_t i = 0; i < kPart; i += sizeof(zeros)) crc = Step8(crc, zeros);
    // Of two checksums together it is the exclusive or.
    for (int byte = 0; byte < 256; byte++) {
      if ((byte >> (bit % 8)) & 1) shift.of[bit / 8][byte] ^= static_cast<uint32_t>(crc);
    }
  }
  return shift;
}

inline uint32_t BehindPart(uint64_t crc) {
  static const Shift shift = MakeShift();
  return shift.of[0][crc & 0xff] ^ shift.of[1][(crc >> 8) & 0xff] ^ shift.of[2][(crc >> 16) & 0xff] ^
         shift.of[3][(crc >> 24) & 0xff];
}

MIRACLEC_CRC_TARGET inline uint32_t Crc32c(const char* at, size_t length) {
  uint64_t crc = 0xffffffff;
  const char* end = at + length;
  for (; end - at >= static_cast<ptrdiff_t>(3 * kPart); at += 3 * kPart) {
    uint64_t second = 0;
    uint64_t third = 0;
    for (size_t i = 0; i < kPart; i += 8) {
      crc = Step8(crc, at + i);
      second = Step8(second, at + kPart + i);
      third = Step8(third, at + 2 * kPart + i);
    }
    crc = BehindPart(BehindPart(crc) ^ second) ^ third;
  }
  for (; end - at >= 8; at += 8) crc = Step8(crc, at);
  for (; at < end; at++) crc = Step1(crc, at);
  return ~static_cast<uint32_t>(crc);
}

/** crc32c(bytes, start, end): of that part, as an unsigned number of 32 bits. */
inline NAN_METHOD(Calculate) {
  if (info.Length() < 3 || !node::Buffer::HasInstance(info[0])) {
    return Nan::ThrowError("crc32c(bytes, start, end)");
  }
  const char* bytes = node::Buffer::Data(info[0]);
  const size_t size = node::Buffer::Length(info[0]);
  const uint32_t start = Nan::To<uint32_t>(info[1]).FromJust();
  const uint32_t end = Nan::To<uint32_t>(info[2]).FromJust();
  if (end > size || start > end) return Nan::ThrowError("crc32c: not within the bytes");
  info.GetReturnValue().Set(Nan::New<v8::Uint32>(Crc32c(bytes + start, end - start)));
}

inline void Init(v8::Local<v8::Object> exports) {
  if (IsThere()) Nan::SetMethod(exports, "crc32c", Calculate);
}

}  // namespace Checksum
}  // namespace NodeKafka

#endif  // SRC_CHECKSUM_H_
