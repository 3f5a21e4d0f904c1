//! Makes sure that the folder of the dashboard exists, so that a plain build works without it. Never builds it.

fn main() -> std::io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../dashboard/dist");
    std::fs::create_dir_all("../../dashboard/dist")
}
