#![allow(clippy::manual_strip)]

use std::cell::RefCell;

use cpython::{PyErr, PyResult, Python, exc, py_class, py_fn, py_module_initializer};

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

fn sieve(py: Python<'_>, stop: i64) -> PyResult<Sieve> {
    Sieve::new(stop).ok_or_else(|| PyErr::new::<exc::MemoryError, _>(py, ""))
}

py_class!(class Primes |py| {
    data sieve: RefCell<Sieve>;

    def __iter__(&self) -> PyResult<Self> {
        Ok(cpython::PyClone::clone_ref(self, py))
    }

    def __next__(&self) -> PyResult<Option<usize>> {
        Ok(self.sieve(py).borrow_mut().next())
    }
});

fn primes(py: Python<'_>, stop: i64) -> PyResult<Primes> {
    Primes::create_instance(py, RefCell::new(sieve(py, stop)?))
}

fn primes_list(py: Python<'_>, stop: i64) -> PyResult<Vec<usize>> {
    Ok(sieve(py, stop)?.collect())
}

py_module_initializer!(native, |py, module| {
    module.add(py, "primes", py_fn!(py, primes(stop: i64)))?;
    module.add(py, "primes_list", py_fn!(py, primes_list(stop: i64)))?;
    Ok(())
});
