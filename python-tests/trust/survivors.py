"""Changes to the core that no test can notice, each with the reason."""

from __future__ import annotations

SPEED = "which of two ways counts the same; they differ in speed"
ALIGNED = "loads may start at any address; starting at a line is faster"
PREFETCHED = "a prefetch is a hint: what is not in the cache is waited for"
DISJOINT = "no bit is set in both"
KINDS = "the slower way, for text of any characters, counts the same"
HAS_VBMI = "a CPU with VBMI has the instructions; one without would stop at them, and show it in every test"
ROOM = "more room is made, or less, for what may come; where that is not enough, more is made later"

PREFETCH = "unsafe { _mm_prefetch::<_MM_HINT_T0>(ptr.wrapping_add(line * LINE).cast()) };"
CROSSES = "if V::BYTES >= LINE { i % 2 == 1 } else { ((i + 1) * V::BYTES).is_multiple_of(LINE) }"
PLACES = "byte(0) | byte(len / 2) | byte(len - 1)"

FIND_KERNEL = "find_kernel.rs"
HAS_IN_STEPS = "let step = UNROLL * V::BYTES;"
LOCATE_WHOLE = "let whole = (haystack.len() / W).saturating_sub(1) / MARK;"
LOCATE_ROOM = "while i < whole && positions.len() - found >= MARK + MORE {"
SHIFTED = "let shifted = mark << 1 | u64::from(equals_before);"
PREFETCHES = "prefetch(here.wrapping_add(PREFETCH), UNROLL * V::BYTES);"

FIND = "find.rs"
IN_BLOCKS = "while self.marker.len() > BLOCK {"
ROOM_FOR_BLOCK = "if positions.capacity() - positions.len() < BLOCK {"
ROOM_FOR_MARKS = "if positions.capacity() - positions.len() < marks.len() * MARK + MORE {"
MORE_IN_BLOCKS = "let more = more(positions.len() - before, self.marker.at - looked_at, self.marker.len());"
MORE_BY_MARKS = "let more = more(positions.len() - before, start - looked_at, self.marker.len());"
ROOM_FOR_RUNS = "if runs.capacity() - runs.len() < pairs.len() {"
MORE_RUNS = "reserve(runs, pairs.len(), more(runs.len() - before, seen, self.marker.len()))?;"
EDGES = "let mut edges = [MaybeUninit::uninit(); 1 + BLOCK + MORE];"

STREAM = "stream.rs"
FILE = "file.rs"
LAST_OF_PLACE = "while at < end || (unit == Unit::Characters && at < end + 3) {"

AVX512 = "arch/avx512.rs"

#: By file, by the line as it stands, and by what cargo-mutants makes of it.
REASONS: dict[tuple[str, str, str], str] = {
    ("kernel.rs", "pub(crate) const PREFETCH_FROM: usize = 256 << 10;", "replace << with >>"): SPEED,
    ("kernel.rs", "if bytes <= 2 * V::BYTES {", "replace * with + in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace * with + in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace + with - in count_elements"): SPEED,
    ("kernel.rs", "if bytes >= LINE + (UNROLL + 1) * V::BYTES {", "replace + with * in count_elements"): SPEED,
    ("kernel.rs", "while at < unaligned {", "replace < with == in count_elements"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with > in count_elements"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with <= in count_elements"): ALIGNED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with == in count_steps"): SPEED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with > in count_steps"): SPEED,
    ("kernel.rs", "if length < PREFETCH_FROM {", "replace < with <= in count_steps"): SPEED,
    # A vector is loaded, or made of two that are.
    ("kernel.rs", CROSSES, "replace crosses_line -> bool with true"): SPEED,
    ("kernel.rs", CROSSES, "replace crosses_line -> bool with false"): SPEED,
    ("kernel.rs", CROSSES, "replace >= with < in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace == with != in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace % with / in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace % with + in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace * with + in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace * with / in crosses_line"): SPEED,
    ("kernel.rs", CROSSES, "replace + with * in crosses_line"): SPEED,
    ("kernel.rs", '#[cfg(target_arch = "x86_64")]', "replace prefetch with ()"): PREFETCHED,
    ("kernel.rs", "for line in 0..bytes / LINE {", "replace / with % in prefetch"): PREFETCHED,
    ("kernel.rs", "for line in 0..bytes / LINE {", "replace / with * in prefetch"): PREFETCHED,
    ("kernel.rs", PREFETCH, "replace * with + in prefetch"): PREFETCHED,
    ("kernel.rs", PREFETCH, "replace * with / in prefetch"): PREFETCHED,
    # From which length on the start is counted up to an aligned line; there is enough to read with each of them.
    ("kernel.rs", "let step = UNROLL * V::BYTES;", "replace * with + in count_chars_long"): ALIGNED,
    ("kernel.rs", "let step = UNROLL * V::BYTES;", "replace * with / in count_chars_long"): ALIGNED,
    ("kernel.rs", "if bytes.len() >= LINE + step + reach::<V>() {", "replace + with - in count_chars_long"): ALIGNED,
    ("kernel.rs", "if bytes.len() >= LINE + step + reach::<V>() {", "replace + with * in count_chars_long"): ALIGNED,
    ("kernel.rs", "at = unaligned % V::BYTES;", "replace % with / in count_chars_long"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with == in count_chars_long"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with > in count_chars_long"): ALIGNED,
    ("kernel.rs", "while at < unaligned {", "replace < with <= in count_chars_long"): ALIGNED,
    # One vector more is counted before those of the end, of which it is the first.
    ("kernel.rs", "while at + END * V::BYTES < bytes.len() {", "replace < with <= in count_chars_long"): SPEED,
    # More is left to the end than needs be.
    ("kernel.rs", "V::BYTES + LOOKAHEAD", "replace + with * in reach"): SPEED,
    ("kernel.rs", "unsafe {", "replace Text<V, N, LAST>::has_two_byte_chars -> bool with true"): KINDS,
    # Without characters of two bytes, or of three, there are none to choose between.
    ("kernel.rs", "if TWO && THREE {", "replace && with || in Text<V, N, LAST>::equal_chars"): KINDS,
    # What is not looked at in steps, or by vectors, is looked at by what comes after them.
    (FIND_KERNEL, "let bytes = (haystack.len() / W).saturating_sub(1) * W;", "replace / with % in has_elements"): SPEED,
    (FIND_KERNEL, "if bytes < V::BYTES {", "replace < with <= in has_elements"): SPEED,
    (FIND_KERNEL, "if bytes >= LINE + V::BYTES {", "replace + with * in has_elements"): SPEED,
    (FIND_KERNEL, "if haystack.len() >= LINE + reach::<V>() {", "replace + with * in has_chars"): SPEED,
    (FIND_KERNEL, "while at + V::BYTES + reach::<V>() <= haystack.len() {", "replace + with * in has_chars"): SPEED,
    (FIND_KERNEL, HAS_IN_STEPS, "replace has_in_steps -> (bool, usize) with (false, 0)"): SPEED,
    (FIND_KERNEL, "let length = length / step * step;", "replace * with / in has_in_steps"): SPEED,
    (FIND_KERNEL, "if length < PREFETCH_FROM {", "replace < with == in has_in_steps"): SPEED,
    (FIND_KERNEL, "if length < PREFETCH_FROM {", "replace < with > in has_in_steps"): SPEED,
    (FIND_KERNEL, "if length < PREFETCH_FROM {", "replace < with <= in has_in_steps"): SPEED,
    (FIND_KERNEL, PREFETCHES, "replace * with + in has_in_streams"): PREFETCHED,
    (FIND_KERNEL, PREFETCHES, "replace * with / in has_in_streams"): PREFETCHED,
    # What is not marked by vectors is marked by the scalar loop.
    (FIND_KERNEL, "let pairs = (haystack.len() / W).saturating_sub(1);", "replace / with % in mark_elements"): SPEED,
    # What is not located without marks is marked first.
    (FIND_KERNEL, LOCATE_WHOLE, "replace locate_elements -> (usize, usize) with (0, 0)"): SPEED,
    (FIND_KERNEL, LOCATE_WHOLE, "replace locate_elements -> (usize, usize) with (0, 1)"): SPEED,
    (FIND_KERNEL, LOCATE_WHOLE, "replace / with % in locate_elements"): SPEED,
    (FIND_KERNEL, LOCATE_ROOM, "replace < with > in locate_elements"): SPEED,
    (FIND_KERNEL, LOCATE_ROOM, "replace >= with < in locate_elements"): SPEED,
    (FIND_KERNEL, LOCATE_ROOM, "replace + with * in locate_elements"): SPEED,
    (FIND_KERNEL, SHIFTED, "replace | with ^ in locate_elements"): DISJOINT,
    # What is not taken two at a time is taken one by one; what is not located as it is compared is marked first.
    (
        FIND,
        "let two = self.places[..self.filled].get(self.next..self.next + 2)?;",
        "replace Places::next_two -> Option<(usize, usize)> with None",
    ): SPEED,
    (FIND, IN_BLOCKS, "replace > with >= in Find<'_>::append_to"): SPEED,
    (FIND, ROOM_FOR_BLOCK, "replace - with + in Find<'_>::append_to"): SPEED,
    (FIND, ROOM_FOR_BLOCK, "replace < with <= in Find<'_>::append_to"): ROOM,
    (FIND, MORE_IN_BLOCKS, "replace - with + in Find<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_MARKS, "replace < with <= in Find<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_MARKS, "replace + with * in Find<'_>::append_to"): ROOM,
    (FIND, MORE_BY_MARKS, "replace - with + in Find<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_RUNS, "replace < with == in Runs<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_RUNS, "replace < with > in Runs<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_RUNS, "replace < with <= in Runs<'_>::append_to"): ROOM,
    (FIND, ROOM_FOR_RUNS, "replace - with + in Runs<'_>::append_to"): ROOM,
    (FIND, "let seen = self.marker.at - looked_at;", "replace - with + in Runs<'_>::append_to"): ROOM,
    (FIND, MORE_RUNS, "replace - with + in Runs<'_>::append_to"): ROOM,
    (FIND, EDGES, "replace + with * in Runs<'_>::append_to"): ROOM,
    (FIND, "if haystack.len() <= short::LIMIT {", "replace <= with > in Backend::has_chars"): SPEED,
    (FIND, "if haystack.len() <= short::LIMIT {", "replace <= with > in Backend::has_unaligned"): SPEED,
    (
        FIND,
        "let equals_before = *mark << 1 | u64::from(self.goes_on);",
        "replace | with ^ in Runs<'h>::next_edges",
    ): DISJOINT,
    (
        FIND,
        "let in_last = (self.marker.at - start) % MARK;",
        "replace - with + in Runs<'h>::next_edges",
    ): "a block begins at a multiple of MARK",
    (
        STREAM,
        "let last = bytes.iter().rev().take(3).position(|byte| byte & 0xC0 != 0x80);",
        "replace unfinished -> usize with 0",
    ): SPEED,
    (FILE, "while read < self.step {", "replace < with <= in FileCounter::step_in_one_place"): SPEED,
    # What goes on with a character for longer than one can is wrong already, and was told where it began.
    (FILE, LAST_OF_PLACE, "replace < with <= in Counted::of"): SPEED,
    (FILE, LAST_OF_PLACE, "replace + with * in Counted::of"): SPEED,
    ("arch/avx2.rs", "unsafe {", "replace <impl Vector for __m256i>::any_at_least -> bool with true"): KINDS,
    ("arch/sse2.rs", "unsafe {", "replace <impl Vector for __m128i>::any_at_least -> bool with true"): KINDS,
    (
        AVX512,
        "unsafe { _mm512_cmpge_epu8_mask(self.0, _mm512_set1_epi8(LIMIT.cast_signed())) != 0 }",
        "replace <impl Vector for Register<VBMI>>::any_at_least -> bool with true",
    ): KINDS,
    (
        AVX512,
        "_ if VBMI => {",
        "replace match guard VBMI with true in <impl Vector for Register<VBMI>>::shifted",
    ): HAS_VBMI,
    (AVX512, "if !VBMI {", "delete ! in <impl Vector for Register<VBMI>>::place"): HAS_VBMI,
    (AVX512, "if !VBMI {", "delete ! in <impl Vector for Register<VBMI>>::locate"): HAS_VBMI,
    # A store more, of what is not counted, where there is room for it.
    (AVX512, "if count > 8 {", "replace > with >= in <impl Vector for Register<VBMI>>::place"): SPEED,
    (AVX512, "if count > super::MORE {", "replace > with >= in <impl Vector for Register<VBMI>>::place"): SPEED,
    (
        AVX512,
        "_ if VBMI => {",
        "replace match guard VBMI with false in <impl Vector for Register<VBMI>>::shifted",
    ): SPEED,
    (
        AVX512,
        "(lanes >> N) | (next << (64 - N))",
        "replace | with ^ in <impl Vector for Register<VBMI>>::after",
    ): DISJOINT,
    (
        AVX512,
        "(chosen & set) | (!chosen & clear)",
        "replace | with ^ in <impl Vector for Register<VBMI>>::select",
    ): DISJOINT,
    (
        "backend.rs",
        "Kind::ALL.get(usize::from(DETECTED.load(Ordering::Relaxed))).map(|kind| Self(*kind))",
        "replace Backend::known -> Option<Self> with None",
    ): "it is found anew each time, which is slower",
    (
        "arch/mod.rs",
        "unsafe { write_bits(marks, places, |mark, bit| (64 * mark) as u16 | bit as u16) }",
        "replace | with ^ in place_bits",
    ): DISJOINT,
    (
        "arch/mod.rs",
        "(0, 0)",
        "replace Finding::by_marks::none -> (usize, usize) with (0, 1)",
    ): "where nothing was looked at, nobody asks what was found",
    (
        "arch/scalar.rs",
        ".fold(0, |mark, ((a, b), at)| mark | u64::from(equal::<W, FLOAT>(a, b)) << at);",
        "replace | with ^ in mark_elements",
    ): DISJOINT,
    (
        "arch/scalar.rs",
        "*mark |= 1 << ((at - start) % 64);",
        "replace - with + in mark_chars",
    ): "what is marked begins at a multiple of 64",
    # Two or three bytes: where two of the places are one, the third has the bits of that byte, too.
    ("short.rs", PLACES, "replace | with ^ in gather"): "the same bits, of these lengths",
    ("short.rs", PLACES, "replace / with % in gather"): "the same place or the first, of these lengths",
}
