//! A dependency earns its place: version and reason stand once, in the root's Cargo.toml.

use toml::{Table, Value};

use super::{Tree, catches, hold};

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = unreasoned(tree.text("Cargo.toml").unwrap_or_default());
    for (path, text) in tree.files() {
        let is_member =
            path == "xtask/Cargo.toml" || (path.starts_with("crates/") && path.ends_with("/Cargo.toml"));
        if let (true, Ok(manifest)) = (is_member, text.parse::<Table>()) {
            faults.extend(own_versions(&manifest).map(|name| {
                format!("{path}: {name} has a version of its own; put it into the root's Cargo.toml with its reason")
            }));
        }
    }
    faults
}

/// Outside packages in the root's table whose line ends without a reason.
fn unreasoned(root: &str) -> Vec<String> {
    let mut inside = false;
    let mut faults = Vec::new();
    for (number, line) in root.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[workspace.dependencies]";
        }
        let Some((name, value)) = line.split_once('=').filter(|_| inside && !line.starts_with('#')) else {
            continue;
        };
        let is_own = value.contains("path =");
        let reason = value
            .rsplit_once('#')
            .map(|(_, reason)| reason.trim())
            .unwrap_or_default();
        if !is_own && reason.len() < 4 {
            faults.push(format!(
                "Cargo.toml:{}: {} without a reason (`# why`)",
                number + 1,
                name.trim()
            ));
        }
    }
    faults
}

fn own_versions(manifest: &Table) -> impl Iterator<Item = &String> {
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .into_iter()
        .filter_map(|section| manifest.get(section).and_then(Value::as_table))
        .flatten()
        .filter(|(_, value)| value.get("workspace").is_none())
        .map(|(name, _)| name)
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn a_dependency_without_a_reason_is_caught() {
    let root = "[workspace.package]\nversion = \"1\"\n[workspace.dependencies]\nordercast-model = { path = \"m\" }\n\
        serde = \"1\" # wire formats\nleft-pad = \"1\"\nempty = \"1\" #\n[profile.dev]\ndebug = false\n";
    let member = "[package]\nname = 'ordercast-app'\n[dependencies]\nserde.workspace = true\nrogue = \"3\"\n";
    let tree = Tree::example(&[("Cargo.toml", root), ("crates/app/Cargo.toml", member)]);
    catches(
        faults(&tree),
        &["left-pad without", "empty without", "rogue has a version"],
    );
}
