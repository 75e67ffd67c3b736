;; Walks records of Kafka's batches where they lie in the arena (../../codec/arena.ts); walk-records.ts has the format, and the
;; TypeScript twin of $walk. 4 KiB of zeros close the arena, so that what looks ahead may look behind its end.
(module
  (import "arena" "memory" (memory 1 2048 shared))

  ;; Where the walk is, how many records are left, what it has met in those that were kept, and what the last varint was.
  (global $next (export "next") (mut i32) (i32.const 0))
  (global $left (export "left") (mut i32) (i32.const 0))
  (global $bytes (export "bytes") (mut i32) (i32.const 0))
  (global $utf8 (export "utf8") (mut i32) (i32.const 1))
  (global $long (mut i64) (i64.const 0))

  ;; The zigzag varint at $next, in $long; moves $next behind it. More than ten bytes are not read on: what follows won't fit.
  (func $varint
    (local $pos i32)
    (local $byte i32)
    (local $shift i64)
    (local $value i64)
    (local.set $pos (global.get $next))
    (local.set $byte (i32.load8_u (local.get $pos)))
    (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
    (local.set $value (i64.extend_i32_u (i32.and (local.get $byte) (i32.const 0x7f))))
    (if (i32.and (local.get $byte) (i32.const 0x80))
      (then
        (local.set $shift (i64.const 7))
        (loop $more
          (local.set $byte (i32.load8_u (local.get $pos)))
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (local.set $value
            (i64.or (local.get $value)
              (i64.shl
                (i64.extend_i32_u (i32.and (local.get $byte) (i32.const 0x7f)))
                (local.get $shift))))
          (local.set $shift (i64.add (local.get $shift) (i64.const 7)))
          (br_if $more
            (i32.and
              (i32.ne (i32.and (local.get $byte) (i32.const 0x80)) (i32.const 0))
              (i64.lt_u (local.get $shift) (i64.const 64)))))))
    (global.set $next (local.get $pos))
    (global.set $long
      (i64.xor
        (i64.shr_u (local.get $value) (i64.const 1))
        (i64.sub (i64.const 0) (i64.and (local.get $value) (i64.const 1))))))

  ;; The length of a key, a value or a list of headers at $next: -1: null; -2: it does not fit before $end.
  (func $length (param $end i32) (result i32)
    (call $varint)
    (if (i64.lt_s (global.get $long) (i64.const 0)) (then (return (i32.const -1))))
    (if (i64.gt_s
          (global.get $long)
          (i64.extend_i32_s (i32.sub (local.get $end) (global.get $next))))
      (then (return (i32.const -2))))
    (i32.wrap_i64 (global.get $long)))

  ;; Whether a byte continues a character.
  (func $continues (param $pos i32) (param $end i32) (param $least i32) (param $most i32) (result i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get $pos)))
    (i32.and
      (i32.lt_u (local.get $pos) (local.get $end))
      (i32.and
        (i32.ge_u (local.get $byte) (local.get $least))
        (i32.le_u (local.get $byte) (local.get $most)))))

  ;; Whether the bytes are UTF-8: Unicode 16, table 3-7.
  (func $isUtf8 (export "isUtf8") (param $pos i32) (param $end i32) (result i32)
    (local $mask i32)
    (local $lead i32)
    (local $least i32)
    (local $most i32)
    (local $more i32)
    (loop $next
      ;; ASCII, 64 bytes at a time.
      (block $rare
        (loop $common
          (br_if $rare
            (i32.lt_s (i32.sub (local.get $end) (local.get $pos)) (i32.const 64)))
          (br_if $rare
            (i8x16.bitmask
              (v128.or
                (v128.or
                  (v128.load align=1 (local.get $pos))
                  (v128.load offset=16 align=1 (local.get $pos)))
                (v128.or
                  (v128.load offset=32 align=1 (local.get $pos))
                  (v128.load offset=48 align=1 (local.get $pos))))))
          (local.set $pos (i32.add (local.get $pos) (i32.const 64)))
          (br $common)))
      (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (i32.const 1))))
      (local.set $mask (i8x16.bitmask (v128.load align=1 (local.get $pos))))
      (if (i32.eqz (local.get $mask))
        (then
          (local.set $pos (i32.add (local.get $pos) (i32.const 16)))
          (br $next)))
      (local.set $pos (i32.add (local.get $pos) (i32.ctz (local.get $mask))))
      (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (i32.const 1))))
      (local.set $lead (i32.load8_u (local.get $pos)))
      (local.set $least (i32.const 0x80))
      (local.set $most (i32.const 0xbf))
      (local.set $more (i32.const 0))
      (if (i32.le_u (local.get $lead) (i32.const 0xdf))
        (then
          (if (i32.lt_u (local.get $lead) (i32.const 0xc2)) (then (return (i32.const 0)))))
        (else
          (if (i32.le_u (local.get $lead) (i32.const 0xef))
            (then
              (local.set $more (i32.const 1))
              (if (i32.eq (local.get $lead) (i32.const 0xe0))
                (then (local.set $least (i32.const 0xa0))))
              (if (i32.eq (local.get $lead) (i32.const 0xed))
                (then (local.set $most (i32.const 0x9f)))))
            (else
              (if (i32.gt_u (local.get $lead) (i32.const 0xf4)) (then (return (i32.const 0))))
              (local.set $more (i32.const 2))
              (if (i32.eq (local.get $lead) (i32.const 0xf0))
                (then (local.set $least (i32.const 0x90))))
              (if (i32.eq (local.get $lead) (i32.const 0xf4))
                (then (local.set $most (i32.const 0x8f))))))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
      (if (i32.eqz
            (call $continues
              (local.get $pos) (local.get $end) (local.get $least) (local.get $most)))
        (then (return (i32.const 0))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
      (loop $rest
        (if (local.get $more)
          (then
            (if (i32.eqz
                  (call $continues
                    (local.get $pos) (local.get $end) (i32.const 0x80) (i32.const 0xbf)))
              (then (return (i32.const 0))))
            (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
            (local.set $more (i32.sub (local.get $more) (i32.const 1)))
            (br $rest))))
      (br $next))
    (unreachable))

  ;; See walk-records.ts. Columns: offset and timestamp as doubles, then keyStart, keyEnd, valueStart, valueEnd, headers as
  ;; 32-bit integers, each of $capacity.
  (func (export "walk")
    (param $pos i32) (param $end i32) (param $count i32) (param $baseOffset f64) (param $baseTime f64) (param $from f64)
    (param $columns i32) (param $capacity i32) (param $row i32) (param $rows i32)
    (result i32)
    (local $left i32)
    (local $after i32)
    (local $time i64)
    (local $offset f64)
    (local $length i32)
    (local $keyStart i32)
    (local $keyEnd i32)
    (local $valueStart i32)
    (local $valueEnd i32)
    (local $at i32)
    (local $step i32)
    (local.set $left (local.get $count))
    (local.set $rows (i32.add (local.get $row) (local.get $rows)))
    (global.set $next (local.get $pos))
    (local.set $step (i32.shl (local.get $capacity) (i32.const 2)))
    (block $done
      (loop $record
        (br_if $done (i32.eqz (local.get $left)))
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (local.set $length (call $length (local.get $end)))
        (if (i32.lt_s (local.get $length) (i32.const 0)) (then (return (i32.const -1))))
        (local.set $after (i32.add (global.get $next) (local.get $length)))
        ;; The attributes: none are in use.
        (global.set $next (i32.add (global.get $next) (i32.const 1)))
        (call $varint)
        (local.set $time (global.get $long))
        (call $varint)
        (local.set $offset (f64.add (local.get $baseOffset) (f64.convert_i64_s (global.get $long))))
        (local.set $length (call $length (local.get $after)))
        (if (i32.eq (local.get $length) (i32.const -2)) (then (return (i32.const -1))))
        (local.set $keyStart (i32.const -1))
        (local.set $keyEnd (global.get $next))
        (if (i32.ge_s (local.get $length) (i32.const 0))
          (then
            (local.set $keyStart (global.get $next))
            (local.set $keyEnd (i32.add (global.get $next) (local.get $length)))
            (global.set $next (local.get $keyEnd))))
        (local.set $length (call $length (local.get $after)))
        (if (i32.eq (local.get $length) (i32.const -2)) (then (return (i32.const -1))))
        (local.set $valueStart (i32.const -1))
        (local.set $valueEnd (global.get $next))
        (if (i32.ge_s (local.get $length) (i32.const 0))
          (then
            (local.set $valueStart (global.get $next))
            (local.set $valueEnd (i32.add (global.get $next) (local.get $length)))
            (global.set $next (local.get $valueEnd))))
        ;; The number of headers is one byte at least, and within the record.
        (if (i32.ge_u (local.get $valueEnd) (local.get $after)) (then (return (i32.const -1))))
        (if (f64.ge (local.get $offset) (local.get $from))
          (then
            (local.set $at (i32.add (local.get $columns) (i32.shl (local.get $row) (i32.const 3))))
            (f64.store (local.get $at) (local.get $offset))
            (f64.store
              (i32.add (local.get $at) (i32.shl (local.get $step) (i32.const 1)))
              (f64.add (local.get $baseTime) (f64.convert_i64_s (local.get $time))))
            (local.set $at
              (i32.add
                (i32.add (local.get $columns) (i32.shl (local.get $step) (i32.const 2)))
                (i32.shl (local.get $row) (i32.const 2))))
            (i32.store (local.get $at) (local.get $keyStart))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (i32.store (local.get $at) (local.get $keyEnd))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (i32.store (local.get $at) (local.get $valueStart))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (i32.store (local.get $at) (local.get $valueEnd))
            (local.set $at (i32.add (local.get $at) (local.get $step)))
            (if (i32.load8_u (local.get $valueEnd))
              (then (i32.store (local.get $at) (local.get $valueEnd)))
              (else (i32.store (local.get $at) (i32.const -1))))
            (if (i32.ge_s (local.get $valueStart) (i32.const 0))
              (then
                (global.set $bytes
                  (i32.add (global.get $bytes) (i32.sub (local.get $valueEnd) (local.get $valueStart))))
                (if (global.get $utf8)
                  (then
                    (global.set $utf8
                      (call $isUtf8 (local.get $valueStart) (local.get $valueEnd)))))))
            (if (i32.ge_s (local.get $keyStart) (i32.const 0))
              (then
                (global.set $bytes
                  (i32.add (global.get $bytes) (i32.sub (local.get $keyEnd) (local.get $keyStart))))))
            (local.set $row (i32.add (local.get $row) (i32.const 1)))))
        (global.set $next (local.get $after))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $record)))
    (global.set $left (local.get $left))
    (local.get $row))

  ;; Sets up 16 tables of 256 entries at $tables: the first is of the reversed polynomial 0x82f63b78.
  (func (export "makeCrcTables") (param $tables i32)
    (local $i i32)
    (local $bit i32)
    (local $crc i32)
    (loop $entry
      (local.set $crc (local.get $i))
      (local.set $bit (i32.const 8))
      (loop $bits
        (local.set $crc
          (i32.xor
            (i32.shr_u (local.get $crc) (i32.const 1))
            (i32.and
              (i32.const 0x82f63b78)
              (i32.sub (i32.const 0) (i32.and (local.get $crc) (i32.const 1))))))
        (local.set $bit (i32.sub (local.get $bit) (i32.const 1)))
        (br_if $bits (local.get $bit)))
      (i32.store
        (i32.add (local.get $tables) (i32.shl (local.get $i) (i32.const 2)))
        (local.get $crc))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $entry (i32.lt_u (local.get $i) (i32.const 256))))
    (loop $more
      (local.set $crc
        (i32.load
          (i32.add (local.get $tables) (i32.shl (i32.sub (local.get $i) (i32.const 256)) (i32.const 2)))))
      (i32.store
        (i32.add (local.get $tables) (i32.shl (local.get $i) (i32.const 2)))
        (i32.xor
          (i32.shr_u (local.get $crc) (i32.const 8))
          (i32.load
            (i32.add
              (local.get $tables)
              (i32.shl (i32.and (local.get $crc) (i32.const 0xff)) (i32.const 2))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $i) (i32.const 4096)))))

  ;; CRC-32C goes on with what lies from $pos to $end, 16 bytes at a time ("slicing-by-16", after Kounavis and Berry, 2005).
  (func (export "crc32c") (param $tables i32) (param $pos i32) (param $end i32) (param $crc i32) (result i32)
    (local $a i32)
    (local $b i32)
    (local $c i32)
    (local $d i32)
    (block $tail
      (loop $blocks
        (br_if $tail (i32.lt_u (i32.sub (local.get $end) (local.get $pos)) (i32.const 16)))
        (local.set $a (i32.xor (i32.load align=1 (local.get $pos)) (local.get $crc)))
        (local.set $b (i32.load offset=4 align=1 (local.get $pos)))
        (local.set $c (i32.load offset=8 align=1 (local.get $pos)))
        (local.set $d (i32.load offset=12 align=1 (local.get $pos)))
        (local.set $crc
            (i32.xor
              (i32.xor
              (i32.xor
              (i32.xor
              (i32.load offset=15360
                (i32.add (local.get $tables) (i32.and (i32.shl (local.get $a) (i32.const 2)) (i32.const 0x3fc))))
              (i32.load offset=14336
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $a) (i32.const 6)) (i32.const 0x3fc)))))
              (i32.xor
              (i32.load offset=13312
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $a) (i32.const 14)) (i32.const 0x3fc))))
              (i32.load offset=12288
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $a) (i32.const 22)) (i32.const 0x3fc))))))
              (i32.xor
              (i32.xor
              (i32.load offset=11264
                (i32.add (local.get $tables) (i32.and (i32.shl (local.get $b) (i32.const 2)) (i32.const 0x3fc))))
              (i32.load offset=10240
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $b) (i32.const 6)) (i32.const 0x3fc)))))
              (i32.xor
              (i32.load offset=9216
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $b) (i32.const 14)) (i32.const 0x3fc))))
              (i32.load offset=8192
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $b) (i32.const 22)) (i32.const 0x3fc)))))))
              (i32.xor
              (i32.xor
              (i32.xor
              (i32.load offset=7168
                (i32.add (local.get $tables) (i32.and (i32.shl (local.get $c) (i32.const 2)) (i32.const 0x3fc))))
              (i32.load offset=6144
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $c) (i32.const 6)) (i32.const 0x3fc)))))
              (i32.xor
              (i32.load offset=5120
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $c) (i32.const 14)) (i32.const 0x3fc))))
              (i32.load offset=4096
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $c) (i32.const 22)) (i32.const 0x3fc))))))
              (i32.xor
              (i32.xor
              (i32.load offset=3072
                (i32.add (local.get $tables) (i32.and (i32.shl (local.get $d) (i32.const 2)) (i32.const 0x3fc))))
              (i32.load offset=2048
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $d) (i32.const 6)) (i32.const 0x3fc)))))
              (i32.xor
              (i32.load offset=1024
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $d) (i32.const 14)) (i32.const 0x3fc))))
              (i32.load offset=0
                (i32.add (local.get $tables) (i32.and (i32.shr_u (local.get $d) (i32.const 22)) (i32.const 0x3fc)))))))))
        (local.set $pos (i32.add (local.get $pos) (i32.const 16)))
        (br $blocks)))
    (loop $bytes
      (if (i32.lt_u (local.get $pos) (local.get $end))
        (then
          (local.set $crc
            (i32.xor
              (i32.shr_u (local.get $crc) (i32.const 8))
              (i32.load
                (i32.add
                  (local.get $tables)
                  (i32.shl
                    (i32.and (i32.xor (local.get $crc) (i32.load8_u (local.get $pos))) (i32.const 0xff))
                    (i32.const 2))))))
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (br $bytes))))
    (local.get $crc))
)
