uniffi::setup_scaffolding!();

fn number(n: i64) -> i64 {
    if n < 2 { n } else { number(n - 1) + number(n - 2) }
}

#[uniffi::export]
fn fibonacci(n: i64) -> i64 {
    number(n)
}
