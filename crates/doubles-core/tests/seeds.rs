//! What the fuzz targets do, over their seeds.

mod agree;

use std::fs;
use std::path::Path;

#[test]
fn seeds_of_the_fuzz_targets_agree() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    if package.join("Cargo.toml.orig").exists() {
        eprintln!("not replayed: the fuzz targets and their seeds are in the repository, not in the published crate");
        return;
    }
    let fuzz = package.join("fuzz");
    let mut replayed = 0;
    for target in fs::read_dir(fuzz.join("targets")).expect("the fuzz targets") {
        let target = target.expect("a target").path();
        let name = target.file_stem().expect("a name").to_str().expect("a name in UTF-8");
        let seeds = fs::read_dir(fuzz.join("seeds").join(name)).expect("seeds of every target");
        for seed in seeds {
            agree::fuzz(name, &fs::read(seed.expect("a seed").path()).expect("its bytes"));
            replayed += 1;
        }
    }
    assert!(replayed > 0);
}
