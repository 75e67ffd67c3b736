;; The scanner for bytes in the arena (arena.ts): the same grammar as skip.ts and member.ts, 16 bytes at a time.
;; It takes the straight road only. Whatever is not plain (bad JSON, a key with an escape, more than 62 levels) answers $REST,
;; and the TypeScript twin does that member again: it finds the reason, or the way.
;;
;; Bounds: positions only grow, so the functions run without a test per byte and the exported ones test at the end that
;; they have not left the record. 4 KiB of zeros close the arena: a zero byte ends strings, numbers and white space.
(module
  (import "arena" "memory" (memory 1 2048 shared))
  ;; Makes room for more entries of a table's layout, if there is any.
  (import "arena" "grow" (func $grow (param $table i32)))

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

  ;; The first byte from $pos on that is a quote, a backslash or a control character; may lie behind $end. With its second
  ;; bit flipped the quote is 0x20, so that one comparison finds it and what is below; an unsigned x < y costs twice as much.
  ;; All in one function: V8 inlines only what is hot when it optimizes, and that may be before the first long string.
  (func $plain (param $pos i32) (param $end i32) (result i32)
    (local $mask i32)
    (local $a v128)
    (local $b v128)
    (local $c v128)
    (local $d v128)
    (local $two v128)
    (local $space v128)
    (local $slash v128)
    (local.set $two (i8x16.splat (i32.const 2)))
    (local.set $space (i8x16.splat (i32.const 0x20)))
    (local.set $slash (i8x16.splat (i32.const 0x5c)))
    (loop $next
      (local.set $a (v128.load align=1 (local.get $pos)))
      (local.set $b (v128.xor (local.get $a) (local.get $two)))
      (local.set $mask
        (i8x16.bitmask
          (v128.or
            (i8x16.eq (local.get $a) (local.get $slash))
            (i8x16.eq (i8x16.min_u (local.get $b) (local.get $space)) (local.get $b)))))
      (if (local.get $mask)
        (then (return (i32.add (local.get $pos) (i32.ctz (local.get $mask))))))
      (local.set $pos (i32.add (local.get $pos) (i32.const 16)))
      (loop $long
        (local.set $a (v128.load align=1 (local.get $pos)))
        (local.set $b (v128.xor (local.get $a) (local.get $two)))
        (local.set $c (v128.load offset=16 align=1 (local.get $pos)))
        (local.set $d (v128.xor (local.get $c) (local.get $two)))
        (if (i32.eqz
              (v128.any_true
                (v128.or
                  (v128.or
                    (i8x16.eq (local.get $a) (local.get $slash))
                    (i8x16.eq (i8x16.min_u (local.get $b) (local.get $space)) (local.get $b)))
                  (v128.or
                    (i8x16.eq (local.get $c) (local.get $slash))
                    (i8x16.eq (i8x16.min_u (local.get $d) (local.get $space)) (local.get $d))))))
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

  ;; 0xff for each digit.
  (func $isDigit (param $bytes v128) (result v128)
    (local.set $bytes (i8x16.sub (local.get $bytes) (i8x16.splat (i32.const 0x30))))
    (i8x16.eq (i8x16.min_u (local.get $bytes) (i8x16.splat (i32.const 9))) (local.get $bytes)))

  ;; The position after at least one digit.
  (func $digits (param $pos i32) (result i32)
    (local $first i32)
    (local $count i32)
    (local.set $first (local.get $pos))
    (loop $next
      (local.set $count
        (i32.ctz
          (i32.xor
            (i8x16.bitmask (call $isDigit (v128.load align=1 (local.get $pos))))
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
    (if (i32.lt_u (local.get $byte) (i32.const 0x3a)) (then (return (call $shortNumber (local.get $pos)))))
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
    (local $after i32)
    (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)) (then (return (global.get $REST))))
    (local.set $after (call $plain (i32.add (local.get $pos) (i32.const 1)) (local.get $end)))
    ;; A quote and a colon.
    (if (i32.eq (i32.load16_u align=1 (local.get $after)) (i32.const 0x3a22))
      (then
        (local.set $pos (i32.add (local.get $after) (i32.const 2)))
        (if (i32.gt_u (i32.load8_u (local.get $pos)) (i32.const 0x20)) (then (return (local.get $pos))))
        (return (call $space (local.get $pos)))))
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
    (local $plain i32)
    (local $depth i32)
    (local $kinds i64)
    (loop $value
      (block $after
        (local.set $byte (i32.load8_u (local.get $pos)))
        (if (i32.eq (local.get $byte) (i32.const 0x22))
          (then
            (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
            (local.set $plain (call $plain (local.get $pos) (local.get $end)))
            (if (i32.eq (i32.load8_u (local.get $plain)) (i32.const 0x22))
              (then (local.set $pos (i32.add (local.get $plain) (i32.const 1))))
              (else
                (local.set $pos (call $string (local.get $pos) (local.get $end)))
                (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))))
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
            (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
            (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
              (then (local.set $pos (call $space (local.get $pos)))))
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
        (local.set $byte (i32.load8_u (local.get $pos)))
        (if (i32.le_u (local.get $byte) (i32.const 0x20))
          (then
            (local.set $pos (call $space (local.get $pos)))
            (local.set $byte (i32.load8_u (local.get $pos)))))
        (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
        (if (i32.eq (local.get $byte) (i32.const 0x2c))
          (then
            (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
              (then (local.set $pos (call $space (local.get $pos)))))
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

  ;; As skipValue for an integer of at most 18 digits that is written without quotes and is not -0.
  (func $integer (export "skipPlainInteger") (param $pos i32) (param $end i32) (result i32)
    (local $first i32)
    (local $after i32)
    (local $byte i32)
    (local $minus i32)
    (local.set $minus (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x2d)))
    (local.set $first (i32.add (local.get $pos) (local.get $minus)))
    ;; One bit per byte that is no digit.
    (local.set $after
      (i32.ctz
        (i32.xor
          (i32.or
            (i8x16.bitmask (call $isDigit (v128.load align=1 (local.get $first))))
            (i32.shl
              (i8x16.bitmask (call $isDigit (v128.load offset=16 align=1 (local.get $first))))
              (i32.const 16)))
          (i32.const -1))))
    (local.set $byte (i32.load8_u (i32.add (local.get $first) (local.get $after))))
    (if (i32.or
          (i32.or
            (i32.gt_u (i32.sub (local.get $after) (i32.const 1)) (i32.const 17))
            (i32.and
              (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))
              (i32.gt_u (i32.add (local.get $after) (local.get $minus)) (i32.const 1))))
          (i32.or
            (i32.eq (local.get $byte) (i32.const 0x2e))
            (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x65))))
      (then (return (global.get $REST))))
    (local.set $after (i32.add (local.get $first) (local.get $after)))
    (select (global.get $REST) (local.get $after) (i32.gt_u (local.get $after) (local.get $end))))

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
  ;; first column of a hash; then per column u32 address of its text, u32 length, u32 1 + the next column of that hash, u32 address of
  ;; the range where what is plain is stored, plus 1 for an integer, or 0.
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

  ;; Records of a topic look alike: the bytes between two values are usually those of the record before. A table remembers
  ;; these gaps as entries, with the objects that are open before and behind them (0 before the record's brace): one
  ;; comparison of 32 bytes finds that a key is the same again, instead of parsing and looking it up. What an entry was made
  ;; from is valid JSON between two values at this depth, so what is equal to it is valid too. Arrays and values are parsed.
  ;;
  ;; 16 bytes before the table: u32 where they are, u32 their end. There: u32 count of entries, u32 the entry expected next, u32 gaps
  ;; that no entry foretold, u32 how many of these are borne until the entries are forgotten; then for each entry: 32 bytes of text,
  ;; u32 mask of those that count, u32 how many, i32 column or -1, u16 depth before, u16 depth behind.
  (func $matches (param $entry i32) (param $pos i32) (param $depth i32) (result i32)
    (i32.eqz
      (i32.or
        (i32.and
          (i32.load offset=32 (local.get $entry))
          (i32.xor
            (i32.or
              (i8x16.bitmask
                (i8x16.eq (v128.load align=1 (local.get $pos)) (v128.load (local.get $entry))))
              (i32.shl
                (i8x16.bitmask
                  (i8x16.eq
                    (v128.load offset=16 align=1 (local.get $pos))
                    (v128.load offset=16 (local.get $entry))))
                (i32.const 16)))
            (i32.const -1)))
        (i32.xor (i32.load16_u offset=44 (local.get $entry)) (local.get $depth)))))

  ;; Makes the gap [$gap, $pos) an entry. A longer one than 32 bytes matches nowhere: nothing is 255 levels deep.
  (func $learn (param $entry i32) (param $gap i32) (param $pos i32) (param $column i32) (param $depths i32)
    (local $length i32)
    (local.set $length (i32.sub (local.get $pos) (local.get $gap)))
    (v128.store (local.get $entry) (v128.load align=1 (local.get $gap)))
    (v128.store offset=16 (local.get $entry) (v128.load offset=16 align=1 (local.get $gap)))
    (i32.store offset=32 (local.get $entry)
      (i32.shr_u (i32.const -1) (i32.sub (i32.const 32) (local.get $length))))
    (i32.store offset=36 (local.get $entry) (local.get $length))
    (i32.store offset=40 (local.get $entry) (local.get $column))
    (i32.store offset=44 (local.get $entry)
      (select
        (i32.const 255)
        (local.get $depths)
        (i32.gt_u (local.get $length) (i32.const 32)))))

  ;; The position after the number at $pos; most fit into the 16 bytes that are looked at at once.
  (func $shortNumber (param $pos i32) (result i32)
    (local $first i32)
    (local $digits i32)
    (local $count i32)
    (local $after i32)
    (local $byte i32)
    (local.set $first
      (i32.add (local.get $pos) (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x2d))))
    ;; One bit per byte that is no digit, and one behind them.
    (local.set $digits
      (i32.xor
        (i8x16.bitmask (call $isDigit (v128.load align=1 (local.get $first))))
        (i32.const 0x1ffff)))
    (local.set $count (i32.ctz (local.get $digits)))
    ;; None, all, or a leading zero.
    (if (i32.or
          (i32.gt_u (i32.sub (local.get $count) (i32.const 1)) (i32.const 14))
          (i32.and
            (i32.eq (i32.load8_u (local.get $first)) (i32.const 0x30))
            (i32.ne (local.get $count) (i32.const 1))))
      (then (return (call $number (local.get $pos)))))
    (local.set $after (i32.add (local.get $first) (local.get $count)))
    (local.set $byte (i32.load8_u (local.get $after)))
    (if (i32.eq (local.get $byte) (i32.const 0x2e))
      (then
        (local.set $digits
          (i32.shr_u (local.get $digits) (i32.add (local.get $count) (i32.const 1))))
        (local.set $count (i32.ctz (local.get $digits)))
        (local.set $after (i32.add (i32.add (local.get $after) (local.get $count)) (i32.const 1)))
        (if (i32.or
              (i32.eqz (local.get $count))
              (i32.gt_u (i32.sub (local.get $after) (local.get $first)) (i32.const 15)))
          (then (return (call $number (local.get $pos)))))
        (local.set $byte (i32.load8_u (local.get $after)))))
    (if (i32.eq (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x65))
      (then (return (call $number (local.get $pos)))))
    (local.get $after))

  ;; Goes to the next member that is a column; answers it, with address 0 holding where its value is; $END; or $REST. Of a column
  ;; that has a range a plain value is stored there, and it goes on.
  ;; $depth is 0 at the record's brace, 1 after a value; $entry is expected there.
  (func $members (param $table i32) (param $pos i32) (param $end i32) (param $entry i32) (param $depth i32) (result i32)
    (local $layout i32)
    (local $last i32)
    (local $gap i32)
    (local $before i32)
    (local $after i32)
    (local $byte i32)
    (local $column i32)
    (local $range i32)
    (local.set $layout (i32.load (i32.sub (local.get $table) (i32.const 16))))
    (local.set $last
      (i32.add
        (i32.add (local.get $layout) (i32.const 16))
        (i32.mul (i32.load (local.get $layout)) (i32.const 48))))
    (loop $member
      (block $found
        (block $parse
          (br_if $parse (i32.ge_u (local.get $entry) (local.get $last)))
          (if (i32.eqz (call $matches (local.get $entry) (local.get $pos) (local.get $depth)))
            (then
              ;; Perhaps the record lacks some members that others have.
              (local.set $gap (local.get $entry))
              (loop $absent
                (local.set $gap (i32.add (local.get $gap) (i32.const 48)))
                (br_if $parse (i32.ge_u (local.get $gap) (local.get $last)))
                (br_if $parse (i32.gt_u (i32.sub (local.get $gap) (local.get $entry)) (i32.const 144)))
                (br_if $absent
                  (i32.eqz (call $matches (local.get $gap) (local.get $pos) (local.get $depth)))))
              (local.set $entry (local.get $gap))))
          (local.set $pos (i32.add (local.get $pos) (i32.load offset=36 (local.get $entry))))
          (local.set $column (i32.load offset=40 (local.get $entry)))
          (local.set $depth (i32.load16_u offset=46 (local.get $entry)))
          (local.set $entry (i32.add (local.get $entry) (i32.const 48)))
          (br_if $found (i32.gt_u (i32.load8_u (local.get $pos)) (i32.const 0x20)))
          ;; White space where there was none.
          (local.set $pos (call $space (local.get $pos)))
          (br $found))
        (local.set $gap (local.get $pos))
        (local.set $before (local.get $depth))
        (loop $close
          (local.set $byte (i32.load8_u (local.get $pos)))
          (if (i32.le_u (local.get $byte) (i32.const 0x20))
            (then
              (local.set $pos (call $space (local.get $pos)))
              (local.set $byte (i32.load8_u (local.get $pos)))))
          (if (i32.eq (local.get $byte) (i32.const 0x7d))
            (then
              (if (i32.eq (local.get $depth) (i32.const 1))
                (then (return (call $closeRecord (local.get $pos) (local.get $end)))))
              (if (i32.eqz (local.get $depth)) (then (return (global.get $REST))))
              (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
              (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
              (br $close))))
        (if (i32.eqz (local.get $depth))
          (then
            (if (i32.ne (local.get $byte) (i32.const 0x7b)) (then (return (global.get $REST))))
            (local.set $depth (i32.const 1)))
          (else
            (if (i32.ne (local.get $byte) (i32.const 0x2c)) (then (return (global.get $REST))))))
        (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
        (if (i32.le_u (i32.load8_u (local.get $pos)) (i32.const 0x20))
          (then (local.set $pos (call $space (local.get $pos)))))
        (loop $key
          (if (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)) (then (return (global.get $REST))))
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (local.set $after (call $plain (local.get $pos) (local.get $end)))
          (if (i32.ne (i32.load8_u (local.get $after)) (i32.const 0x22)) (then (return (global.get $REST))))
          ;; An empty key's hash would read the quotes; TypeScript takes it.
          (if (i32.eq (local.get $after) (local.get $pos)) (then (return (global.get $REST))))
          (local.set $column (i32.const -1))
          (if (i32.eq (local.get $depth) (i32.const 1))
            (then
              (local.set $column (call $lookUp (local.get $table) (local.get $pos) (local.get $after)))))
          (local.set $pos (call $colon (i32.add (local.get $after) (i32.const 1))))
          (if (i32.lt_s (local.get $pos) (i32.const 0)) (then (return (global.get $REST))))
          (if (i32.and
                (i32.eq (i32.load8_u (local.get $pos)) (i32.const 0x7b))
                (i32.lt_s (local.get $column) (i32.const 0)))
            (then
              ;; An object with members; $value takes an empty one.
              (local.set $after (call $space (i32.add (local.get $pos) (i32.const 1))))
              (if (i32.eq (i32.load8_u (local.get $after)) (i32.const 0x22))
                (then
                  (if (i32.eq (local.get $depth) (i32.const 62)) (then (return (global.get $REST))))
                  (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
                  (local.set $pos (local.get $after))
                  (br $key))))))
        (if (i32.and
              (i32.eq (local.get $entry) (local.get $last))
              (i32.lt_u (local.get $last) (i32.load (i32.sub (local.get $table) (i32.const 12)))))
          (then
            (call $learn
              (local.get $entry)
              (local.get $gap)
              (local.get $pos)
              (local.get $column)
              (i32.or (local.get $before) (i32.shl (local.get $depth) (i32.const 16))))
            (i32.store (local.get $layout) (i32.add (i32.load (local.get $layout)) (i32.const 1)))
            (local.set $entry (i32.add (local.get $entry) (i32.const 48)))
            (local.set $last (local.get $entry)))
          (else
            (i32.store offset=8 (local.get $layout)
              (i32.add (i32.load offset=8 (local.get $layout)) (i32.const 1))))))
      ;; $pos is at a value.
      (if (i32.ge_s (local.get $column) (i32.const 0))
        (then
          (local.set $range
            (i32.load offset=524
              (i32.add (local.get $table) (i32.shl (local.get $column) (i32.const 4)))))
          (block $answer
            (block $store
              (br_if $answer (i32.eqz (local.get $range)))
              (if (i32.and (local.get $range) (i32.const 1))
                (then
                  (local.set $after (call $integer (local.get $pos) (local.get $end)))
                  (br_if $answer (i32.lt_s (local.get $after) (i32.const 0)))
                  (local.set $range (i32.sub (local.get $range) (i32.const 1)))
                  (br $store)))
              (br_if $answer (i32.ne (i32.load8_u (local.get $pos)) (i32.const 0x22)))
              (local.set $after
                (call $plain (i32.add (local.get $pos) (i32.const 1)) (local.get $end)))
              (br_if $answer (i32.ne (i32.load8_u (local.get $after)) (i32.const 0x22)))
              (br_if $answer (i32.ge_u (local.get $after) (local.get $end)))
              (local.set $after (i32.add (local.get $after) (i32.const 1))))
            (i32.store (local.get $range) (local.get $pos))
            (i32.store offset=4 (local.get $range) (local.get $after))
            (local.set $pos (local.get $after))
            (br $member))
          (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
          (i32.store offset=4 (local.get $layout) (local.get $entry))
          (i32.store (i32.const 0) (local.get $pos))
          (return (local.get $column))))
      (local.set $byte (i32.load8_u (local.get $pos)))
      (if (i32.eq (local.get $byte) (i32.const 0x22))
        (then
          (local.set $pos (i32.add (local.get $pos) (i32.const 1)))
          (local.set $after (call $plain (local.get $pos) (local.get $end)))
          (if (i32.eq (i32.load8_u (local.get $after)) (i32.const 0x22))
            (then
              (local.set $pos (i32.add (local.get $after) (i32.const 1)))
              (br_if $member (i32.le_u (local.get $pos) (local.get $end)))
              (return (global.get $REST))))
          (local.set $pos (call $string (local.get $pos) (local.get $end))))
        (else
          (local.set $pos
            (if (result i32) (i32.lt_u (local.get $byte) (i32.const 0x3a))
              (then (call $shortNumber (local.get $pos)))
              (else (call $value (local.get $pos) (local.get $end)))))))
      (br_if $member (i32.ge_s (local.get $pos) (i32.const 0)))
      (return (global.get $REST)))
    (unreachable))

  ;; The column whose key is in [$pos, $after), or -1.
  (func $lookUp (param $table i32) (param $pos i32) (param $after i32) (result i32)
    (local $length i32)
    (local.set $length (i32.sub (local.get $after) (local.get $pos)))
    (call $match
      (local.get $table)
      (i32.load16_u
        (i32.add
          (local.get $table)
          (i32.shl
            (i32.and
              (i32.add
                (i32.mul (local.get $length) (i32.const 7))
                (i32.add
                  (i32.mul (i32.load8_u (local.get $pos)) (i32.const 31))
                  (i32.mul (i32.load8_u (i32.sub (local.get $after) (i32.const 1))) (i32.const 5))))
              (i32.const 255))
            (i32.const 1))))
      (local.get $pos)
      (local.get $length)))

  ;; The first column of the record in [$pos, $end).
  (func (export "findMember") (param $table i32) (param $pos i32) (param $end i32) (result i32)
    (local $layout i32)
    (if (i32.ge_u (local.get $pos) (local.get $end)) (then (return (global.get $REST))))
    (local.set $layout (i32.load (i32.sub (local.get $table) (i32.const 16))))
    ;; What nextMember expects if TypeScript takes the first member.
    (i32.store offset=4 (local.get $layout) (i32.add (local.get $layout) (i32.const 64)))
    ;; Records look different by now: start again, and be more patient each time.
    (if (i32.gt_u (i32.load offset=8 (local.get $layout)) (i32.load offset=12 (local.get $layout)))
      (then
        (if (i32.ge_u
              (i32.add
                (i32.add (local.get $layout) (i32.const 16))
                (i32.mul (i32.load (local.get $layout)) (i32.const 48)))
              (i32.load (i32.sub (local.get $table) (i32.const 12))))
          (then
            (call $grow (local.get $table))
            (local.set $layout (i32.load (i32.sub (local.get $table) (i32.const 16))))))
        (i32.store (local.get $layout) (i32.const 0))
        (i32.store offset=8 (local.get $layout) (i32.const 0))
        (i32.store offset=12 (local.get $layout)
          (i32.or (i32.const 64) (i32.shl (i32.load offset=12 (local.get $layout)) (i32.const 1))))))
    (call $members
      (local.get $table)
      (local.get $pos)
      (local.get $end)
      (i32.add (local.get $layout) (i32.const 16))
      (i32.const 0)))

  ;; The next column, from the end of a value on.
  (func (export "nextMember") (param $table i32) (param $pos i32) (param $end i32) (result i32)
    (call $members
      (local.get $table)
      (local.get $pos)
      (local.get $end)
      (i32.load offset=4 (i32.load (i32.sub (local.get $table) (i32.const 16))))
      (i32.const 1))))
