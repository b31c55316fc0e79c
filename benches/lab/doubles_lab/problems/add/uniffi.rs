uniffi::setup_scaffolding!();

#[uniffi::export]
fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}
