//! AVX-512 with VBMI, whose byte permute makes a shifted vector in one instruction, and VBMI2, which packs the places of
//! bits. The rest is as in `avx512`.

use super::avx512::Register;

super::vector_backend!(Register<true>, "avx512f", "avx512bw", "avx512vbmi", "avx512vbmi2", "popcnt", "bmi1", "bmi2");
