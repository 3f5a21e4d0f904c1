//! Which crate may see which. The map is complete: what is not in it is refused.

use toml::{Table, Value};

use super::{Tree, catches, hold};

/// A crate, what it may use, and what its tests may use beside that.
struct Arrow {
    from: &'static str,
    uses: &'static [&'static str],
    tests_use: &'static [&'static str],
}

const ARROWS: &[Arrow] = &[
    Arrow {
        from: "model",
        uses: &[],
        tests_use: &[],
    },
    Arrow {
        from: "rules",
        uses: &["model"],
        tests_use: &["testkit"],
    },
    Arrow {
        from: "adapters",
        uses: &["model"],
        tests_use: &["testkit", "sim"],
    },
    Arrow {
        from: "store",
        uses: &["model"],
        tests_use: &["testkit"],
    },
    Arrow {
        from: "app",
        uses: &["model", "rules"],
        tests_use: &["testkit"],
    },
    Arrow {
        from: "web",
        uses: &["model", "app"],
        tests_use: &["testkit"],
    },
    Arrow {
        from: "sim",
        uses: &["model"],
        tests_use: &["testkit"],
    },
    Arrow {
        from: "testkit",
        uses: &["model"],
        tests_use: &[],
    },
    Arrow {
        from: "server",
        uses: &["model", "rules", "adapters", "store", "app", "web", "sim"],
        tests_use: &["testkit"],
    },
    // A program that plays the application; nobody uses it.
    Arrow {
        from: "server-tests-sim",
        uses: &["model", "rules", "app", "testkit"],
        tests_use: &[],
    },
];

fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.files() {
        if path != "xtask/Cargo.toml" && !(path.starts_with("crates/") && path.ends_with("/Cargo.toml")) {
            continue;
        }
        match text.parse::<Table>() {
            Ok(manifest) => check_manifest(path, &manifest, &mut faults),
            Err(error) => faults.push(format!("{path}: {error}")),
        }
    }
    faults
}

fn check_manifest(path: &str, manifest: &Table, faults: &mut Vec<String>) {
    let name = manifest
        .get("package")
        .and_then(|package| package.get("name"))
        .and_then(Value::as_str);
    let name = name.unwrap_or_default();
    let folder = path.trim_start_matches("crates/").trim_end_matches("/Cargo.toml");
    let own = name.strip_prefix("ordercast-").unwrap_or(name);
    let folder = folder.replace('/', "-");
    if own != folder {
        faults.push(format!(
            "{path}: the package in folder {folder} is called {name}, not ordercast-{folder}"
        ));
    }
    let arrow = ARROWS.iter().find(|arrow| arrow.from == own);
    if arrow.is_none() && own != "xtask" {
        faults.push(format!(
            "{path}: {name} is not on the map of crates; add it to the arrows with its charter"
        ));
        return;
    }
    let (uses, tests_use) = arrow.map_or((&[][..], &[][..]), |arrow| (arrow.uses, arrow.tests_use));
    for (section, dependency) in dependencies(manifest) {
        let Some(target) = dependency.strip_prefix("ordercast-") else {
            continue;
        };
        let for_tests = section == "dev-dependencies";
        let allowed = uses.contains(&target) || (for_tests && tests_use.contains(&target));
        if !allowed {
            faults.push(format!("{path}: {own} may not use {target} ({section})"));
        }
    }
}

/// (section, package) of every dependency, those of single platforms included, renamed ones under their real name.
fn dependencies(manifest: &Table) -> Vec<(&'static str, String)> {
    let platforms = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flat_map(Table::values);
    let tables = std::iter::once(manifest).chain(platforms.filter_map(Value::as_table));
    let mut found = Vec::new();
    for table in tables {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (key, value) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
                let package = value.get("package").and_then(Value::as_str).unwrap_or(key);
                found.push((section, package.to_owned()));
            }
        }
    }
    found
}

#[test]
fn the_tree_holds_it() {
    hold(faults(&Tree::real()));
}

#[test]
fn a_broken_arrow_is_caught() {
    let rules = "[package]\nname = 'ordercast-rules'\n[dependencies]\nordercast-model.workspace = true\n\
        words = { package = 'ordercast-store', path = '../store' }\n\
        [dev-dependencies]\nordercast-testkit.workspace = true\nordercast-sim.workspace = true\n";
    let web = "[package]\nname = 'ordercast-web'\n[target.'cfg(unix)'.dependencies]\nordercast-rules.workspace = true\n\
        [build-dependencies]\nordercast-testkit.workspace = true\n";
    let extra = "[package]\nname = 'ordercast-extra'\n";
    let tree = Tree::example(&[
        ("crates/rules/Cargo.toml", rules),
        ("crates/web/Cargo.toml", web),
        ("crates/extra/Cargo.toml", extra),
        (
            "xtask/Cargo.toml",
            "[package]\nname = 'xtask'\n[dependencies]\nordercast-model.workspace = true\n",
        ),
    ]);
    let expected = [
        "rules may not use store (dependencies)",
        "rules may not use sim (dev-dependencies)",
        "web may not use rules (dependencies)",
        "web may not use testkit (build-dependencies)",
        "ordercast-extra is not on the map",
        "xtask may not use model",
    ];
    catches(faults(&tree), &expected);
}
