;; The scanner for bytes in the arena (arena.ts): the same grammar as skip.ts and member.ts, 16 bytes at a time.
;; It takes the straight road only. Whatever is not plain (bad JSON, a key with an escape, more than 62 levels) answers $REST,
;; and the TypeScript twin does that member again: it finds the reason, or the way.
;;
;; Bounds: positions only grow, so the functions run without a test per byte and the exported ones test at the end that
;; they have not left the record. 4 KiB of zeros close the arena: a zero byte ends strings, numbers and white space.
(module
  (import "arena" "memory" (memory 1))

  (global $END i32 (i32.const -1))
  (global $REST i32 (i32.const -128))

  ;; The first byte from $pos on that is not white space.
  (func $space (param $pos i32) (result i32)
    (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (local.get $pos)))
      (if (i32.or
            (i32.eq (local.get $byte) (i32.const 0x20))
            (i32.or
              (i32.eq (local.get $byte) (i32.const 0x0a))
              (i32.or
                (i32.eq (local.get $byte) (i32.const 0x0d))
                (i32.eq (local.get $byte) (i32.const 0x09)))))
        (then
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (br $next))))
    (local.get $pos))

  ;; One bit per byte of the 64 from $pos on: a quote, a backslash or a control character.
  (func $block (param $pos i32) (result i64)
    (local $quotes v128)
    (local $slashes v128)
    (local $spaces v128)
    (local $bytes v128)
    (local.set $quotes (i8x16.splat (i32.const 0x22)))
    (local.set $slashes (i8x16.splat (i32.const 0x5c)))
    (local.set $spaces (i8x16.splat (i32.const 0x20)))
    (local.set $bytes (v128.load align=1 (local.get $pos)))
      (i64.extend_i32_u
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (local.get $quotes))
              (i8x16.eq (local.get $bytes) (local.get $slashes)))
            (i8x16.lt_u (local.get $bytes) (local.get $spaces)))))


    (local.set $bytes (v128.load offset=16 align=1 (local.get $pos)))
    (i64.shl
      (i64.extend_i32_u
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (local.get $quotes))
              (i8x16.eq (local.get $bytes) (local.get $slashes)))
            (i8x16.lt_u (local.get $bytes) (local.get $spaces)))))
      (i64.const 16))
    (i64.or)
    (local.set $bytes (v128.load offset=32 align=1 (local.get $pos)))
    (i64.shl
      (i64.extend_i32_u
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (local.get $quotes))
              (i8x16.eq (local.get $bytes) (local.get $slashes)))
            (i8x16.lt_u (local.get $bytes) (local.get $spaces)))))
      (i64.const 32))
    (i64.or)
    (local.set $bytes (v128.load offset=48 align=1 (local.get $pos)))
    (i64.shl
      (i64.extend_i32_u
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (local.get $quotes))
              (i8x16.eq (local.get $bytes) (local.get $slashes)))
            (i8x16.lt_u (local.get $bytes) (local.get $spaces)))))
      (i64.const 48))
    (i64.or)
  )

  ;; The first byte from $pos on that is a quote, a backslash or a control character; may lie behind $end.
  (func $plain (param $pos i32) (param $end i32) (result i32)
    (local $mask i32)
    (local $a v128)
    (local $b v128)
    (local $quotes v128)
    (local $slashes v128)
    (local $spaces v128)
    (local.set $quotes (i8x16.splat (i32.const 0x22)))
    (local.set $slashes (i8x16.splat (i32.const 0x5c)))
    (local.set $spaces (i8x16.splat (i32.const 0x20)))
    (loop $next
      (local.set $a (v128.load align=1 (local.get $pos)))
      (local.set $mask
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $a) (local.get $quotes))
              (i8x16.eq (local.get $a) (local.get $slashes)))
            (i8x16.lt_u (local.get $a) (local.get $spaces)))))
      (if (local.get $mask)
        (then (return (i32.add (local.get $pos) (i32.ctz (local.get $mask))))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 16)))
      (loop $long
        (local.set $a (v128.load align=1 (local.get $pos)))
        (local.set $b (v128.load offset=16 align=1 (local.get $pos)))
        (if (i32.eqz
              (v128.any_true
                (v128.or
                  (v128.or
                    (v128.or
                      (i8x16.eq (local.get $a) (local.get $quotes))
                      (i8x16.eq (local.get $a) (local.get $slashes)))
                    (i8x16.lt_u (local.get $a) (local.get $spaces)))
                  (v128.or
                    (v128.or
                      (i8x16.eq (local.get $b) (local.get $quotes))
                      (i8x16.eq (local.get $b) (local.get $slashes)))
                    (i8x16.lt_u (local.get $b) (local.get $spaces))))))
          (then
            (local.set $pos (i32.add (local.get $pos) (i32.const 32)))
            (br_if $long (i32.lt_u (local.get $pos) (local.get $end)))
            (return (local.get $pos)))))
      (br $next))
    (unreachable))

  ;; The position after the closing quote of the string that begins before $pos.
  (func $string (param $pos i32) (param $end i32) (result i32)
    (local $byte i32)
    (loop $next
      (local.set $pos (call $plain (local.get $pos) (local.get $end)))
      (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
      (local.set $byte (i32.load8_u (local.get $pos)))
      (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $pos))))
      (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (global.get $REST))))
      (local.set $pos (call $escape (local.get $pos)))
      (br_if $next (i32.ge_s (local.get $pos) (i32.const 0))))
    (global.get $REST))

  ;; The position after the escape whose backslash is before $pos.
  (func $escape (param $pos i32) (result i32)
    (local $byte i32)
    (local $last i32)
    (local.set $byte (i32.load8_u (local.get $pos)))
    (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
    (if (i32.eq (local.get $byte) (i32.const 0x75))
      (then
        (local.set $last (i32.add (local.get $pos) (i32.const 4)))
        (loop $digit
          (local.set $byte (i32.load8_u (local.get $pos)))
          (if (i32.and
                (i32.gt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 9))
                (i32.gt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 5)))
            (then (return (global.get $REST))))
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (br_if $digit (i32.lt_u (local.get $pos) (local.get $last))))
        (return (local.get $pos))))
    ;; " \ / b f n r t
    (if (i32.or
          (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x22)) (i32.eq (local.get $byte) (i32.const 0x5c)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x2f)) (i32.eq (local.get $byte) (i32.const 0x62))))
          (i32.or
            (i32.or (i32.eq (local.get $byte) (i32.const 0x66)) (i32.eq (local.get $byte) (i32.const 0x6e)))
            (i32.or (i32.eq (local.get $byte) (i32.const 0x72)) (i32.eq (local.get $byte) (i32.const 0x74)))))
      (then (return (local.get $pos))))
    (global.get $REST))

  ;; The position after at least one digit.
  (func $digits (param $pos i32) (result i32)
    (local $first i32)
    (local $count i32)
    (local.set $first (local.get $pos))
    (loop $next
      (local.set $count
        (i32.ctz
          (i32.xor
            (i8x16.bitmask
              (i8x16.lt_u
                (i8x16.sub
                  (v128.load align=1 (local.get $pos))
                  (v128.const i8x16 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30))
                (v128.const i8x16 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10 10)))
            (i32.const 0x1ffff))))
      (local.set $pos (i32.add (local.get $pos) (local.get $count)))
      (br_if $next (i32.eq (local.get $count) (i32.const 16))))
    (select (global.get $REST) (local.get $pos) (i32.eq (local.get $pos) (local.get $first))))

  (func $number (param $pos i32) (result i32)
    (local $byte i32)
    (local.set $pos (i32.add (local.get $pos) (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x2d))))
    (if (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x30))
      (then (local.set $pos (i32.add (local.get $pos) (i32.const 1))))
      (else
        (local.set $pos (call $digits (local.get $pos)))
        (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))))
    (local.set $byte (i32.load8_u (local.get $pos)))
    (if (i32.eq (local.get $byte) (i32.const 0x2e))
      (then
        (local.set $pos (call $digits (i32.add (local.get $pos) (i32.const 1))))
        (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))
        (local.set $byte (i32.load8_u (local.get $pos)))))
    (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x65))
      (then
        (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
        (local.set $byte (i32.load8_u (local.get $pos)))
        (local.set $pos
          (call $digits
            (i32.add (local.get $pos)
              (i32.or (i32.eq (local.get $byte) (i32.const 0x2b)) (i32.eq (local.get $byte) (i32.const 0x2d))))))))
    (local.get $pos))

  ;; A number, true, false or null.
  (func $scalar (param $pos i32) (result i32)
    (local $byte i32)
    (local $word i32)
    (local.set $byte (i32.load8_u (local.get $pos)))
    (if (i32.lt_u (local.get $byte) (i32.const 0x3a)) (then (return (call $number (local.get $pos)))))
    (local.set $word (i32.load align=1 (local.get $pos)))
    (if (i32.or
          (i32.eq (local.get $word) (i32.const 0x65757274))
          (i32.eq (local.get $word) (i32.const 0x6c6c756e)))
      (then (return (i32.add (local.get $pos) (i32.const 4)))))
    (if (i32.and
          (i32.eq (local.get $byte) (i32.const 0x66))
          (i32.eq (i32.load offset=1 align=1 (local.get $pos)) (i32.const 0x65736c61)))
      (then (return (i32.add (local.get $pos) (i32.const 5)))))
    (global.get $REST))

  ;; The position of the value of the member whose key is at $pos.
  (func $key (param $pos i32) (param $end i32) (result i32)
    (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)) (then (return (global.get $REST))))
    (local.set $pos (call $string (i32.add (local.get $pos) (i32.const 1)) (local.get $end)))
    (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))
    (call $colon (local.get $pos)))

  (func $colon (param $pos i32) (result i32)
    (local.set $pos (call $space (local.get $pos)))
    (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x3a)) (then (return (global.get $REST))))
    (call $space (i32.add (local.get $pos) (i32.const 1))))

  ;; The position after the value at $pos. $kinds has one bit per open container, the innermost lowest: 1 is an object.
  (func $value (param $pos i32) (param $end i32) (result i32)
    (local $byte i32)
    (local $depth i32)
    (local $kinds i64)
    (loop $value
      (block $after
        (local.set $byte (i32.load8_u (local.get $pos)))
        (if (i32.eq (local.get $byte) (i32.const 0x22))
          (then
            (local.set $pos (call $string (i32.add (local.get $pos) (i32.const 1)) (local.get $end)))
            (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))
            (br $after)))
        ;; [ and { differ in one bit.
        (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x7b))
          (then
            (if (i32.eq (local.get $depth) (i32.const 62)) (then (return (global.get $REST))))
            (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
            (local.set $kinds
              (i64.or
                (i64.shl (local.get $kinds) (i64.const 1))
                (i64.extend_i32_u (i32.eq (local.get $byte) (i32.const 0x7b)))))
            (local.set $pos (call $space (i32.add (local.get $pos) (i32.const 1))))
            ;; An empty container: its bracket closes it below.
            (br_if $after
              (i32.eq (i32.load8_u (local.get $pos)) (i32.add (local.get $byte) (i32.const 2))))
            (if (i32.eq (local.get $byte) (i32.const 0x7b))
              (then
                (local.set $pos (call $key (local.get $pos) (local.get $end)))
                (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))))
            (br $value)))
        (local.set $pos (call $scalar (local.get $pos)))
        (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST)))))
      (loop $close
        (if (i32.eqz (local.get $depth)) (then (return (local.get $pos))))
        (local.set $pos (call $space (local.get $pos)))
        (local.set $byte (i32.load8_u (local.get $pos)))
        (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
        (if (i32.eq (local.get $byte) (i32.const 0x2c))
          (then
            (local.set $pos (call $space (local.get $pos)))
            (br_if $value (i64.eqz (i64.and (local.get $kinds) (i64.const 1))))
            (local.set $pos (call $key (local.get $pos) (local.get $end)))
            (br_if $value (i32.ge_s (local.get $pos) (i32.const 0)))
            (return (global.get $REST))))
        (if (i32.ne
              (local.get $byte)
              (select (i32.const 0x7d) (i32.const 0x5d) (i32.wrap_i64 (i64.and (local.get $kinds) (i64.const 1)))))
          (then (return (global.get $REST))))
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (local.set $kinds (i64.shr_u (local.get $kinds) (i64.const 1)))
        (br $close)))
    (unreachable))

  (func (export "skipValue") (param $pos i32) (param $end i32) (result i32)
    (local.set $pos (call $value (local.get $pos) (local.get $end)))
    (select (global.get $REST) (local.get $pos) (i32.gt_s (local.get $pos) (local.get $end))))

  ;; As skipValue for the string whose opening quote is at $pos, when it has no escapes.
  (func (export "skipPlainString") (param $pos i32) (param $end i32) (result i32)
    (local.set $pos (call $plain (i32.add (local.get $pos) (i32.const 1)) (local.get $end)))
    (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
    (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)) (then (return (global.get $REST))))
    (i32.add (local.get $pos) (i32.const 1)))

  ;; $pos is at the closing brace of the record.
  (func $closeRecord (param $pos i32) (param $end i32) (result i32)
    (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
    (if (i32.eq (local.get $pos) (local.get $end)) (then (return (global.get $END))))
    (if (i32.gt_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
    ;; White space up to the end, and perhaps on into the next record.
    (select (global.get $END) (global.get $REST) (i32.ge_u (call $space (local.get $pos)) (local.get $end))))

  ;; Whether the $length bytes at $a and $b are the same.
  (func $same (param $a i32) (param $b i32) (param $length i32) (result i32)
    (local $mask i32)
    (loop $next
      (local.set $mask
        (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $a)) (v128.load align=1 (local.get $b)))))
      (if (i32.lt_u (local.get $length) (i32.const 16))
        (then
          (return
            (i32.eqz
              (i32.and
                (i32.xor (local.get $mask) (i32.const 0xffff))
                (i32.sub (i32.shl (i32.const 1) (local.get $length)) (i32.const 1)))))))
      (if (i32.ne (local.get $mask) (i32.const 0xffff)) (then (return (i32.const 0))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (local.set $length (i32.sub (local.get $length) (i32.const 16)))
      (br $next))
    (unreachable))

  ;; The column of the table whose key is the $length bytes at $pos, or -1; $entry is the first with its hash. The table (key-table.ts): 256 times u16, 1 + the
  ;; first column of a hash; then per column u32 address of its text, u32 length, u32 1 + the next column of that hash, u32 0.
  (func $match (param $table i32) (param $entry i32) (param $pos i32) (param $length i32) (result i32)
    (local $column i32)
    (loop $next
      (if (i32.eqz (local.get $entry)) (then (return (i32.const -1))))
      (local.set $column
        (i32.add
          (i32.add (local.get $table) (i32.const 496))
          (i32.shl (local.get $entry) (i32.const 4))))
      (if (i32.eq (i32.load offset=4 (local.get $column)) (local.get $length))
        (then
          (if (call $same (i32.load (local.get $column)) (local.get $pos) (local.get $length))
            (then (return (i32.sub (local.get $entry) (i32.const 1)))))))
      (local.set $entry (i32.load offset=8 (local.get $column)))
      (br $next))
    (unreachable))

  ;; $pos is where a key must begin. Answers the column, with address 0 holding where its value is; $END; or $REST.
  (func $findMember (export "findMember") (param $table i32) (param $pos i32) (param $end i32) (result i32)
    (local $after i32)
    (local $byte i32)
    (local $column i32)
    (local $entry i32)
    (local $shift i32)
    (local $base i32)
    (local $bits i64)
    (local $rest i64)
    (local.set $base (local.get $pos))
    (local.set $bits (call $block (local.get $pos)))
    (loop $member
      (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)) (then (return (global.get $REST))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
      ;; $after: the next special byte. $bits is for the 64 bytes from $base on; so most steps wait for no load.
      (local.set $shift (i32.sub (local.get $pos) (local.get $base)))
      (if (i32.gt_u (local.get $shift) (i32.const 63))
        (then
          (local.set $rest (i64.const 0)))
        (else
          (local.set $rest (i64.shr_u (local.get $bits) (i64.extend_i32_u (local.get $shift))))))
      (if (i64.eqz (local.get $rest))
        (then
          (local.set $base (local.get $pos))
          (local.set $bits (call $block (local.get $pos)))
          (local.set $rest (local.get $bits))))
      (local.set $after
        (if (result i32) (i64.eqz (local.get $rest))
          (then (call $plain (i32.add (local.get $pos) (i32.const 64)) (local.get $end)))
          (else (i32.add (local.get $pos) (i32.wrap_i64 (i64.ctz (local.get $rest)))))))
      (if (i32.ne (i32.load8_u (local.get $after)) (i32.const 0x22)) (then (return (global.get $REST))))
      ;; An empty key's hash would read the quotes; TypeScript takes it.
      (if (i32.eq (local.get $after) (local.get $pos)) (then (return (global.get $REST))))
      (local.set $entry
        (i32.load16_u
          (i32.add
            (local.get $table)
            (i32.shl
              (i32.and
                (i32.add
                  (i32.mul (i32.sub (local.get $after) (local.get $pos)) (i32.const 7))
                  (i32.add
                    (i32.mul (i32.load8_u (local.get $pos)) (i32.const 31))
                    (i32.mul (i32.load8_u (i32.sub (local.get $after) (i32.const 1))) (i32.const 5))))
                (i32.const 255))
              (i32.const 1)))))
      (local.set $column (i32.const -1))
      (if (local.get $entry)
        (then
          (local.set $column
            (call $match
              (local.get $table)
              (local.get $entry)
              (local.get $pos)
              (i32.sub (local.get $after) (local.get $pos))))))
      (local.set $pos (i32.add (local.get $after) (i32.const 1)))
      (if (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x3a))
        (then
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
            (then (local.set $pos (call $space (local.get $pos))))))
        (else
          (local.set $pos (call $colon (local.get $pos)))
          (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))))
      (if (i32.ge_s (local.get $column) (i32.const 0))
        (then
          (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
          (i32.store (i32.const 0) (local.get $pos))
          (return (local.get $column))))
      (local.set $byte (i32.load8_u (local.get $pos)))
      (block $after_value
        (if (i32.eq (local.get $byte) (i32.const 0x22))
          (then
            (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
            (local.set $shift (i32.sub (local.get $pos) (local.get $base)))
            (if (i32.gt_u (local.get $shift) (i32.const 63))
              (then
                (local.set $rest (i64.const 0)))
              (else
                (local.set $rest (i64.shr_u (local.get $bits) (i64.extend_i32_u (local.get $shift))))))
            (if (i64.eqz (local.get $rest))
              (then
                (local.set $base (local.get $pos))
                (local.set $bits (call $block (local.get $pos)))
                (local.set $rest (local.get $bits))))
            (local.set $after
              (if (result i32) (i64.eqz (local.get $rest))
                (then (call $plain (i32.add (local.get $pos) (i32.const 64)) (local.get $end)))
                (else (i32.add (local.get $pos) (i32.wrap_i64 (i64.ctz (local.get $rest)))))))
            (if (i32.eq (i32.load8_u (local.get $after)) (i32.const 0x22))
              (then
                (local.set $pos (i32.add (local.get $after) (i32.const 1)))
                (br_if $after_value (i32.le_u (local.get $pos) (local.get $end)))
                (return (global.get $REST))))
            (local.set $pos (call $string (local.get $pos) (local.get $end)))
            (br $after_value)))
        (local.set $pos
          (if (result i32) (i32.lt_u (local.get $byte) (i32.const 0x3a))
            (then (call $number (local.get $pos)))
            (else (call $value (local.get $pos) (local.get $end))))))
      (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))
      (local.set $byte (i32.load8_u (local.get $pos)))
      (if (i32.le_u (local.get $byte) (i32.const 0x20))
        (then
          (local.set $pos (call $space (local.get $pos)))
          (local.set $byte (i32.load8_u (local.get $pos)))))
      (if (i32.ne (local.get $byte) (i32.const 0x2c))
        (then
          (if (i32.eq (local.get $byte) (i32.const 0x7d))
            (then (return (call $closeRecord (local.get $pos) (local.get $end)))))
          (return (global.get $REST))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
      (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
        (then (local.set $pos (call $space (local.get $pos)))))
      (br $member))
    (unreachable))

  ;; As findMember, from the end of a value on.
  (func (export "nextMember") (param $table i32) (param $pos i32) (param $end i32) (result i32)
    (local $byte i32)
    (local.set $byte (i32.load8_u (local.get $pos)))
    (if (i32.le_u (local.get $byte) (i32.const 0x20))
      (then
        (local.set $pos (call $space (local.get $pos)))
        (local.set $byte (i32.load8_u (local.get $pos)))))
    (if (i32.eq (local.get $byte) (i32.const 0x7d))
      (then (return (call $closeRecord (local.get $pos) (local.get $end)))))
    (if (i32.ne (local.get $byte) (i32.const 0x2c)) (then (return (global.get $REST))))
    (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
    (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
      (then (local.set $pos (call $space (local.get $pos)))))
    (call $findMember (local.get $table) (local.get $pos) (local.get $end))))
