//! Prints the API document: `cargo run -p ordercast-web --example openapi > crates/web/openapi.json`.
#![allow(clippy::print_stdout, reason = "its output is the document")]

fn main() -> Result<(), serde_json::Error> {
    print!("{}", ordercast_web::openapi::pretty()?);
    Ok(())
}
