doubles-lab new total --from orders:total --example orders:prices --approach cython --approach pyo3
cat total/pyo3.rs
