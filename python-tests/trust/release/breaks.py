"""Breaks each thing that a row looks at, in a copy, and shows that the row fails."""

import sys

from trust.breaks import Break, main
from trust.release import checks

WORKFLOW = ".github/workflows/test.yml"

BREAKS = [
    Break(
        "versions", "a version that was forgotten", "CITATION.cff", "version: 0.1.0", "version: 0.0.9",
        "CITATION.cff 0.0.9",
    ),
    Break(
        "crate-package", "a licence that is not in the package", "crates/doubles-core/Cargo.toml",
        'readme = "README.md"\n', 'readme = "README.md"\nexclude = ["LICENSE-MIT"]\n',
        "not in the package: LICENSE-MIT",
    ),
    Break(
        "crate-suite", "a test that reads a file of the repository", "crates/doubles-core/tests/huge.rs",
        "\nuse ", '\nconst _: &str = include_str!("../../../Makefile");\nuse ', "couldn't read",
    ),
    Break(
        "crate-docs", "a feature that nobody is told of", "crates/doubles-core/Cargo.toml",
        "\n# Counting by several threads.", "\nsecret = []\n# Counting by several threads.",
        "nothing of the feature secret",
    ),
    Break(
        "crate-no-std", "std where the feature is off", "crates/doubles-core/src/lib.rs",
        "mod arch;\n", "extern crate std;\nmod arch;\n", "panic_impl",
    ),
    Break(
        "crate-msrv", "a function that the oldest Rust has not", "crates/doubles-core/src/scalar.rs",
        "/// Windows of two over bytes.",
        "/// Later.\n#[must_use]\npub fn later(text: &str) -> usize {\n    text.ceil_char_boundary(1)\n}\n\n"
        "/// Windows of two over bytes.",
        "current MSRV",
    ),
    Break(
        "wheels-3.8", "a wheel that is not of this version", "bindings/cpython/src/lib.rs",
        'env!("CARGO_PKG_VERSION")', '"0.0.9"', "doubles_cpython is 0.0.9",
    ),
    Break(
        "wheels-3.7", "a glibc later than the name of the wheel says", "python-tests/trust/release/building.py",
        '    target = f"{platform.machine()}-linux-gnu.{GLIBC}"', '    target = f"{platform.machine()}-linux-gnu.2.34"',
        "cannot repair|too-recent",
    ),
    Break(
        "wheels-abi3", "a function that is not in the stable ABI", "bindings/pyo3/src/stable.rs",
        "\nuse ", "\nunsafe extern \"C\" {\n    fn PyUnicode_New(size: isize, max: u32) -> *mut core::ffi::c_void;\n}\n"
        "#[used]\nstatic UNSTABLE: unsafe extern \"C\" fn(isize, u32) -> *mut core::ffi::c_void = PyUnicode_New;\nuse ",
        "PyUnicode_New",
    ),
    Break(
        "wheels-described", "no description", "bindings/cpython/pyproject.toml", 'readme = "README.md"\n', "",
        "long_description",
    ),
    Break(
        "sdist-pyo3", "a stub looked for where a source distribution has it not", "bindings/pyo3/build.rs",
        '"columns.pyi"', '"python/doubles_pyo3/columns.pyi"', "the stub is in the package",
    ),
    Break(
        "sdist-cpython", "a core that is not in the source distribution", "bindings/cpython/setup.py",
        '        copy(repository / "crates" / "doubles-core", tree / "crates" / "doubles-core")\n', "", "doubles-core",
    ),
    Break(
        "sdist-lab", "a licence that is not in the source distribution", "benches/lab/pyproject.toml",
        'license-files = ["LICENSE-*"]', 'license-files = ["LICENSE-M*"]', "has no LICENSE-APACHE",
    ),
    Break(
        "lab-installed", "data that is not in the wheel", "benches/lab/pyproject.toml",
        'include = ["doubles_lab/**"]', 'include = ["doubles_lab/**/*.py"]', "schema.json|exit code",
    ),
    Break(
        "lab-walk", "templates that are not in the wheel", "benches/lab/pyproject.toml",
        'include = ["doubles_lab/**"]', 'include = ["doubles_lab/**"]\nexclude = ["**/templates/**"]', "template",
    ),
    Break(
        "hosted-actionlint", "an expression of nothing", WORKFLOW, "test-${{ github.ref }}", "test-${{ github.reff }}",
        'property "reff" is not defined',
    ),
    Break(
        "hosted-zizmor", "an action by a name that can be moved", WORKFLOW,
        "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses",
    ),
    Break(
        "hosted-schemas", "a form without a body", ".github/ISSUE_TEMPLATE/contender.yml", "body:", "bodies:", "body",
    ),
    Break("hosted-citation", "a form that is no form", "CITATION.cff", "type: software", "type: program", "software"),
]  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(BREAKS, checks, "make release-breaks", "release-check", "release"))
