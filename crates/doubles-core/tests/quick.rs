use doubles_core::*;
#[test]
fn quick() {
    let mut x = 1u64;
    let mut rnd = move || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        x
    };
    for n in 0..2000usize {
        let v: Vec<u8> = (0..n).map(|_| (rnd() % 3) as u8).collect();
        let s: String = (0..n).map(|_| ['a', 'b', 'é', 'ж', '中', '文', '😀', '\0'][(rnd() % 8) as usize]).collect();
        for b in Backend::available() {
            for k in 0..n.min(70) {
                assert_eq!(b.count_bytes(&v[k..]), scalar::count_pairs(&v[k..]), "{b} {n}");
            }
            let w = &v[..n / 8 * 8];
            assert_eq!(b.count_unaligned::<u16>(w), scalar::count_pairs(w.chunks(2)), "{b} {n}");
            assert_eq!(b.count_unaligned::<u32>(w), scalar::count_pairs(w.chunks(4)), "{b} {n}");
            assert_eq!(b.count_unaligned::<u64>(w), scalar::count_pairs(w.chunks(8)), "{b} {n}");
            assert_eq!(b.count_chars(&s), scalar::count_pairs(s.chars()), "{b} {n}");
        }
    }
}
