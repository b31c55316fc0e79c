use pyo3::exceptions::PyMemoryError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

struct Sieve {
    composite: Vec<bool>,
    n: usize,
}

impl Sieve {
    /// `None` if there is no memory.
    fn new(stop: i64) -> Option<Self> {
        let stop = usize::try_from(stop).unwrap_or(0);
        let mut composite = Vec::new();
        composite.try_reserve_exact(stop).ok()?;
        composite.resize(stop, false);
        Some(Self { composite, n: 2 })
    }
}

impl Iterator for Sieve {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let prime = self.n + self.composite.get(self.n..)?.iter().position(|composite| !composite)?;
        for multiple in (prime * prime..self.composite.len()).step_by(prime) {
            self.composite[multiple] = true;
        }
        self.n = prime + 1;
        Some(prime)
    }
}

fn sieve(stop: i64) -> PyResult<Sieve> {
    Sieve::new(stop).ok_or_else(|| PyMemoryError::new_err(()))
}

#[pyclass]
struct Primes(Sieve);

#[pymethods]
impl Primes {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<usize> {
        self.0.next()
    }
}

#[pyfunction]
fn primes(stop: i64) -> PyResult<Primes> {
    sieve(stop).map(Primes)
}

#[pyfunction]
fn primes_list(stop: i64) -> PyResult<Vec<usize>> {
    Ok(sieve(stop)?.collect())
}

#[pyclass]
struct Batches(Sieve);

#[pymethods]
impl Batches {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__(&mut self) -> Option<Vec<usize>> {
        let batch: Vec<usize> = self.0.by_ref().take(1024).collect();
        (!batch.is_empty()).then_some(batch)
    }
}

static CHAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

/// Python's own `chain` hands over the items of a list that is there.
#[pyfunction]
fn primes_batches(py: Python<'_>, stop: i64) -> PyResult<Bound<'_, PyAny>> {
    CHAIN.import(py, "itertools", "chain")?.call_method1(intern!(py, "from_iterable"), (Batches(sieve(stop)?),))
}

#[pymodule]
mod native {
    #[pymodule_export]
    use super::{primes, primes_batches, primes_list};
}
