//! Every route and parameter against the published specification, read where it lies; skipped with a message when it is absent.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
};

use ordercast_sim::binance::route::{ROUTES, SIGNATURE, Security};

fn folder() -> PathBuf {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/specs");
    env::var_os("ORDERCAST_SPECS").map_or_else(|| PathBuf::from(beside), PathBuf::from)
}

/// What the document says of one route: names of parameters, and those that must be there.
#[derive(Debug, Default)]
struct Told {
    names: BTreeSet<String>,
    needed: BTreeSet<String>,
    signed: bool,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Parameters that routes refer to, by their key: name, and whether they are needed.
fn shared(lines: &[&str]) -> BTreeMap<String, (String, bool)> {
    let mut all = BTreeMap::new();
    let begin = lines.iter().position(|l| *l == "  parameters:").unwrap();
    let mut key = String::new();
    for line in lines.iter().skip(begin + 1) {
        match indent(line) {
            0..=2 if !line.trim().is_empty() => break,
            4 => {
                key = line.trim().trim_end_matches(':').to_owned();
                all.insert(key.clone(), (String::new(), false));
            }
            6 => {
                let kept = all.get_mut(&key).unwrap();
                if let Some(name) = line.trim().strip_prefix("name: ") {
                    name.clone_into(&mut kept.0);
                }
                kept.1 |= line.trim() == "required: true";
            }
            _ => {}
        }
    }
    all
}

/// A reader for this one document, which is indented by two.
fn read(text: &str) -> BTreeMap<(String, String), Told> {
    let lines: Vec<&str> = text.lines().collect();
    let shared = shared(&lines);
    let mut all: BTreeMap<(String, String), Told> = BTreeMap::new();
    let (mut path, mut method, mut last) = (String::new(), String::new(), String::new());
    let mut inside = false;
    for line in &lines {
        let words = line.trim();
        match indent(line) {
            2 if words.starts_with('/') => words.trim_end_matches(':').clone_into(&mut path),
            2 => path.clear(),
            4 if !path.is_empty() => {
                method = words.trim_end_matches(':').to_ascii_uppercase();
                all.insert((method.clone(), path.clone()), Told::default());
                inside = false;
            }
            6 if !path.is_empty() => inside = words == "parameters:",
            8 | 10 if !path.is_empty() && inside => {
                let told = all.get_mut(&(method.clone(), path.clone())).unwrap();
                let words = words.trim_start_matches("- ");
                if let Some(at) = words.strip_prefix("$ref: '#/components/parameters/") {
                    let (name, needed) = &shared[at.trim_end_matches('\'')];
                    told.names.insert(name.clone());
                    told.signed |= name == "signature";
                    if *needed {
                        told.needed.insert(name.clone());
                    }
                } else if let Some(name) = words.strip_prefix("name: ") {
                    name.clone_into(&mut last);
                    told.names.insert(name.to_owned());
                } else if words == "required: true" {
                    told.needed.insert(last.clone());
                }
            }
            _ => {}
        }
    }
    all
}

#[test]
fn routes_and_parameters_are_as_published() {
    let file = folder().join("binance").join("spot_api-2024-10.yaml");
    let Ok(text) = fs::read_to_string(&file) else {
        println!("skipped: {} is not there (ORDERCAST_SPECS)", file.display());
        return;
    };
    let published = read(&text);
    assert!(published.len() > 100, "{} routes", published.len());
    for route in ROUTES {
        let at = (route.method.to_owned(), route.path.to_owned());
        let told = published
            .get(&at)
            .unwrap_or_else(|| panic!("{at:?} is not published"));
        for name in route.needed.iter().chain(route.allowed) {
            assert!(told.names.contains(*name), "{at:?}: {name} is not published");
        }
        let signed = route.security != Security::Open;
        assert_eq!(told.signed, signed, "{at:?}");
        for name in &told.needed {
            let known =
                route.needed.contains(&name.as_str()) || (signed && SIGNATURE.contains(&name.as_str()));
            assert!(known, "{at:?}: {name} must be there by the document");
        }
    }
}
