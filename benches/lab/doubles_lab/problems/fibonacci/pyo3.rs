use pyo3::prelude::*;

fn number(n: i64) -> i64 {
    if n < 2 { n } else { number(n - 1) + number(n - 2) }
}

#[pyfunction]
fn fibonacci(n: i64) -> i64 {
    number(n)
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::fibonacci;
}
