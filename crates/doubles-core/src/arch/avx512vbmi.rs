//! AVX-512 with VBMI, whose byte permute makes a shifted vector in one instruction. The rest is as in `avx512`.

use super::avx512::Register;

super::vector_backend!(Register<true>, "avx512f", "avx512bw", "avx512vbmi", "popcnt", "bmi1", "bmi2");
